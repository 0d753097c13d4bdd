"""What a reviewed override makes of the gates' answers: those set aside say YES, and tell who, why, and what they said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from reconciler.domain.facts import Candidate, ModelFacts
from reconciler.domain.judgements import OVERRIDDEN, Answer, Judgement, yes
from reconciler.domain.names import Digest, override_path, short
from reconciler.domain.overrides import ON_THE_WAY, GateOverride
from reconciler.rules.combine import all_gates
from reconciler.rules.fields import time_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What an override is held against: the candidate, what is live, and when."""

    model: str
    digest: Digest
    live: Digest | None
    now: datetime


def with_override(gates: Judgement, facts: ModelFacts, now: datetime) -> Judgement:
    """The gates with the model's override applied. One that does not count changes no answer, but is told."""
    override = facts.override
    if override is None or not any(part.rule in override.gates and part.answer is not Answer.YES for part in gates.parts):
        return gates
    subject = _subject(facts, now)
    return all_gates([_applied(part, override, subject) for part in gates.parts])


def way_with_override(way: Sequence[Judgement], facts: ModelFacts, now: datetime) -> tuple[Judgement, ...]:
    """The same for what environments ask."""
    return way_set_aside(way, facts.override, _subject(facts, now))


def way_set_aside(way: Iterable[Judgement], override: GateOverride | None, subject: Subject) -> tuple[Judgement, ...]:
    """What environments ask, with the override applied: only `soak`, `pinCandidate` and `freeze` can be set aside."""
    return tuple(_applied(part, override, subject) if override and part.rule in ON_THE_WAY else part for part in way)


def set_aside(gates: Judgement) -> tuple[str, ...]:
    """Names of the gates that an override set aside."""
    return tuple(dict.fromkeys(part.rule for part in gates.parts if part.code == OVERRIDDEN))


def how_many_passed(gates: Judgement) -> str:
    """`passed 3 of 3 gates`, and which of them only because they were set aside."""
    aside = set_aside(gates)
    passed = sum(part.code != OVERRIDDEN for part in gates.parts)
    said = f"passed {passed} of {len(gates.parts)} gates"
    return f"{said}; an override sets {', '.join(aside)} aside" if aside else said


def _subject(facts: ModelFacts, now: datetime) -> Subject:
    digest = facts.candidate.build.digest if isinstance(facts.candidate, Candidate) else Digest("none")
    return Subject(model=facts.model, digest=digest, live=facts.champion.digest if facts.champion else None, now=now)


def _applied(part: Judgement, override: GateOverride, subject: Subject) -> Judgement:
    if part.rule not in override.gates or part.answer is Answer.YES:
        return part
    if why_not := _why_not(override, subject):
        return replace(part, message=f"{part.message}; {override_path(subject.model)} does not count: {why_not}")
    who = f"set aside by {override.owner} until {time_text(override.until)}: {override.reason}"
    return yes(part.rule, OVERRIDDEN, f"{who}; by itself it says {part.answer} {part.code}: {part.message}")


def _why_not(override: GateOverride, subject: Subject) -> str:
    """Why the override does not count; empty when it does."""
    digest, live, now = subject.digest, subject.live, subject.now
    if now < override.since:
        return f"it begins at {time_text(override.since)}"
    if now >= override.until:
        return f"it ended at {time_text(override.until)}"
    if override.candidate is not None and override.candidate != digest:
        return f"it is about candidate {short(override.candidate)}, and this is {short(digest)}"
    if override.champion is not None and override.champion != live:
        return f"it is about champion {short(override.champion)}, and {short(live) if live else 'nothing'} is live"
    return ""
