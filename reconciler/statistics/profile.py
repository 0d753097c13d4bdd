"""Profiles: made of the training rows once, then of each window on the same bins; a week is the sum of its days."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reconciler.domain.profiles import CategoricalProfile, FeatureProfile, NumericProfile, Profile

Floats: TypeAlias = NDArray[np.float64]
Columns: TypeAlias = Mapping[str, ArrayLike]
"""Columns of one length: numbers as float64, NaN for missing; categories as objects or strings, None or NaN for missing."""

BINS = 10
CATEGORIES = 200
"""Known categories of one feature; rarer ones count as unseen, in the reference too."""


def reference_profile(columns: Columns, numeric: Sequence[str], categorical: Sequence[str]) -> Profile:
    """The reference: 10 quantile bins per number, counts per category. Raises ValueError for columns of different lengths.

    Equal edges are merged, the outer bins are open-ended, and infinite numbers count as missing.
    """
    features: dict[str, FeatureProfile] = {}
    for name in numeric:
        values, missing = _numbers(columns[name])
        features[name] = _numeric(values, missing, quantile_edges(values))
    for name in categorical:
        features[name] = _reference_categories(_categories(columns[name]))
    return _profile(features)


def profile_on(reference: Profile, columns: Columns) -> Profile:
    """Other rows on the reference's bins and categories. Raises ValueError for columns of different lengths or none of a name."""
    absent = sorted(reference.features.keys() - columns.keys())
    if absent:
        raise ValueError(f"columns {', '.join(absent)} of the reference profile are not among the {len(columns)} given")
    return _profile({name: _on(feature, columns[name]) for name, feature in reference.features.items()})


def merge(one: Profile, other: Profile) -> Profile:
    """The profile of the rows of both, exactly as if they had been profiled together. Raises ValueError when bins differ."""
    if one.features.keys() != other.features.keys():
        raise ValueError("profiles of different features cannot be merged")
    features = {name: _merge(feature, other.features[name]) for name, feature in one.features.items()}
    return Profile(rows=one.rows + other.rows, features=features)


def quantile_edges(values: Floats) -> tuple[float, ...]:
    """The inner edges of 10 quantile bins, all of them values of the data.

    A value that has the mass of a bin itself gets an edge just below it too: else a constant could fall unseen, and a flag that
    is nearly always 1 could become 0 within one bin.
    """
    if not values.size:
        return ()
    shares = np.arange(1, BINS) / BINS
    edges = np.unique(np.quantile(values, shares, method="inverted_cdf"))
    heavy = [edge for edge in edges if BINS * np.count_nonzero(values == edge) >= values.size]
    with np.errstate(over="ignore"):
        below = np.nextafter(heavy, -np.inf)
    return tuple(np.unique(np.concatenate((edges, below[np.isfinite(below)]))).tolist())


def _profile(features: Mapping[str, FeatureProfile]) -> Profile:
    rows = {feature.rows for feature in features.values()}
    if len(rows) > 1:
        raise ValueError(f"columns of different lengths: {', '.join(map(str, sorted(rows)))}")
    return Profile(rows=rows.pop() if rows else 0, features=features)


def _on(reference: FeatureProfile, column: ArrayLike) -> FeatureProfile:
    match reference:
        case NumericProfile(edges=edges):
            return _numeric(*_numbers(column), edges)
        case CategoricalProfile(counts=known):
            counts = _categories(column)
            missing = counts.pop(None, 0)
            seen = {category: counts.pop(category, 0) for category in known}
            return CategoricalProfile(counts=seen, unseen=counts.total(), missing=missing)


def _numbers(column: ArrayLike) -> tuple[Floats, int]:
    """The finite values, and how many are not."""
    values = np.asarray(column, dtype=np.float64)
    finite = values[np.isfinite(values)]
    return finite, values.size - finite.size


def _numeric(values: Floats, missing: int, edges: tuple[float, ...]) -> NumericProfile:
    bins = np.searchsorted(np.asarray(edges), values, side="left")
    counts = np.bincount(bins, minlength=len(edges) + 1)
    some = bool(values.size)
    with np.errstate(over="ignore", invalid="ignore"):
        mean, variance = (float(values.mean()), float(values.var())) if some else (math.nan, math.nan)
    return NumericProfile(
        edges=edges,
        counts=tuple(counts.tolist()),
        missing=missing,
        minimum=float(values.min()) if some else None,
        maximum=float(values.max()) if some else None,
        mean=_told(mean),
        variance=_told(variance),
    )


def _told(moment: float) -> float | None:
    """A moment that is beyond all floats is not told."""
    return moment if math.isfinite(moment) else None


def _categories(column: ArrayLike) -> "Counter[str | None]":
    """Count by name; None stands for missing. Counting Python objects is several times quicker than sorting them with NumPy."""
    # A plain list becomes objects: as an array of texts its NaN would be the text "nan".
    values = column if isinstance(column, np.ndarray) else np.asarray(column, dtype=object)
    counts: Counter[Any] = Counter(values.tolist())
    named: Counter[str | None] = Counter()
    for value, count in counts.items():
        named[None if value is None or value != value else str(value)] += count  # noqa: PLR0124 - NaN differs from itself
    return named


def _reference_categories(counts: "Counter[str | None]") -> CategoricalProfile:
    missing = counts.pop(None, 0)
    ranked = sorted(((count, name) for name, count in counts.items() if name is not None), key=lambda item: (-item[0], item[1]))
    known = {name: count for count, name in sorted(ranked[:CATEGORIES], key=lambda item: item[1])}
    return CategoricalProfile(counts=known, unseen=sum(count for count, _ in ranked[CATEGORIES:]), missing=missing)


def _merge(one: FeatureProfile, other: FeatureProfile) -> FeatureProfile:
    match one, other:
        case NumericProfile(), NumericProfile() if one.edges == other.edges:
            return _merge_numeric(one, other)
        case CategoricalProfile(), CategoricalProfile() if one.counts.keys() == other.counts.keys():
            return CategoricalProfile(
                counts={name: count + other.counts[name] for name, count in one.counts.items()},
                unseen=one.unseen + other.unseen,
                missing=one.missing + other.missing,
            )
        case _:
            raise ValueError("profiles on different bins cannot be merged")


def _merge_numeric(one: NumericProfile, other: NumericProfile) -> NumericProfile:
    mean, variance = _merge_moments(one, other)
    return NumericProfile(
        edges=one.edges,
        counts=tuple(a + b for a, b in zip(one.counts, other.counts, strict=True)),
        missing=one.missing + other.missing,
        minimum=min((m for m in (one.minimum, other.minimum) if m is not None), default=None),
        maximum=max((m for m in (one.maximum, other.maximum) if m is not None), default=None),
        mean=mean,
        variance=variance,
    )


def _merge_moments(one: NumericProfile, other: NumericProfile) -> tuple[float | None, float | None]:
    """Source: Chan, Golub and LeVeque 1979."""
    n, m = sum(one.counts), sum(other.counts)
    if not n or not m:
        return (other.mean, other.variance) if m else (one.mean, one.variance)
    if one.mean is None or other.mean is None:
        return None, None
    delta = other.mean - one.mean
    mean = _told(one.mean + delta * m / (n + m))
    if one.variance is None or other.variance is None:
        return mean, None
    return mean, _told((n * one.variance + m * other.variance + delta * delta * n * m / (n + m)) / (n + m))
