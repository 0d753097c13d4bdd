"""Cron expressions as people write them in triggers, and the moments they stand for. Wall-clock times happen once each."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, WithJsonSchema


def _field(value: str) -> str:
    item = rf"(\*|({value})(-({value}))?)(/[1-9][0-9]?)?"
    return rf"{item}(,{item})*"


_MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
_DAYS = "SUN|MON|TUE|WED|THU|FRI|SAT"
_FIELDS = ("[0-5]?[0-9]", "[01]?[0-9]|2[0-3]", "0?[1-9]|[12][0-9]|3[01]", f"0?[1-9]|1[0-2]|{_MONTHS}", f"[0-7]|{_DAYS}")
CRON_PATTERN = "^" + " ".join(_field(value) for value in _FIELDS) + "$"
"""Minute, hour, day of month, month, day of week. croniter's `R`, `H` and seconds are left out: they are random or too fine."""

ZONE_PATTERN = r"^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$"
_ANCHOR = datetime(2025, 1, 1)  # noqa: DTZ001 - a wall-clock time of no zone


def _check_cron(value: str) -> str:
    from croniter import CroniterBadDateError, croniter

    if not re.fullmatch(CRON_PATTERN, value):
        raise ValueError("expected five cron fields (minute hour day month weekday) such as 0 3 * * 1")
    try:
        croniter(value, _ANCHOR).get_prev(datetime)
    except CroniterBadDateError:
        raise ValueError(f"{value} never comes: no such month has such a day") from None
    except ValueError as error:
        raise ValueError(f"not a cron expression: {error}") from None
    return value


def _check_zone(value: str) -> str:
    refusal = ValueError("expected an IANA time zone such as Europe/Berlin")
    if not re.fullmatch(ZONE_PATTERN, value):
        raise refusal
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise refusal from None
    return value


Cron = Annotated[str, AfterValidator(_check_cron), WithJsonSchema({"type": "string", "pattern": CRON_PATTERN})]
Zone = Annotated[str, AfterValidator(_check_zone), WithJsonSchema({"type": "string", "pattern": ZONE_PATTERN})]


def last_due(cron: str, zone: str, now: datetime) -> datetime:
    """The newest moment, not after now, at which the cron time came. Both are UTC.

    A wall-clock time that happens twice (autumn) counts the first time. One that is skipped (spring) counts once, as long after
    the jump as the clock was to show after it.
    """
    place: tzinfo = UTC if zone == "UTC" else ZoneInfo(zone)
    return next(moment for wall in _walls_back(cron, _furthest_wall(now, place)) if (moment := _first(wall, place)) <= now)


def _walls_back(cron: str, start: datetime) -> Any:
    from croniter import croniter

    # croniter looks strictly before its start; a second later, the start itself counts too.
    return croniter(cron, start + timedelta(seconds=1)).all_prev(datetime)


def _furthest_wall(now: datetime, place: tzinfo) -> datetime:
    """The furthest that the clock on the wall has shown: in the repeated hour it had already reached the hour's end."""
    local = now.astimezone(place)
    first, second = local.replace(fold=0).utcoffset(), local.replace(fold=1).utcoffset()
    repeated = (first - second) if local.fold and first is not None and second is not None else timedelta()
    return local.replace(tzinfo=None, fold=0) + repeated


def _first(wall: datetime, place: tzinfo) -> datetime:
    return wall.replace(tzinfo=place, fold=0).astimezone(UTC)
