"""Hours of the day that people write down, by the clock on the wall."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Annotated, Literal, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from reconciler.rules.choices import not_empty
from reconciler.rules.cron import Zone
from reconciler.rules.fields import Written

CLOCK_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
DAY = timedelta(days=1)
AHEAD = 15
"""Days within which a window opens surely: one day of the week, even when a jump of the clock swallows the first."""


def _check_clock(value: str) -> str:
    if not re.fullmatch(CLOCK_PATTERN, value):
        raise ValueError("expected a time of day such as 22:00")
    return value


ClockTime = Annotated[str, AfterValidator(_check_clock), WithJsonSchema({"type": "string", "pattern": CLOCK_PATTERN})]
Weekday = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
DAYS: tuple[Weekday, ...] = get_args(Weekday)


class Hours(Written):
    """From `from` until `until`, which may lie on the next day."""

    start: Annotated[ClockTime, Field(alias="from")]
    """The window opens, on the clock of `timezone`."""
    until: ClockTime
    """The window closes; earlier than `from`: on the next day."""
    timezone: Zone = "UTC"
    """An IANA name such as Europe/Berlin."""
    days: Annotated[tuple[Weekday, ...], Field(strict=False, json_schema_extra={"minItems": 1}), AfterValidator(not_empty)] = DAYS
    """Days on which the window opens; left out: every day."""

    @model_validator(mode="after")
    def _not_nothing(self) -> Self:
        if self.start == self.until:
            raise ValueError(f"expected from and until to differ, got {self.start} twice")
        return self

    @property
    def told(self) -> str:
        """The hours in words, as they are written."""
        days = "" if len(set(self.days)) == len(DAYS) else f" on {', '.join(self.days)}"
        return f"from {self.start} until {self.until}{days} ({self.timezone})"

    def open_until(self, now: datetime) -> datetime | None:
        """When the window closes that is open now, UTC; None when none is."""
        return max((end for start, end in self.windows(now) if start <= now < end), default=None)

    def opens(self, now: datetime) -> datetime:
        """When the next window opens, UTC."""
        return next(start for start, _ in self.windows(now) if start > now)

    def windows(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Opening and closing in UTC, oldest first, from yesterday on the wall on."""
        place: tzinfo = UTC if self.timezone == "UTC" else ZoneInfo(self.timezone)
        opens, closes = time.fromisoformat(self.start), time.fromisoformat(self.until)
        today = now.astimezone(place).date()
        for day in (today + number * DAY for number in range(-1, AHEAD)):
            if DAYS[day.weekday()] not in self.days:
                continue
            start, end = _moment(day, opens, place), _moment(day if closes > opens else day + DAY, closes, place)
            if start < end:  # a jump of the clock may swallow a short window
                yield start, end


def _moment(day: date, wall: time, place: tzinfo) -> datetime:
    """When the clock on the wall shows this for the first time; what it skips comes as long after the jump as it lies in it."""
    return datetime.combine(day, wall, tzinfo=place).astimezone(UTC)
