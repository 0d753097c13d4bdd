"""Guard `backoff`: after failed trainings, wait longer each time. On guard with its defaults where a policy names none."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal, Self

from pydantic import model_validator

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import OVERRIDDEN, Judgement, no, unknown, yes
from reconciler.rules.base import Rule
from reconciler.rules.fields import Duration, Share, duration_text, time_text

MOST_DOUBLINGS = 30
"""Enough to get from the shortest wait that can be written to the longest."""


class Backoff(Rule):
    """A pause after failed trainings, doubled by each further failure, lifted when Git changes what is trained."""

    type: Literal["backoff"]
    first: Duration = timedelta(hours=1)
    """After the first failure."""
    longest: Duration = timedelta(hours=24)
    """Doubling stops here."""
    jitter: Share = 0.1
    """Each wait is longer by up to this share; how much, the model's name says, so that a fleet does not try again at once."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first > self.longest:
            first, longest = duration_text(self.first), duration_text(self.longest)
            raise ValueError(f"expected first of at most longest, got {first} and {longest}")
        return self

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """YES when nothing failed, the wait is over, or since the failure Git changed or a person asked for another try."""
        history = facts.history
        failures = f"{history.failures} failed trainings since the last good one"
        if history.failures <= 0:
            return yes(self.type, "noFailures", failures)
        changed = history.failed_from.differences(facts.fingerprint) if history.failed_from else ()
        if changed:
            return yes(self.type, "changedSinceFailure", f"{failures}, but {', '.join(changed)} changed since")
        if history.last_failed_at is None:
            return unknown(self.type, "failureTimeUnknown", f"{failures}, the last at an unknown time", remedy="mend the ledger")
        wait = self.wait_after(history.failures, facts.model)
        ready = time_text(history.last_failed_at + wait)
        said = f"{failures}, the last at {time_text(history.last_failed_at)}; wait {duration_text(wait)}, until {ready}"
        if now >= history.last_failed_at + wait:
            return yes(self.type, "waitOver", said)
        for override in reversed(history.overrides):
            if override.guard == self.type and history.last_failed_at <= override.at <= now < override.until:
                return yes(self.type, OVERRIDDEN, f"{said}; {override.by} asked for another try: {override.reason}")
        again = f"perennial override {facts.model} --guard backoff --until TIME --reason WHY"
        return no(self.type, "backingOff", said, remedy=f"mend the cause, wait until {ready}, or {again}")

    def wait_after(self, failures: int, model: str) -> timedelta:
        """`first` doubled by each failure after the first, at most `longest`, and the model's jitter on top; whole seconds."""
        doubled = self.first.total_seconds() * (1 << min(failures - 1, MOST_DOUBLINGS))
        wait = min(doubled, self.longest.total_seconds())
        return timedelta(seconds=int(wait * (1 + self.jitter * share_of(model))))


def share_of(name: str) -> float:
    """A number in [0, 1) that the name stands for: the first 32 bits of its SHA-256, evenly spread over names."""
    return int.from_bytes(sha256(name.encode()).digest()[:4], "big") / 2**32
