"""The rung on which a pull request is open: keep it true, close it, or wait. Pure."""

from reconciler.domain.decisions import Decision, Promote
from reconciler.domain.facts import OpenChange
from reconciler.domain.judgements import Answer
from reconciler.domain.names import short
from reconciler.plan.approval import what_it_waits_for
from reconciler.plan.rungs.assessment import Assessment, hold, objections, withdraw
from reconciler.plan.situation import Situation, barred, in_doubt, next_environment


def change_is_open(situation: Situation, assessment: Assessment) -> Decision | None:
    """One change in flight: keep its pull request true, close it when it no longer may pass, or wait."""
    for change in situation.facts.changes:
        return _follow_up(situation, assessment, change)
    return None


def _follow_up(situation: Situation, assessment: Assessment, change: OpenChange) -> Decision:
    number, candidate = change.number, situation.candidate
    if change.edited:
        message = f"people pushed to the branch of pull request #{number}; it is theirs now"
        return hold(situation, assessment, "changeEdited", message)
    if reason := barred(situation, change.digest):
        return withdraw(situation, assessment, number, *reason)
    if candidate is None or candidate.build.digest != change.digest:
        message = f"pull request #{number} proposes {short(change.digest)}, which is not the candidate any more"
        return withdraw(situation, assessment, number, "overtaken", message)
    return _follow_candidate(situation, assessment, change)


def _follow_candidate(situation: Situation, assessment: Assessment, change: OpenChange) -> Decision:
    """The pull request proposes the candidate: keep it while it is this environment's turn and the gates still pass."""
    number, gates, turn = change.number, assessment.gates, next_environment(situation)
    if turn is None:
        message = f"an environment rolled {short(change.digest)} back, so {change.environment} is not offered it"
        return withdraw(situation, assessment, number, "rolledBack", message)
    if turn != change.environment:
        message = f"pull request #{number} must not be merged now: {turn} comes before {change.environment}"
        return hold(situation, assessment, "changeOutOfTurn", message)
    if doubt := in_doubt(situation, change.digest):
        return hold(situation, assessment, doubt[0], f"pull request #{number} must not be merged now: {doubt[1]}")
    if gates is None or gates.answer is Answer.UNKNOWN:
        said = objections(gates) if gates else "no gate was judged"
        return hold(situation, assessment, "changeInDoubt", f"pull request #{number} must not be merged now: {said}")
    if gates.answer is Answer.NO:
        message = f"its evidence no longer passes the gates: {objections(gates)}"
        return withdraw(situation, assessment, number, "gatesRefuse", message)
    code, message = what_it_waits_for(situation, change, gates)
    return Promote(
        model=situation.name,
        environment=change.environment,
        digest=change.digest,
        code=code,
        message=message,
        judgements=assessment.all,
    )
