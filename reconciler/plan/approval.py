"""Who must agree to a promotion before it is merged: by the model's tier, or as the environment asks. Pure."""

from reconciler.domain.facts import OpenChange
from reconciler.domain.judgements import OVERRIDDEN, Judgement, no, yes
from reconciler.domain.tiers import Tier
from reconciler.plan.overridden import set_aside
from reconciler.plan.situation import Situation
from reconciler.plan.way import judge_way

RULE = "approval"


def judge_approval(situation: Situation, change: OpenChange, gates: Judgement) -> Judgement:
    """Whether the people agree who must. Whoever opened the pull request does not count, however the login is spelt."""
    tier, promotion = situation.model.metadata.tier, situation.model.promotion_to(change.environment)
    needed = _needed(situation, change, gates)
    agree = sorted({login.lower() for login in change.approved_by} - {change.author.lower()})
    if needed == 0:
        return yes(RULE, "noneNeeded", f"tier {tier} needs nobody's approval while all gates say YES by themselves")
    owners = {login.lower() for login in promotion.owners}
    if situation.model.needs_owner(change.environment) and not owners & set(agree):
        who = " or ".join(promotion.owners) or "an owner, and none is named"
        asks = f"tier {tier}" if tier is Tier.HIGH else change.environment
        return no(RULE, "ownerMissing", f"{asks} needs the approval of {who}; {_given(agree)}", f"a review by {who}")
    if len(agree) < needed:
        message = f"{len(agree)} of {needed} approvals; {_given(agree)}"
        return no(RULE, "notApproved", message, f"{needed - len(agree)} more approving reviews")
    return yes(RULE, "approved", f"{len(agree)} of {needed} approvals: {', '.join(agree)}")


def merges_itself(situation: Situation, change: OpenChange, gates: Judgement) -> bool:
    """Only tier `low`, ready, unedited, with all gates saying YES by themselves, and as many approvals as the model asks for."""
    is_ready = not (change.draft or change.edited or change.tip is None or _aside(situation, change, gates))
    if situation.model.metadata.tier is not Tier.LOW or not is_ready:
        return False
    return judge_approval(situation, change, gates).code in ("noneNeeded", "approved")


def what_it_waits_for(situation: Situation, change: OpenChange, gates: Judgement) -> tuple[str, str]:
    """Code and message of the decision to keep an open pull request whose gates say YES."""
    number, environment = change.number, change.environment
    if merges_itself(situation, change, gates):
        said = judge_approval(situation, change, gates).message
        return "mergesItself", f"pull request #{number} merges itself into {environment}: {said}"
    return "changeOpen", f"pull request #{number} waits for a merge into {environment}"


def _needed(situation: Situation, change: OpenChange, gates: Judgement) -> int:
    """What a person set aside, another one looks at: then nothing goes without an approval."""
    needed = situation.model.promotion_to(change.environment).needed(situation.model.metadata.tier)
    return max(1, needed) if _aside(situation, change, gates) else needed


def _aside(situation: Situation, change: OpenChange, gates: Judgement) -> bool:
    """A person set a gate aside, or something that the environment asks."""
    way = judge_way(situation, change.environment)
    return bool(set_aside(gates)) or any(one.code == OVERRIDDEN for one in way)


def _given(agree: list[str]) -> str:
    return f"{', '.join(agree)} approved" if agree else "nobody approved yet"
