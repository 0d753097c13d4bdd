"""Used by validate: what Great Expectations answers becomes plain JSON that is the same every time, and sentences for people."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.pipeline.contract import Check

KEPT = ("observed_value", "element_count", "missing_count", "unexpected_count", "unexpected_percent", "partial_unexpected_counts")
LISTS = ("partial_unexpected_list", "partial_missing_list")
"""Kept where values are not counted, as of a set of distinct ones."""
EXAMPLES = 5
MOST_SHOWN = 8


def plain(result: Mapping[str, Any]) -> dict[str, Any]:
    """The measured values as JSON; indices and repeated examples are left out, numbers that are none become their names."""
    kept = KEPT if "element_count" in result else (*KEPT, *LISTS)
    return {key: _json(result[key]) for key in kept if key in result and result[key] is not None}


def _json(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case Mapping():
            return {str(key): _json(one) for key, one in value.items()}
        case list() | tuple() | set():
            return [_json(one) for one in value]
        case _:
            return _json(value.item()) if hasattr(value, "item") else str(value)


def failure(check: Check, observed: Mapping[str, Any], raised: Mapping[str, Any]) -> str:
    """A sentence with what was seen and what was wanted."""
    said = _exception(raised)
    if said:
        return f"{check}: could not be evaluated: {said}"
    if "unexpected_count" in observed and "element_count" in observed:
        wrong, total = observed["unexpected_count"], observed["element_count"]
        values = [str(one["value"]) for one in observed.get("partial_unexpected_counts", []) if isinstance(one, Mapping)]
        return f"{check}: {wrong} of {total} values are not as expected{_such_as(values)}"
    if "observed_value" in observed:
        return f"{check}: observed {_shown(observed['observed_value'])}"
    if "unexpected_count" in observed:
        values = [str(value) for value in observed.get("partial_unexpected_list", [])]
        return f"{check}: {observed['unexpected_count']} values are not as expected{_such_as(values)}"
    if "missing_count" in observed:
        values = [str(value) for value in observed.get("partial_missing_list", [])]
        return f"{check}: {observed['missing_count']} values are missing{_such_as(values)}"
    return f"{check}: not so"


def _such_as(values: Sequence[str]) -> str:
    return f", such as {', '.join(values[:EXAMPLES])}" if values else ""


def _shown(value: Any) -> str:
    """A long list by its first values."""
    if not isinstance(value, list) or len(value) <= MOST_SHOWN:
        return str(value)
    return f"{', '.join(map(str, value[:MOST_SHOWN]))} and {len(value) - MOST_SHOWN} more"


def _exception(raised: Mapping[str, Any]) -> str:
    """The message of what a metric raised: at the top, or by metric."""
    for one in (raised, *raised.values()):
        if isinstance(one, Mapping) and one.get("raised_exception"):
            return str(one.get("exception_message")).strip().split("\n")[0]
    return ""
