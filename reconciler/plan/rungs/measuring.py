"""Rungs on which a candidate is measured again: against another champion, or with more numbers. Pure."""

from reconciler.domain.decisions import Decision, Retrain
from reconciler.domain.evidence import Comparison, NoBaseline
from reconciler.domain.facts import Candidate
from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.known import Missing
from reconciler.domain.names import short
from reconciler.plan.rungs.assessment import Assessment
from reconciler.plan.situation import Situation, barred, guard_name, next_environment
from reconciler.rules.base import Exemptible


def baseline_moved(situation: Situation, assessment: Assessment) -> Decision | None:
    """The candidate was compared with a champion that is not live any more: measure again, on the same data.

    Training on what was known then gives the same build, so only the comparison changes.
    """
    candidate = _measurable(situation)
    if candidate is None:
        return None
    champion = situation.facts.champion
    live = champion.digest if champion else None
    match candidate.evidence.comparison:
        case Comparison(champion=compared) if compared != live:
            before = short(compared)
        case NoBaseline() if live is not None:
            before = "no release"
        case _:
            return None
    message = f"the candidate was compared with {before}, but {short(live) if live else 'no release'} is live"
    return _measure_again(situation, assessment, candidate, "baselineMoved", message)


def more_is_asked(situation: Situation, assessment: Assessment) -> Decision | None:
    """The gates ask for measurements that were not made, or not where the spec says now: make them, on the same data."""
    candidate = _measurable(situation)
    if candidate is None:
        return None
    asked = candidate.evidence.asked
    before = () if isinstance(asked, Missing) else asked
    more = sorted({key for gate in situation.gates.spec.gates for key in gate.asks()} - set(before))
    if more:
        message = f"the gates ask for {', '.join(more)}, which was not measured"
        return _measure_again(situation, assessment, candidate, "moreIsAsked", message)
    wanted, tried = situation.model.spec.serve.python or "", candidate.evidence.interpreter
    if isinstance(tried, Missing) or tried == wanted:
        return None
    message = (
        f"the package was tried in {tried or 'the environment of the training'}, spec.serve.python is {wanted or 'not given'}"
    )
    return _measure_again(situation, assessment, candidate, "moreIsAsked", message)


def _measurable(situation: Situation) -> Candidate | None:
    """The candidate, when it is one that may still be proposed."""
    candidate = situation.candidate
    if candidate is None or next_environment(situation) is None or barred(situation, candidate.build.digest):
        return None
    return candidate


def _measure_again(
    situation: Situation, assessment: Assessment, candidate: Candidate, code: str, message: str
) -> Decision | None:
    """A training on what was known then, which gives the same build: only the evidence changes."""
    if _objections_to_measuring(situation, assessment):
        return None
    return Retrain(model=situation.name, as_of=candidate.build.data.as_of, code=code, message=message, judgements=assessment.all)


def _objections_to_measuring(situation: Situation, assessment: Assessment) -> list[Judgement]:
    """Guards against noise, and the change that waits for this very comparison, need not agree to measure again.

    All others must, and none may be in doubt: it costs a training like any other.
    """
    lenient = {guard_name(guard) for guard in situation.retrain.spec.guards if isinstance(guard, Exemptible)} | {"oneChangeOpen"}
    unwilling = [guard for guard in assessment.guards if guard.answer is not Answer.YES]
    return [guard for guard in unwilling if guard.answer is Answer.UNKNOWN or guard.rule not in lenient]
