"""Sizes and short times as people write them: `50Mi`, `20ms`."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from reconciler.rules.choices import not_null

SIZE_PATTERN = r"^[1-9][0-9]{0,6}(Ki|Mi|Gi)$"
BRIEF_PATTERN = r"^[1-9][0-9]{0,4}(us|ms|s|m)$"
_BYTES = {"Ki": 1 << 10, "Mi": 1 << 20, "Gi": 1 << 30}
_TIMES = {"us": timedelta(microseconds=1), "ms": timedelta(milliseconds=1), "s": timedelta(seconds=1), "m": timedelta(minutes=1)}


def parse_size(value: Any) -> int:
    """`200Ki`, `50Mi`, `4Gi` as a number of bytes. Raises ValueError."""
    if not isinstance(value, str) or not re.fullmatch(SIZE_PATTERN, value):
        raise ValueError("expected a size such as 200Ki, 50Mi or 4Gi")
    return int(value[:-2]) * _BYTES[value[-2:]]


def size_text(size: float) -> str:
    """The bytes for people, of four digits that count: `12.3 MiB`."""
    unit = next((name for name in ("Gi", "Mi", "Ki") if size >= _BYTES[name]), "")
    return f"{size / _BYTES[unit]:.4g} {unit}B" if unit else f"{size:.0f} bytes"


def parse_brief(value: Any) -> timedelta:
    """`500us`, `20ms`, `5s`, `2m` as a timedelta. Raises ValueError."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not (found := re.fullmatch(BRIEF_PATTERN, value)):
        raise ValueError("expected a short time such as 500us, 20ms, 5s or 2m")
    return int(value.removesuffix(found[1])) * _TIMES[found[1]]


def brief_text(value: timedelta) -> str:
    """The time in the largest unit that it is whole in: `20ms`, not `20000us`."""
    unit = next(name for name in ("m", "s", "ms", "us") if value % _TIMES[name] == timedelta())
    return f"{value // _TIMES[unit]}{unit}"


def _written_size(size: int) -> str:
    unit = next((name for name in ("Gi", "Mi") if size % _BYTES[name] == 0), "Ki")
    return f"{size // _BYTES[unit]}{unit}"


Size = Annotated[
    int,
    BeforeValidator(parse_size),
    PlainSerializer(_written_size, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": SIZE_PATTERN}),
]
Brief = Annotated[
    timedelta,
    BeforeValidator(parse_brief),
    PlainSerializer(brief_text, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": BRIEF_PATTERN}),
]
OptionalSize = Annotated[Size | SkipJsonSchema[None], BeforeValidator(not_null)]
"""A size that may be left out, but not written as null."""
OptionalBrief = Annotated[Brief | SkipJsonSchema[None], BeforeValidator(not_null)]
"""A short time that may be left out, but not written as null."""
OptionalTimes = Annotated[Annotated[float, Field(gt=0)] | SkipJsonSchema[None], BeforeValidator(not_null)]
"""How many times as much, if a bound is wanted."""
