"""What the forge is to show while the world is as it is: statuses, a check, comments, the dashboard. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.domain.decisions import Decision, Hold, Withdraw
from reconciler.domain.events import EventKind
from reconciler.domain.facts import OpenChange
from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.names import Revision
from reconciler.domain.notices import (
    LONGEST_DESCRIPTION,
    Comment,
    DeploymentRecord,
    DeploymentState,
    Status,
    StatusState,
)
from reconciler.domain.steps import Record, Step, Tell
from reconciler.domain.world import World
from reconciler.plan.answers import unheard
from reconciler.plan.approval import judge_approval
from reconciler.plan.gate_check import gate_check
from reconciler.plan.onward import about
from reconciler.plan.open_change import DOUBTS
from reconciler.plan.overview import dashboard_of
from reconciler.plan.rollout_view import RolloutView, rollouts_of
from reconciler.plan.situation import Situation, judge_gates
from reconciler.plan.way import objection
from reconciler.render.markdown import prose, visible
from reconciler.specs.specs import Specs

GATES, APPROVAL = "perennial/gates", "perennial/approval"
"""Contexts of the two statuses: what was measured, and who agrees."""
_STATES = {Answer.YES: StatusState.SUCCESS, Answer.NO: StatusState.FAILURE, Answer.UNKNOWN: StatusState.PENDING}


def standing(world: World, specs: Specs, situations: Mapping[str, Situation], decisions: Sequence[Decision]) -> tuple[Tell, ...]:
    """All that the forge is to show; of a forge that shows nothing but pull requests, the comments on them.

    The dashboard is about the fleet, so a plan for some models only has none.
    """
    notices = [tell for decision in decisions for tell in _about(decision, situations[decision.model], specs, shows=world.tells)]
    notices += unheard(world)
    if world.tells and len(situations) == len(specs.models):
        notices.append(Tell(model="", notice=dashboard_of(situations, decisions)))
    return tuple(notices)


def with_notices(records: Iterable[Record], situation: Situation, world: World, specs: Specs) -> Iterator[Step]:
    """The lines of the ledger, and before each one what the forge shows once of the same.

    That is a deployment where a line says what an environment runs now, and a check where one says that a gate refuses.
    """
    for record in records:
        details = record.event.details
        if world.tells and record.event.kind in (EventKind.PROMOTED, EventKind.ROLLED_BACK):
            version = str(details["version"])
            state = DeploymentState.SUCCESS if version != "none" else DeploymentState.INACTIVE
            deployment = DeploymentRecord(
                environment=str(details["environment"]),
                revision=Revision(str(details["commit"])),
                model=record.event.model,
                version=version,
                state=state,
            )
            yield Tell(model=record.event.model, notice=deployment)
        if world.tells and record.event.kind is EventKind.REFUSED:
            yield from _refusal(situation, specs)
        yield record


def _refusal(situation: Situation, specs: Specs) -> Iterator[Tell]:
    """A candidate that a gate refuses gets no pull request, so its own commit says why."""
    gates = judge_gates(situation)
    if situation.candidate and gates:
        yield Tell(model=situation.name, notice=gate_check(situation, situation.candidate.revision, gates, specs))


def _about(decision: Decision, situation: Situation, specs: Specs, *, shows: bool) -> Iterator[Tell]:
    """Of each open pull request of the model; one that is about to be closed needs no more words."""
    for change in situation.facts.changes:
        subject = about(situation, change.digest)
        if change.edited:
            yield Tell(model=situation.name, notice=_theirs(change))
        if shows and change.tip and not isinstance(decision, Withdraw):
            gates = judge_gates(subject)
            yield Tell(model=situation.name, notice=gate_status(subject, change, change.tip, decision))
            yield Tell(model=situation.name, notice=_approval_status(subject, change, change.tip, gates))
            judged = None if change.edited else gates
            yield Tell(model=situation.name, notice=gate_check(subject, change.tip, judged, specs))
    for change in situation.facts.takebacks:
        if change.edited:
            yield Tell(model=situation.name, notice=_theirs(change))
        if shows and change.tip:
            yield Tell(model=situation.name, notice=_back_status(change, change.tip))
            yield Tell(model=situation.name, notice=_agreed_back(situation, change, change.tip))
    for view in rollouts_of(situation):
        number = situation.facts.merged.get((view.environment, view.parts[-1].digest))
        if view.overdue and number is not None:
            yield Tell(model=situation.name, notice=_overdue(view, number))


def _back_status(change: OpenChange, tip: Revision) -> Status:
    """Gates said YES of what runs again before it ran, so a roll-back need not wait for them."""
    if change.edited:
        return _status(tip, GATES, StatusState.ERROR, "people pushed to this branch: it is not the roll-back that was judged")
    return _status(tip, GATES, StatusState.SUCCESS, "it goes back to a release that passed them")


def _agreed_back(situation: Situation, change: OpenChange, tip: Revision) -> Status:
    """Where the tier lets a roll-back merge itself, nobody need agree; else anybody but who opened it."""
    agree = sorted({login.lower() for login in change.approved_by} - {change.author.lower()})
    if not change.edited and situation.model.spec.rollback.merges_itself(situation.model.metadata.tier):
        return _status(tip, APPROVAL, StatusState.SUCCESS, "a roll-back merges itself here")
    if agree:
        return _status(tip, APPROVAL, StatusState.SUCCESS, f"{', '.join(agree)} approved")
    return _status(tip, APPROVAL, StatusState.PENDING, "0 of 1 approvals; nobody approved yet")


def _overdue(view: RolloutView, number: int) -> Comment:
    """On the pull request that brought the release: it waits for somebody. Once for each stage, and it does not tell the time."""
    version = view.parts[-1].version
    body = (
        f"The rollout of {prose(version)} in {prose(view.environment)} got no answer in time, at stage {view.stage} of "
        f"{view.stages}: {prose(view.now)}. It waits there, and nothing new is proposed meanwhile. Give it more of the "
        "requests or a wider margin in its policy, or revert the merge.\n"
    )
    return Comment(number=number, key=f"overdue/{view.environment}/{view.stage}", body=body)


def _theirs(change: OpenChange) -> Comment:
    who = ", ".join(change.foreign) or "Somebody"
    body = (
        f"{prose(who)} pushed to this branch, so it is yours now: Perennial does not rebuild, describe or merge it any more, "
        "and the evidence is not about these commits. Take them back, or close this pull request, to have it followed up again.\n"
    )
    return Comment(number=change.number, key="foreign", body=body)


def gate_status(subject: Situation, change: OpenChange, tip: Revision, decision: Decision) -> Status:
    """What the gates say of the commit, while its environment lets it come. One that people pushed never succeeds."""
    gates = judge_gates(subject)
    if change.edited:
        return _status(tip, GATES, StatusState.ERROR, "people pushed to this branch: the evidence is not about these commits")
    is_about_it = isinstance(decision, Hold) and decision.number in (None, change.number)
    if gates is None or (decision.code in DOUBTS and is_about_it):
        return _status(tip, GATES, StatusState.PENDING, decision.message)
    if gates.answer is Answer.YES and (stopped := objection(subject, change.environment)):
        return _status(tip, GATES, StatusState.PENDING, f"not now: {stopped.message}")
    said = "; ".join(f"{leaf.rule} {leaf.answer}" for leaf in gates.leaves() if leaf.answer is not Answer.YES)
    return _status(tip, GATES, _STATES[gates.answer], said or gates.message)


def _approval_status(situation: Situation, change: OpenChange, tip: Revision, gates: Judgement | None) -> Status:
    if change.edited or gates is None:
        return _status(tip, APPROVAL, StatusState.PENDING, "there is nothing to approve")
    said = judge_approval(situation, change, gates)
    return _status(tip, APPROVAL, StatusState.SUCCESS if said.answer is Answer.YES else StatusState.PENDING, said.message)


def _status(tip: Revision, context: str, state: StatusState, said: str) -> Status:
    text = visible(said)
    cut = text if len(text) <= LONGEST_DESCRIPTION else text[: LONGEST_DESCRIPTION - 1] + "…"
    return Status(revision=tip, context=context, state=state, description=cut)
