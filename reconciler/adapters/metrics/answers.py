"""Used by the Prometheus adapter: its JSON answers to numbers. Anything but one whole series is an ObserveError."""

import contextlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from reconciler.domain.live import Point, Sample
from reconciler.errors import ObserveError

_SHOWN = 3
_LONGEST = 300


def data(status: int, body: bytes, location: str, about: str) -> Mapping[str, Any]:
    """The member `data` of a success. Raises ObserveError with the server's own words for anything else.

    Warnings say that the answer is partial or of the wrong series, so an answer with warnings is none.
    """
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    if location and 300 <= status < 400:
        raise ObserveError(f"{about}: HTTP {status} leads to {location}, which is not followed", help="write that address")
    if isinstance(answer, dict) and answer.get("status") == "error":
        raise ObserveError(f"{about}: HTTP {status}, {answer.get('errorType')}: {str(answer.get('error'))[:_LONGEST]}")
    if not isinstance(answer, dict) or answer.get("status") != "success" or not isinstance(answer.get("data"), dict):
        begin = body[:60].decode(errors="replace")
        raise ObserveError(f"{about}: HTTP {status} with {len(body):,} bytes that are no answer of Prometheus: {begin!r}")
    if warnings := answer.get("warnings"):
        raise ObserveError(f"{about}: the server warns, so the answer is not whole: {str(warnings)[:_LONGEST]}")
    found: dict[str, Any] = answer["data"]
    return found


def value(data: Mapping[str, Any], about: str) -> float:
    """The number of an instant query."""
    if data.get("resultType") == "scalar":
        return sample(data.get("result"), about).value
    return sample(one_series(data, "vector", about).get("value"), about).value


def points(data: Mapping[str, Any], about: str) -> tuple[Point, ...]:
    """The numbers of a range query, oldest first."""
    values = one_series(data, "matrix", about).get("values")
    if not isinstance(values, list):
        raise ObserveError(f"{about}: the series holds no numbers (a native histogram does not)")
    return tuple(sample(pair, about) for pair in values)


def samples(data: Mapping[str, Any], about: str) -> tuple[Sample, ...]:
    """The numbers of an instant query with their labels, in the order of these."""
    found = [
        Sample(labels={str(name): str(text) for name, text in _labels(one).items()}, value=sample(one.get("value"), about).value)
        for one in all_series(data, "vector", about)
    ]
    return tuple(sorted(found, key=lambda one: sorted(one.labels.items())))


def all_series(data: Mapping[str, Any], kind: str, about: str) -> list[Mapping[str, Any]]:
    """Those of an answer of this kind. Raises ObserveError for one of another kind."""
    found = data.get("result")
    if data.get("resultType") != kind:
        raise ObserveError(f"{about}: the answer is of type {data.get('resultType')}, not {kind}")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ObserveError(f"{about}: {str(found)[:60]} is no list of series")
    return found


def one_series(data: Mapping[str, Any], kind: str, about: str) -> Mapping[str, Any]:
    """The only series. Raises ObserveError for none, for more, and for an answer of another kind."""
    found = all_series(data, kind, about)
    if not found:
        raise ObserveError(f"{about}: no data: 0 series", help="ask the server for the query in its own page")
    if len(found) > 1:
        raise ObserveError(f"{about}: {len(found)} series instead of 1; {differences(found)}", help="aggregate, e.g. sum(...)")
    return found[0]


def differences(series: Sequence[Mapping[str, Any]]) -> str:
    """The labels in which the series differ, each with its first values."""
    labels = [_labels(one) for one in series]
    told = []
    for name in sorted({name for one in labels for name in one}):
        values = sorted({str(one.get(name, "")) for one in labels})
        if len(values) > 1:
            told.append(f"{name} ({', '.join(values[:_SHOWN])}{', ...' if len(values) > _SHOWN else ''})")
    return f"they differ in {', '.join(told)}"


def _labels(series: Mapping[str, Any]) -> Mapping[str, Any]:
    found = series.get("metric")
    return found if isinstance(found, dict) else {}


def sample(pair: object, about: str) -> Point:
    """A pair of seconds and a number written as text, such as `[1362096000, "0.5"]`."""
    if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], int | float) and isinstance(pair[1], str):
        with contextlib.suppress(ValueError, OverflowError, OSError):
            return Point(at=datetime.fromtimestamp(pair[0], UTC), value=float(pair[1]))
    raise ObserveError(f"{about}: {str(pair)[:60]} is no pair of a time and a number")
