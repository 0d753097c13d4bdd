"""Nouns of the domain as JSON, the same bytes for the same value: for evidence files and for `-o json`. Pure."""

import json
import math
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import get_args

from pydantic.alias_generators import to_camel

from reconciler.domain.clusters import Deployed
from reconciler.domain.decisions import Decision
from reconciler.domain.evidence import Comparison, NoBaseline
from reconciler.domain.known import Missing
from reconciler.domain.releases import LEFT_OUT
from reconciler.domain.steps import Step

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

TAGGED: frozenset[type] = frozenset({*get_args(Decision), *get_args(Step), Comparison, Deployed, Missing, NoBaseline})
"""Members of unions: their JSON says in `type` which one it is."""


def canonical(value: object) -> Json:
    """The value as JSON knows it: dataclasses as objects with camelCase keys, sets sorted, times in UTC to the microsecond.

    JSON has no word for NaN and the infinities: they become the texts "NaN", "Infinity" and "-Infinity". Raises TypeError
    for what has no form here.
    """
    match value:
        case Mapping():
            return {_key(key): canonical(item) for key, item in value.items()}
        case Set():
            return [canonical(item) for item in sorted(value)]
        case list() | tuple():
            return [canonical(item) for item in value]
        case _ if is_dataclass(value):
            return _object(value)
        case _:
            return _scalar(value)


def canonical_json(value: object) -> str:
    """The value as pretty JSON with sorted keys and a newline at the end; ASCII only, so that no value can play on a terminal."""
    return json.dumps(canonical(value), indent=2, sort_keys=True, allow_nan=False) + "\n"


def tag_of(kind: type) -> str:
    """What the JSON of a member of a union says in `type`; empty for everything else."""
    return kind.__name__[0].lower() + kind.__name__[1:] if kind in TAGGED else ""


def _object(value: object) -> dict[str, Json]:
    items = [(field, getattr(value, field.name)) for field in fields(value)]  # type: ignore[arg-type]
    found = {to_camel(field.name): canonical(item) for field, item in items if item is not None or field.metadata != LEFT_OUT}
    return {"type": tag_of(type(value)), **found} if type(value) in TAGGED else found


def _key(key: object) -> str:
    return repr(key) if isinstance(key, float) else str(key)


def _scalar(value: object) -> Json:
    match value:
        case StrEnum():
            return value.value
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case timedelta():
            return value.total_seconds()
        case float() if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        case None | bool() | int() | float() | str():
            return value
        case _:
            raise TypeError(f"a value of type {type(value).__name__} has no form in JSON")
