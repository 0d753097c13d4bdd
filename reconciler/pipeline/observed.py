"""Used by validate: what Great Expectations answers becomes plain JSON that is the same every time, and sentences for people."""

import math
from collections.abc import Mapping
from typing import Any

from reconciler.pipeline.contract import Check

KEPT = ("observed_value", "element_count", "missing_count", "unexpected_count", "unexpected_percent", "partial_unexpected_counts")
EXAMPLES = 5


def plain(result: Mapping[str, Any]) -> dict[str, Any]:
    """The measured values as JSON; indices and repeated examples are left out, numbers that are none become their names."""
    return {key: _json(result[key]) for key in KEPT if key in result and result[key] is not None}


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
    if "unexpected_count" in observed:
        wrong, total = observed["unexpected_count"], observed.get("element_count", 0)
        values = [str(one["value"]) for one in observed.get("partial_unexpected_counts", []) if isinstance(one, Mapping)]
        shown = f", such as {', '.join(values[:EXAMPLES])}" if values else ""
        return f"{check}: {wrong} of {total} values are not as expected{shown}"
    if "observed_value" in observed:
        return f"{check}: observed {observed['observed_value']}"
    return f"{check}: not so"


def _exception(raised: Mapping[str, Any]) -> str:
    """The message of what a metric raised: at the top, or by metric."""
    for one in (raised, *raised.values()):
        if isinstance(one, Mapping) and one.get("raised_exception"):
            return str(one.get("exception_message")).strip().split("\n")[0]
    return ""
