"""Decide for one model: a ladder read top-down; the first rung that has something to say wins. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from reconciler.domain.decisions import Decision, Hold, Promote, Retrain, Rung, Withdraw
from reconciler.domain.evidence import Comparison, NoBaseline
from reconciler.domain.facts import Candidate, OpenChange
from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.known import Missing
from reconciler.domain.names import short
from reconciler.plan.approval import what_it_waits_for
from reconciler.plan.overridden import how_many_passed
from reconciler.plan.situation import (
    Situation,
    barred,
    guard_name,
    in_doubt,
    judge_gates,
    judge_guards,
    judge_trigger,
    next_environment,
)
from reconciler.rules.base import Exemptible
from reconciler.rules.fields import time_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the rules say, asked once and used by every rung."""

    gates: Judgement | None
    trigger: Judgement
    guards: tuple[Judgement, ...]

    @property
    def all(self) -> tuple[Judgement, ...]:
        """Everything that was said, in the order of the ladder."""
        return (*((self.gates,) if self.gates else ()), self.trigger, *self.guards)


Say = Callable[[Situation, Assessment], Decision | None]
"""What stands on a rung: it decides, or leaves it to those below."""


def decide(situation: Situation) -> Decision:
    """One decision for the model, with the reason and everything that the rules said."""
    trigger = judge_trigger(situation)
    assessment = Assessment(gates=judge_gates(situation), trigger=trigger, guards=judge_guards(situation, trigger))
    for rung, say in LADDER:
        decision = say(situation, assessment)
        if decision is not None:
            return replace(decision, rung=rung)
    said = (_why_not_proposed(situation, assessment), _withheld(situation), _why_not_due(assessment))
    return _hold(situation, assessment, "fresh", "; ".join(filter(None, said)))


def held_by_a_person(situation: Situation, assessment: Assessment) -> Decision | None:
    """hold.yaml stops everything until it ends."""
    note = situation.facts.hold
    if note is None or (note.until is not None and situation.now >= note.until):
        return None
    until = f" until {time_text(note.until)}" if note.until else ""
    return _hold(situation, assessment, "held", f"held by {note.owner}{until}: {note.reason}")


def ledger_is_broken(situation: Situation, assessment: Assessment) -> Decision | None:
    """Nothing is trained or proposed on a record that cannot be believed. What main says runs is published all the same."""
    broken = situation.facts.history.broken
    return _hold(situation, assessment, "ledgerBroken", broken) if broken else None


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


def change_is_open(situation: Situation, assessment: Assessment) -> Decision | None:
    """One change in flight: keep its pull request true, close it when it no longer may pass, or wait."""
    for change in situation.facts.changes:
        return _follow_up(situation, assessment, change)
    return None


def _follow_up(situation: Situation, assessment: Assessment, change: OpenChange) -> Decision:
    number, candidate = change.number, situation.candidate
    if change.edited:
        message = f"people pushed to the branch of pull request #{number}; it is theirs now"
        return _hold(situation, assessment, "changeEdited", message)
    if reason := barred(situation, change.digest):
        return _withdraw(situation, assessment, number, *reason)
    if candidate is None or candidate.build.digest != change.digest:
        message = f"pull request #{number} proposes {short(change.digest)}, which is not the candidate any more"
        return _withdraw(situation, assessment, number, "overtaken", message)
    return _follow_candidate(situation, assessment, change)


def _follow_candidate(situation: Situation, assessment: Assessment, change: OpenChange) -> Decision:
    """The pull request proposes the candidate: keep it while it is this environment's turn and the gates still pass."""
    number, gates, turn = change.number, assessment.gates, next_environment(situation)
    if turn is None:
        message = f"an environment rolled {short(change.digest)} back, so {change.environment} is not offered it"
        return _withdraw(situation, assessment, number, "rolledBack", message)
    if turn != change.environment:
        message = f"pull request #{number} must not be merged now: {turn} comes before {change.environment}"
        return _hold(situation, assessment, "changeOutOfTurn", message)
    if doubt := in_doubt(situation, change.digest):
        return _hold(situation, assessment, doubt[0], f"pull request #{number} must not be merged now: {doubt[1]}")
    if gates is None or gates.answer is Answer.UNKNOWN:
        said = _objections(gates) if gates else "no gate was judged"
        return _hold(situation, assessment, "changeInDoubt", f"pull request #{number} must not be merged now: {said}")
    if gates.answer is Answer.NO:
        message = f"its evidence no longer passes the gates: {_objections(gates)}"
        return _withdraw(situation, assessment, number, "gatesRefuse", message)
    code, message = what_it_waits_for(situation, change, gates)
    return Promote(
        model=situation.name,
        environment=change.environment,
        digest=change.digest,
        code=code,
        message=message,
        judgements=assessment.all,
    )


