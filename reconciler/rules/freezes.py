"""Times in which nothing new is released: dated, at hours of the day, or from a cron time on; by the clock on the wall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from reconciler.rules.choices import OptionalDuration, check_exactly_one, exactly_one, not_null
from reconciler.rules.cron import Cron, Zone, last_due
from reconciler.rules.fields import Time, Written, duration_text, time_text
from reconciler.rules.hours import Hours

_TOGETHER = {"from": ["until"], "until": ["from"], "cron": ["lasts"], "lasts": ["cron"], "timezone": ["cron"]}
MOST_IN_A_ROW = 100
"""Windows that follow each other without a gap are looked through so far; what is frozen for longer is told by its next end."""

_OptionalTime = Annotated[Time | SkipJsonSchema[None], BeforeValidator(not_null)]
_OptionalHours = Annotated[Hours | SkipJsonSchema[None], BeforeValidator(not_null)]
_OptionalCron = Annotated[Cron | SkipJsonSchema[None], BeforeValidator(not_null)]
_OptionalZone = Annotated[Zone | SkipJsonSchema[None], BeforeValidator(not_null)]


def _schema() -> dict[str, Any]:
    return {**exactly_one("from", "hours", "cron"), "dependentRequired": _TOGETHER}


class ReleaseFreeze(Written):
    """Exactly one of `from`, `hours` and `cron` says when nothing new is released. Rolling back is always allowed."""

    model_config = ConfigDict(json_schema_extra=_schema())

    start: Annotated[_OptionalTime, Field(alias="from")] = None
    """It begins, once; UTC."""
    until: _OptionalTime = None
    """It is over; with `from`."""
    hours: _OptionalHours = None
    """Hours of the day, which may go on past midnight, on all or some days of the week."""
    cron: _OptionalCron = None
    """It begins at each of these times."""
    lasts: OptionalDuration = None
    """It is over so long after each of them; with `cron`."""
    timezone: _OptionalZone = None
    """Whose clock `cron` goes by; left out: UTC. `hours` have their own."""
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    """Why; plans and pull requests quote it."""

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        check_exactly_one(self, start="from", hours="hours", cron="cron")
        given = {field.alias or name for name, field in type(self).model_fields.items() if getattr(self, name) is not None}
        for key, (other,) in _TOGETHER.items():
            if key in given and other not in given:
                raise ValueError(f"expected {key} together with {other}, which is missing")
        if self.start and self.until and self.start >= self.until:
            raise ValueError(f"expected from before until, got {time_text(self.start)} and {time_text(self.until)}")
        return self

    @property
    def told(self) -> str:
        """When it is, in words."""
        if self.hours:
            return self.hours.told
        if self.cron and self.lasts:
            return f"{duration_text(self.lasts)} from each {self.cron} ({self.timezone or 'UTC'})"
        return f"from {time_text(self.start)} until {time_text(self.until)}" if self.start and self.until else "never"

    def open_until(self, now: datetime) -> datetime | None:
        """When the window ends that `now` lies in, UTC; None when it lies in none. The end is not part of it."""
        if self.hours:
            return self.hours.open_until(now)
        if self.cron and self.lasts:
            end = last_due(self.cron, self.timezone or "UTC", now) + self.lasts
            return end if now < end else None
        return self.until if self.start and self.until and self.start <= now < self.until else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """Nothing new is released before `until`; `window` is the one that ends last of those that are open now."""

    until: datetime
    window: ReleaseFreeze


def frozen(windows: Sequence[ReleaseFreeze], now: datetime) -> Frozen | None:
    """Whether a window is open, and when all of them are over, also those that follow on each other; None when none is open."""
    found = _last(windows, now)
    if found is None:
        return None
    until = found.until
    for _ in range(MOST_IN_A_ROW):
        following = _last(windows, until)
        if following is None:
            break
        until = following.until
    return Frozen(until=until, window=found.window)


def _last(windows: Sequence[ReleaseFreeze], now: datetime) -> Frozen | None:
    ends = [Frozen(until=end, window=window) for window in windows if (end := window.open_until(now))]
    return max(ends, key=lambda one: one.until, default=None)
