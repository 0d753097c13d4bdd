"""How judgements make one judgement: Kleene's three-valued and, or; the list of gates, which fails closed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Answer, Judgement
from reconciler.rules.base import Rule


def conjunction(answers: Sequence[Answer]) -> Answer:
    """Kleene's and: NO wins, then UNKNOWN; the empty list is YES. Source: Kleene 1952, section 64."""
    if Answer.NO in answers:
        return Answer.NO
    return Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.YES


def disjunction(answers: Sequence[Answer]) -> Answer:
    """Kleene's or: YES wins, then UNKNOWN; the empty list is NO. Source: Kleene 1952, section 64."""
    if Answer.YES in answers:
        return Answer.YES
    return Answer.UNKNOWN if Answer.UNKNOWN in answers else Answer.NO


def any_of(parts: Sequence[Judgement]) -> Judgement:
    """One YES is enough. No parts: NO `emptyList`."""
    answer = disjunction([part.answer for part in parts])
    codes = {Answer.YES: "someFired", Answer.NO: "noneFired", Answer.UNKNOWN: "cannotTell"}
    return _combined("any", answer, codes[answer] if parts else "emptyList", parts)


def all_of(parts: Sequence[Judgement]) -> Judgement:
    """All must say YES. No parts: NO `emptyList`, because nothing was asked."""
    answer = conjunction([part.answer for part in parts]) if parts else Answer.NO
    codes = {Answer.YES: "allFired", Answer.NO: "notAllFired", Answer.UNKNOWN: "cannotTell"}
    return _combined("all", answer, codes[answer] if parts else "emptyList", parts)


def at_least(count: int, parts: Sequence[Judgement]) -> Judgement:
    """`count` must say YES: NO when fewer could, even if every UNKNOWN turned out YES. Nothing asked for is NO `emptyList`."""
    answers = [part.answer for part in parts]
    sure, possible = answers.count(Answer.YES), len(answers) - answers.count(Answer.NO)
    answer = Answer.YES if sure >= count else Answer.UNKNOWN if possible >= count else Answer.NO
    codes = {Answer.YES: "enoughFired", Answer.NO: "fewFired", Answer.UNKNOWN: "cannotTell"}
    if not parts or count < 1:
        return _combined("atLeast", Answer.NO, "emptyList", parts)
    combined = _combined("atLeast", answer, codes[answer], parts)
    return replace(combined, message=f"{sure} of {len(parts)} say {Answer.YES}, {count} needed; {combined.message}")


def negation(part: Judgement) -> Judgement:
    """YES when the part says NO, and the reverse. It stands alone and quotes: what did not fire is no reason by itself."""
    answers = {Answer.YES: Answer.NO, Answer.NO: Answer.YES, Answer.UNKNOWN: Answer.UNKNOWN}
    codes = {Answer.YES: "fired", Answer.NO: "didNotFire", Answer.UNKNOWN: "cannotTell"}
    message = "; ".join(f"{leaf.rule} says {leaf.answer}: {leaf.message}" for leaf in part.reasons())
    remedies = {Answer.YES: f"wait until {part.rule} no longer fires", Answer.NO: "", Answer.UNKNOWN: part.remedy}
    answer, remedy = answers[part.answer], remedies[part.answer]
    return Judgement(rule="not", answer=answer, code=codes[part.answer], message=message, remedy=remedy)


def over_windows(rule: str, windows: Sequence[Judgement]) -> Judgement:
    """One rule over adjacent windows, newest first: all must agree. The newest window that decided speaks for them."""
    answer = conjunction([window.answer for window in windows])
    decisive = [window for window in windows if window.answer is answer]
    newest = decisive[0]
    count = f"{len(decisive)} of {len(windows)} windows say {answer}, the newest: " if len(windows) > 1 else ""
    return Judgement(rule=rule, answer=answer, code=newest.code, message=count + newest.message, remedy=newest.remedy)


def together(bounds: Sequence[Judgement]) -> Judgement:
    """Several bounds of one rule (one at least): all must hold. Each tells its numbers; the worst gives code and remedy."""
    answer = conjunction([bound.answer for bound in bounds])
    worst = next(bound for bound in bounds if bound.answer is answer)
    return replace(worst, message="; ".join(bound.message for bound in bounds))


def judge_all(gates: Sequence[Rule], facts: ModelFacts, now: datetime) -> Judgement:
    """The gates together, as `all_gates` combines them."""
    return all_gates([gate.judge(facts, now) for gate in gates])


def all_gates(parts: Sequence[Judgement]) -> Judgement:
    """YES only when there is one gate at least and every one says YES."""
    if not parts:
        return Judgement(
            rule="gates",
            answer=Answer.NO,
            code="noGates",
            message="0 gates, and nothing is promoted without one",
            remedy="add a gate to the gate policy",
        )
    answer = conjunction([part.answer for part in parts])
    codes = {Answer.YES: "allPassed", Answer.NO: "gateFailed", Answer.UNKNOWN: "gateUnknown"}
    return _combined("gates", answer, codes[answer], parts)


def _combined(rule: str, answer: Answer, code: str, parts: Sequence[Judgement]) -> Judgement:
    """Who decided goes into the message, and what would change the answer into the remedy; the parts speak for themselves."""
    agreeing = [part.rule for part in parts if part.answer is answer]
    message = f"{len(agreeing)} of {len(parts)} say {answer}"
    if agreeing:
        message += f": {', '.join(agreeing)}"
    blocking = [part for part in parts if part.answer is not Answer.YES and part.remedy]
    remedy = "; ".join(dict.fromkeys(part.remedy for part in blocking)) if answer is not Answer.YES else ""
    return Judgement(rule=rule, answer=answer, code=code, message=message, remedy=remedy, parts=tuple(parts))
