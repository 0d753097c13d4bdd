"""The kinds of values that people write in YAML, for rules and specs alike."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

from reconciler.domain.names import NAME_PATTERN

DURATION_PATTERN = r"^([1-9][0-9]{0,5}m|[1-9][0-9]{0,4}h|[1-9][0-9]{0,3}d|[1-9][0-9]{0,2}w)$"
"""At most 27 years, so that no sum of windows leaves the calendar."""
TIME_PATTERN = (
    r"^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?Z?)?$"
)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


class Written(BaseModel):
    """The base of everything that people write: camelCase keys, nothing unknown, nothing coerced, frozen."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )


def parse_duration(value: Any) -> timedelta:
    """`30m`, `12h`, `7d`, `2w` as a timedelta. Raises ValueError."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not re.fullmatch(DURATION_PATTERN, value):
        raise ValueError("expected a duration such as 30m, 12h, 7d or 2w")
    return int(value[:-1]) * _UNITS[value[-1]]


def duration_text(value: timedelta) -> str:
    """The exact duration in the largest unit of days, hours and minutes that fits: `7d`, not `168h`."""
    for unit in ("d", "h", "m"):
        if value % _UNITS[unit] == timedelta():
            return f"{value // _UNITS[unit]}{unit}"
    return f"{value.total_seconds():g}s"


def parse_time(value: Any) -> datetime:
    """`2013-03-01` or `2013-03-01T06:00:00Z`, always UTC, also where no zone is given. Raises ValueError."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    if not isinstance(value, str) or not re.fullmatch(TIME_PATTERN, value):
        raise ValueError("expected a UTC time such as 2013-03-01 or 2013-03-01T06:00:00Z")
    try:
        return datetime.fromisoformat(value.removesuffix("Z")).replace(tzinfo=UTC)
    except ValueError:
        raise ValueError("expected a day that the calendar has") from None


def time_text(value: datetime) -> str:
    """The time in UTC, the way that `parse_time` reads it; whole days without the clock."""
    value = value.astimezone(UTC)
    if (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0):
        return value.date().isoformat()
    return value.strftime("%Y-%m-%dT%H:%M:%SZ")


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(duration_text, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN}),
]
Time = Annotated[
    datetime,
    BeforeValidator(parse_time),
    PlainSerializer(time_text, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": TIME_PATTERN}),
]
Name = Annotated[str, Field(pattern=NAME_PATTERN)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1)]
