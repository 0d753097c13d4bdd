"""Guard `freeze`: nothing is trained in these days, unless a person sets the guard aside on the record."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import OVERRIDDEN, Judgement, no, yes
from reconciler.rules.base import Rule
from reconciler.rules.fields import Time, Written, time_text


def _not_empty(windows: tuple["FreezeWindow", ...]) -> tuple["FreezeWindow", ...]:
    if not windows:
        raise ValueError("expected at least one window, not 0; leave the guard out when nothing is frozen")
    return windows


class FreezeWindow(Written):
    """From a time to another, the latter not included, and why. UTC."""

    start: Annotated[Time, Field(alias="from")]
    """It begins."""
    until: Time
    """It is over."""
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    """Why; people will read it in plans."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start >= self.until:
            raise ValueError(f"expected from before until, got {time_text(self.start)} and {time_text(self.until)}")
        return self


class Freeze(Rule):
    """No training within the windows; `perennial override MODEL --guard freeze` lifts it for one model and a time."""

    type: Literal["freeze"]
    windows: Annotated[
        tuple[FreezeWindow, ...], Field(strict=False, json_schema_extra={"minItems": 1}), AfterValidator(_not_empty)
    ]

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """YES outside of the windows, or while an override of this guard lasts."""
        within = [window for window in self.windows if window.start <= now < window.until]
        if not within:
            return yes(self.type, "notFrozen", f"now {time_text(now)} lies in 0 of {len(self.windows)} windows")
        last = max(within, key=lambda window: window.until)
        said = f"frozen from {time_text(last.start)} until {time_text(last.until)}, now {time_text(now)}: {last.reason}"
        for override in reversed(facts.history.overrides):
            if override.guard == self.type and override.at <= now < override.until:
                until = time_text(override.until)
                return yes(self.type, OVERRIDDEN, f"{said}; overridden by {override.by} until {until}: {override.reason}")
        command = f"perennial override {facts.model} --guard freeze --until TIME --reason WHY"
        return no(self.type, "frozen", said, remedy=f"wait until {time_text(last.until)}, or {command}")
