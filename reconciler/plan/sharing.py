"""When a candidate's data is pushed to where other machines can get it. Pure."""

from reconciler.domain.decisions import Decision, Retrain, Rung, Withdraw
from reconciler.domain.judgements import Answer
from reconciler.domain.names import Digest
from reconciler.domain.steps import Share
from reconciler.plan.situation import Situation, judge_gates

_STOPPED = (Rung.HELD_BY_A_PERSON, Rung.LEDGER_IS_BROKEN)


def share(decision: Decision, situation: Situation) -> list[Share]:
    """The push that the candidate needs before it may be proposed, or while a gate is in doubt.

    When the gate has made up its mind, the machine that trained may be gone. What a gate refuses is not pushed.
    """
    candidate, absent = situation.candidate, situation.facts.sharing.absent
    if candidate is None or not absent or decision.rung in _STOPPED or isinstance(decision, Retrain | Withdraw):
        return []
    gates = judge_gates(situation)
    if gates is None or gates.answer is Answer.NO:
        return []
    return [Share(model=situation.name, digest=Digest(candidate.build.digest), outputs=absent)]
