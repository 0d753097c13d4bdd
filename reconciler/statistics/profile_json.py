"""Profiles as JSON: canonical, so that the same profile has the same bytes, and versioned, so that old models stay readable."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from reconciler.domain.profiles import CategoricalProfile, FeatureProfile, NumericProfile, Profile
from reconciler.statistics.knots_json import knots_from_json, knots_to_json

VERSION = 2
READABLE = (1, VERSION)
"""Version 1 had no knots."""


def profile_to_json(profile: Profile) -> str:
    """Sorted keys, no spaces, one line. Raises ValueError for a number that is not finite."""
    features = {name: _written(feature) for name, feature in profile.features.items()}
    value = {"version": VERSION, "rows": profile.rows, "features": features}
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False) + "\n"


def profile_from_json(text: str) -> Profile:
    """Read it back. Raises ValueError for anything but a profile of a readable version."""
    try:
        value = json.loads(text, parse_constant=_refuse)
        if value["version"] not in READABLE:
            raise ValueError(f"profile of version {value['version']}, only {' and '.join(map(str, READABLE))} can be read")
        features = {str(name): _read(feature) for name, feature in value["features"].items()}
        profile = Profile(rows=_count(value["rows"]), features=features)
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"not a profile: {error!r}") from error
    if any(feature.rows != profile.rows for feature in features.values()):
        raise ValueError(f"not a profile: its features do not all have {profile.rows} rows")
    return profile


def _written(feature: FeatureProfile) -> dict[str, Any]:
    match feature:
        case NumericProfile():
            return {"kind": "numeric", **asdict(feature), "knots": feature.knots and knots_to_json(feature.knots)}
        case CategoricalProfile():
            return {"kind": "categorical", **asdict(feature)}


def _read(value: Mapping[str, Any]) -> FeatureProfile:
    match value["kind"]:
        case "numeric":
            return _read_numeric(value)
        case "categorical":
            return CategoricalProfile(
                counts={str(name): _count(count) for name, count in value["counts"].items()},
                unseen=_count(value["unseen"]),
                missing=_count(value["missing"]),
            )
        case other:
            raise ValueError(f"not a profile: a feature of kind {other!r}")


def _read_numeric(value: Mapping[str, Any]) -> NumericProfile:
    edges = tuple(_number(edge) for edge in value["edges"])
    counts = tuple(_count(count) for count in value["counts"])
    if len(counts) != len(edges) + 1 or list(edges) != sorted(set(edges)):
        raise ValueError(f"not a profile: {len(counts)} bins for {len(edges)} ascending edges")
    minimum, maximum, mean, variance = (
        None if value[name] is None else _number(value[name]) for name in ("minimum", "maximum", "mean", "variance")
    )
    knots = None if value.get("knots") is None else knots_from_json(value["knots"], edges)
    if knots and sum(knots.counts) != sum(counts):
        raise ValueError(f"not a profile: {sum(knots.counts)} rows between the knots, {sum(counts)} in the bins")
    return NumericProfile(
        edges=edges,
        counts=counts,
        missing=_count(value["missing"]),
        minimum=minimum,
        maximum=maximum,
        mean=mean,
        variance=variance,
        knots=knots,
    )


def _count(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"not a profile: {value!r} is no count")
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError(f"not a profile: {value!r} is no number")
    return float(value)


def _refuse(word: str) -> float:
    raise ValueError(f"not a profile: {word} is no number")
