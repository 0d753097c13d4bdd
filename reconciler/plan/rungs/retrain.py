"""The rung on which a trigger fires and no guard objects. Pure."""

from reconciler.domain.decisions import Decision, Retrain
from reconciler.domain.judgements import Answer, Judgement
from reconciler.plan.rungs.assessment import Assessment, hold
from reconciler.plan.situation import Situation


def retrain_is_due(situation: Situation, assessment: Assessment) -> Decision | None:
    """A trigger fires, and no guard objects or is in doubt."""
    trigger = assessment.trigger
    if trigger.answer is not Answer.YES:
        return None
    objections = [guard for guard in assessment.guards if guard.answer is not Answer.YES]
    reason = reason_of(trigger)
    if objections:
        said = "; ".join(f"{guard.rule} says {guard.answer}: {guard.message}" for guard in objections)
        return hold(situation, assessment, "guarded", f"due ({reason.rule}: {reason.message}), but {said}")
    return Retrain(
        model=situation.name,
        as_of=situation.now,
        code=reason.rule,
        message=reason.message,
        judgements=assessment.all,
    )


def reason_of(trigger: Judgement) -> Judgement:
    """The first single rule that fired: the reason that a person wants to read."""
    return next(trigger.reasons(), trigger)
