"""What is decided for the whole fleet, sorted by what people should do about it: the lines of the dashboard. Pure."""

from collections.abc import Mapping, Sequence

from reconciler.domain.decisions import Decision, Hold, Promote, Rung
from reconciler.domain.notices import Dashboard
from reconciler.plan.approval import judge_approval
from reconciler.plan.not_now import NOT_NOW
from reconciler.plan.onward import about
from reconciler.plan.open_change import DOUBTS
from reconciler.plan.rollout_view import rollouts_of
from reconciler.plan.situation import Situation
from reconciler.render.dashboard import TITLE, Concern, Line, render_dashboard

_CONCERNS = {
    "held": Concern.HELD,
    "changeOpen": Concern.REVIEW,
    "fresh": Concern.FRESH,
    **dict.fromkeys(
        ("ledgerBroken", "candidateUnreadable", "changeEdited", "unwell", "kept", "overdue", "tooManyReleases", *DOUBTS),
        Concern.PERSON,
    ),
    NOT_NOW: Concern.WAITS,
}
"""By the code of a decision; those that are not here are due, or under way."""


def dashboard_of(situations: Mapping[str, Situation], decisions: Sequence[Decision]) -> Dashboard:
    """The issue as it should be. Nothing in it tells the time, so a fleet that stands still leaves it alone."""
    lines = [line_of(situations[decision.model], decision) for decision in decisions]
    return Dashboard(title=TITLE, body=render_dashboard(lines))


def line_of(situation: Situation, decision: Decision) -> Line:
    """Where one model stands."""
    facts = situation.facts
    return Line(
        model=situation.name,
        team=situation.model.metadata.owner,
        concern=concern_of(situation, decision),
        runs=[(name, facts.releases[name].version) for name in facts.environments if name in facts.releases],
        code=decision.code,
        message=_message(situation, decision),
        pulls=[change.number for change in facts.changes],
        turn=_turn(situation, decision),
    )


def _message(situation: Situation, decision: Decision) -> str:
    """What is decided; of a rollout that waits how far it is, because what is counted meanwhile changes with every look."""
    if decision.rung is not Rung.ROLLOUT_IS_UNDER_WAY:
        return decision.message
    return "; ".join(f"{view.environment}: stage {view.stage} of {view.stages}, {view.now}" for view in rollouts_of(situation))


def concern_of(situation: Situation, decision: Decision) -> Concern:
    """What people should do about it."""
    facts, code = situation.facts, decision.code
    withheld = any(facts.objection(environment) for environment in facts.environments)
    if code in _CONCERNS:
        return Concern.PERSON if withheld and code == "fresh" else _CONCERNS[code]
    if facts.history.failures:
        return Concern.FAILING
    return Concern.WAITS if isinstance(decision, Hold) else Concern.MOVING


def _turn(situation: Situation, decision: Decision) -> str:
    """Who is waited for."""
    hold = situation.facts.hold
    if decision.code == "held" and hold:
        return hold.owner
    if decision.code == "changeEdited":
        opened = (*situation.facts.changes, *situation.facts.takebacks)
        return ", ".join(next(change.foreign for change in opened if change.edited)) or "whoever pushed"
    if isinstance(decision, Promote) and decision.code == "changeOpen":
        subject = about(situation, decision.digest)
        change = next(one for one in situation.facts.changes if one.environment == decision.environment)
        return judge_approval(subject, change, decision.judgements[0]).message
    return situation.model.metadata.owner if concern_of(situation, decision) in (Concern.PERSON, Concern.FAILING) else ""
