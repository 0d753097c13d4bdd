"""The rung on which what runs is unwell: it is taken back, or waited for after it was. Pure."""

from reconciler.domain.clusters import Deployed, Health
from reconciler.domain.decisions import Decision, RollBack
from reconciler.domain.events import EventKind
from reconciler.domain.fallbacks import Fallback
from reconciler.domain.judgements import Judgement
from reconciler.domain.known import Known, Missing
from reconciler.domain.names import short
from reconciler.plan.alarms import fires, judge_alarms
from reconciler.plan.rungs.assessment import Assessment, hold
from reconciler.plan.situation import Situation

WAITED_FOR = (Health.PROGRESSING, Health.DEGRADED)
"""Healths in which a release that was put back is not there yet."""


def live_is_unwell(situation: Situation, assessment: Assessment) -> Decision | None:
    """An alarm takes back what runs, of the environments the last one first, because most people meet that."""
    facts = situation.facts
    for environment in reversed(facts.environments):
        judged = judge_alarms(situation.model, facts, environment, situation.now)
        if (alarm := fires(judged)) is not None:
            return take_back(situation, assessment, environment, alarm, judged)
        if waiting := _put_back(situation, environment):
            return hold(situation, assessment, "restoring", waiting)
    return None


def take_back(
    situation: Situation, assessment: Assessment, environment: str, alarm: Judgement, judged: tuple[Judgement, ...]
) -> Decision:
    """Go back to what ran before, if automation may: once, to something that is proven, and not against people's will."""
    release = situation.facts.releases[environment]
    what = f"{environment} runs {release.version} ({short(release.digest)}), and {alarm.rule} says {alarm.message}"
    before = situation.facts.fallbacks.get(environment)
    if objection := _objection(situation, environment, before):
        code, why = objection
        return hold(situation, assessment, code, f"{what}; {why}")
    return RollBack(
        model=situation.name,
        environment=environment,
        digest=release.digest,
        code=alarm.code,
        message=f"{what}; {_back_to(before)}",
        judgements=(*judged, *assessment.all),
    )


def _objection(situation: Situation, environment: str, before: Known[Fallback] | None) -> tuple[str, str] | None:
    """Why automation may not take back what the environment runs: (code, words)."""
    facts = situation.facts
    number = facts.kept.get((environment, facts.releases[environment].digest))
    if number is not None:
        return "kept", f"roll-back #{number} was closed without a merge, so it stays"
    for change in facts.takebacks:
        if change.environment == environment and change.edited:
            return "changeEdited", f"people pushed to roll-back #{change.number}: it is theirs now"
    why = _no_way_back(before)
    return ("unwell", why) if why else None


def _no_way_back(before: Known[Fallback] | None) -> str:
    """Empty when there is something to go back to."""
    match before:
        case None:
            return "what ran before was not looked for"
        case Missing(why=why):
            return why
        case Fallback(restored=True):
            return "it was put back once, so what ails it is hardly the release: a person must look"
        case Fallback(release=release):
            return "" if release else "it is the first release, so a person must decide"


def _back_to(before: Known[Fallback] | None) -> str:
    release = before.release if isinstance(before, Fallback) else None
    return f"back to {release.version} ({short(release.digest)})" if release else "back to nothing"


def _put_back(situation: Situation, environment: str) -> str:
    """What a release that was put back still lacks; empty when it is well, or no cluster tells."""
    facts = situation.facts
    release, seen = facts.releases.get(environment), facts.deployed.get(environment)
    if release is None or not isinstance(seen, Deployed):
        return ""
    if f"{EventKind.ROLLED_BACK}/{environment}/{facts.introduced.get(environment)}" not in facts.history.events:
        return ""
    there = not seen.digests or release.digest in seen.digests
    if there and seen.health not in WAITED_FOR:
        return ""
    now = "is not there yet" if not there else f"is {seen.health}" + (f": {seen.message}" if seen.message else "")
    return f"{environment} was rolled back to {release.version}, which {now}"
