"""The rung on which a pull request is open: keep it true, close it, or wait. Pure."""

from reconciler.domain.decisions import Decision, Promote
from reconciler.domain.facts import OpenChange
from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.names import short
from reconciler.plan.approval import what_it_waits_for
from reconciler.plan.not_now import NOT_NOW, is_noted
from reconciler.plan.onward import about
from reconciler.plan.rungs.assessment import Assessment, hold, objections, withdraw
from reconciler.plan.situation import Situation, barred, in_doubt, next_environment
from reconciler.plan.way import objection


def change_is_open(situation: Situation, assessment: Assessment) -> Decision | None:
    """One change in flight: keep its pull request true, close it when it no longer may pass, or wait."""
    for change in situation.facts.changes:
        subject = about(situation, change.digest)
        decision = follow_up(subject, assessment.of(subject), change)
        if decision is not None:
            return decision
    return None


def follow_up(situation: Situation, assessment: Assessment, change: OpenChange) -> Decision | None:
    """What is to be done about it; nothing while its environment lets nothing come and the pull request says so already."""
    number, candidate = change.number, situation.candidate
    if change.edited:
        message = f"people pushed to the branch of pull request #{number}; it is theirs now"
        return hold(situation, assessment, "changeEdited", message, number)
    if reason := barred(situation, change.digest):
        return withdraw(situation, assessment, number, *reason)
    if candidate is None or candidate.build.digest != change.digest:
        message = f"pull request #{number} proposes {short(change.digest)}, which is not the candidate any more"
        return withdraw(situation, assessment, number, "overtaken", message)
    return _follow_candidate(situation, assessment, change)


def _follow_candidate(situation: Situation, assessment: Assessment, change: OpenChange) -> Decision | None:
    """The pull request proposes the candidate: keep it while it is this environment's turn and the gates still pass."""
    number, gates, turn = change.number, assessment.gates, next_environment(situation)
    if turn is None:
        message = f"an environment rolled {short(change.digest)} back, so {change.environment} is not offered it"
        return withdraw(situation, assessment, number, "rolledBack", message)
    if turn != change.environment:
        message = f"pull request #{number} must not be merged now: {turn} comes before {change.environment}"
        return hold(situation, assessment, "changeOutOfTurn", message, number)
    if doubt := in_doubt(situation, change.digest):
        return hold(situation, assessment, doubt[0], f"pull request #{number} must not be merged now: {doubt[1]}", number)
    if gates is None or gates.answer is Answer.UNKNOWN:
        said = objections(gates) if gates else "no gate was judged"
        return hold(situation, assessment, "changeInDoubt", f"pull request #{number} must not be merged now: {said}", number)
    if gates.answer is Answer.NO:
        message = f"its evidence no longer passes the gates: {objections(gates)}"
        return withdraw(situation, assessment, number, "gatesRefuse", message)
    return _keep(situation, assessment, change, gates)


def _keep(situation: Situation, assessment: Assessment, change: OpenChange, gates: Judgement) -> Decision | None:
    """Its gates say YES: keep it up to date, unless its environment lets nothing come now."""
    if stopped := objection(situation, change.environment):
        message = f"pull request #{change.number} must not be merged now: {stopped.message}"
        told = is_noted(change, stopped)
        return None if told else hold(situation, assessment, NOT_NOW, message, change.number)
    code, message = what_it_waits_for(situation, change, gates)
    return Promote(
        model=situation.name,
        environment=change.environment,
        digest=change.digest,
        code=code,
        message=message,
        judgements=assessment.all,
    )