def candidate_waits(situation: Situation, assessment: Assessment) -> Decision | None:
    """A candidate whose gates all say YES goes to the next environment."""
    candidate, gates = situation.candidate, assessment.gates
    if candidate is None or gates is None or gates.answer is not Answer.YES:
        return None
    digest = candidate.build.digest
    environment = next_environment(situation)
    if environment is None or barred(situation, digest) or made_from_another_spec(situation):
        return None
    if doubt := in_doubt(situation, digest):
        return _hold(situation, assessment, doubt[0], f"{short(digest)} is not proposed: {doubt[1]}")
    return Promote(
        model=situation.name,
        environment=environment,
        digest=digest,
        code="gatesPassed",
        message=f"{short(digest)} {how_many_passed(gates)}",
        judgements=assessment.all,
    )


def made_from_another_spec(situation: Situation) -> bool:
    """The spec or the parameters changed after the candidate was trained, so it is not what Git asks for."""
    candidate = situation.candidate
    if candidate is None or situation.facts.runs(candidate.build.digest):
        return False
    changed = situation.facts.fingerprint.differences(candidate.build.made_from)
    return "spec" in changed or "parameters" in changed


def retrain_is_due(situation: Situation, assessment: Assessment) -> Decision | None:
    """A trigger fires, and no guard objects or is in doubt."""
    trigger = assessment.trigger
    if trigger.answer is not Answer.YES:
        return None
    objections = [guard for guard in assessment.guards if guard.answer is not Answer.YES]
    reason = _reason(trigger)
    if objections:
        said = "; ".join(f"{guard.rule} says {guard.answer}: {guard.message}" for guard in objections)
        return _hold(situation, assessment, "guarded", f"due ({reason.rule}: {reason.message}), but {said}")
    return Retrain(
        model=situation.name,
        as_of=situation.now,
        code=reason.rule,
        message=reason.message,
        judgements=assessment.all,
    )


def candidate_cannot_be_read(situation: Situation, assessment: Assessment) -> Decision | None:
    """A candidate branch that cannot be read is a person's business, not a reason to train over it."""
    match situation.facts.candidate:
        case Missing(why=why):
            return _hold(situation, assessment, "candidateUnreadable", why)
        case _:
            return None


LADDER: tuple[tuple[Rung, Say], ...] = (
    (Rung.HELD_BY_A_PERSON, held_by_a_person),
    (Rung.LEDGER_IS_BROKEN, ledger_is_broken),
    (Rung.BASELINE_MOVED, baseline_moved),
    (Rung.MORE_IS_ASKED, more_is_asked),
    (Rung.CHANGE_IS_OPEN, change_is_open),
    (Rung.CANDIDATE_CANNOT_BE_READ, candidate_cannot_be_read),
    (Rung.CANDIDATE_WAITS, candidate_waits),
    (Rung.RETRAIN_IS_DUE, retrain_is_due),
)
"""From the top; below the last rung nothing is due."""


def _reason(trigger: Judgement) -> Judgement:
    """The first single rule that fired: the reason that a person wants to read."""
    return next(trigger.reasons(), trigger)


def _objections(gates: Judgement) -> str:
    return "; ".join(f"{leaf.rule}: {leaf.message}" for leaf in gates.leaves() if leaf.answer is not Answer.YES)


def _why_not_proposed(situation: Situation, assessment: Assessment) -> str:
    """What bars a candidate whose gates all say YES; empty when nothing does, or when there is none."""
    candidate, gates = situation.candidate, assessment.gates
    if candidate is None or gates is None or gates.answer is not Answer.YES:
        return ""
    reason = barred(situation, candidate.build.digest)
    return f"{short(candidate.build.digest)} is not proposed: {reason[1]}" if reason else ""


def _withheld(situation: Situation) -> str:
    """Environments whose release is not published; empty when all that main says is proven."""
    facts = situation.facts
    found = [(environment, why) for environment in facts.environments if (why := facts.objection(environment))]
    return "; ".join(f"what main wants in {environment} is not published: {why}" for environment, why in found)


def _why_not_due(assessment: Assessment) -> str:
    unsure = [leaf for leaf in assessment.trigger.leaves() if leaf.answer is Answer.UNKNOWN]
    if unsure:
        return "no trigger fires; cannot tell: " + "; ".join(f"{leaf.rule}: {leaf.message}" for leaf in unsure)
    return "no trigger fires"


def _hold(situation: Situation, assessment: Assessment, code: str, message: str) -> Hold:
    return Hold(model=situation.name, code=code, message=message, judgements=assessment.all)


def _withdraw(situation: Situation, assessment: Assessment, number: int, code: str, message: str) -> Withdraw:
    return Withdraw(model=situation.name, number=number, code=code, message=message, judgements=assessment.all)
