"""Profiles: made of the training rows once, then of each window on the same bins; a week is the sum of its days."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from reconciler.domain.profiles import CategoricalProfile, FeatureProfile, Knots, NumericProfile, Profile
from reconciler.statistics.grid import Floats, grid_of
from reconciler.statistics.knots import just_below, knots_of
from reconciler.statistics.tally import Tally, told

Columns: TypeAlias = Mapping[str, ArrayLike]
"""Columns of one length: numbers as float64, NaN for missing; categories as objects or strings, None or NaN for missing."""

BINS = 10
CATEGORIES = 200
"""Known categories of one feature; rarer ones count as unseen, in the reference too."""


def reference_profile(columns: Columns, numeric: Sequence[str], categorical: Sequence[str]) -> Profile:
    """The reference: bins and knots per number, counts per category. Raises ValueError for columns of different lengths.

    The edges of the 10 quantile bins stand on some of the 1,024 knots. Equal edges are merged, the outer bins are open-ended,
    and infinite numbers count as missing.
    """
    features: dict[str, FeatureProfile] = {}
    for name in numeric:
        features[name] = reference_numbers(np.asarray(columns[name], dtype=np.float64))
    for name in categorical:
        features[name] = reference_categories(counted(columns[name]))
    return profile_of(features)


def reference_numbers(values: Floats) -> NumericProfile:
    """The reference of one numeric column, (n,): its bins, its knots and its counts on both."""
    ascending = np.sort(values[np.isfinite(values)])
    grid = grid_of(ascending)
    at, edges = _bins(ascending)
    knots = Knots(values=tuple(at.tolist()), counts=(), below=0.0, above=0.0, origin=grid.origin, exponent=grid.exponent)
    tally = Tally(edges, knots)
    tally.add(values)
    return tally.profile()


def reference_categories(counts: "Counter[str | None]") -> CategoricalProfile:
    """The reference of one categorical column whose values, None for missing, were counted."""
    missing = counts.get(None, 0)
    ranked = sorted(((count, name) for name, count in counts.items() if name is not None), key=lambda item: (-item[0], item[1]))
    known = {name: count for count, name in sorted(ranked[:CATEGORIES], key=lambda item: item[1])}
    return CategoricalProfile(counts=known, unseen=sum(count for count, _ in ranked[CATEGORIES:]), missing=missing)


def categories_on(reference: CategoricalProfile, counts: Mapping[str | None, int]) -> CategoricalProfile:
    """Counted values, None for missing, on the reference's categories."""
    seen = {category: counts.get(category, 0) for category in reference.counts}
    missing = counts.get(None, 0)
    return CategoricalProfile(counts=seen, unseen=sum(counts.values()) - missing - sum(seen.values()), missing=missing)


def profile_on(reference: Profile, columns: Columns) -> Profile:
    """Other rows on the reference's bins and categories. Raises ValueError for columns of different lengths or none of a name."""
    absent = sorted(reference.features.keys() - columns.keys())
    if absent:
        raise ValueError(f"columns {', '.join(absent)} of the reference profile are not among the {len(columns)} given")
    return profile_of({name: _on(feature, columns[name]) for name, feature in reference.features.items()})


def merge(one: Profile, other: Profile) -> Profile:
    """The profile of the rows of both, exactly as if they had been profiled together. Raises ValueError when bins differ."""
    if one.features.keys() != other.features.keys():
        raise ValueError("profiles of different features cannot be merged")
    features = {name: _merge(feature, other.features[name]) for name, feature in one.features.items()}
    return Profile(rows=one.rows + other.rows, features=features)


def counted(column: ArrayLike) -> "Counter[str | None]":
    """Count by name; None stands for missing. Counting Python objects is several times quicker than sorting them with NumPy."""
    # A plain list becomes objects: as an array of texts its NaN would be the text "nan".
    values = column if isinstance(column, np.ndarray) else np.asarray(column, dtype=object)
    counts: Counter[Any] = Counter(values.tolist())
    named: Counter[str | None] = Counter()
    for value, count in counts.items():
        named[None if value is None or value != value else str(value)] += count  # noqa: PLR0124 - NaN differs from itself
    return named


def profile_of(features: Mapping[str, FeatureProfile]) -> Profile:
    """The features' profiles together. Raises ValueError when they are not of the same number of rows."""
    rows = {feature.rows for feature in features.values()}
    if len(rows) > 1:
        raise ValueError(f"columns of different lengths: {', '.join(map(str, sorted(rows)))}")
    return Profile(rows=rows.pop() if rows else 0, features=features)


def _bins(ascending: Floats) -> tuple[Floats, tuple[float, ...]]:
    """The knots of values in ascending order, and the inner edges of 10 quantile bins: values of the data, or next to one.

    A value that has the mass of a bin itself gets an edge just below it too: else a constant could fall unseen, and a flag that
    is nearly always 1 could become 0 within one bin.
    """
    knots, asked = knots_of(ascending, np.arange(1, BINS) / BINS, grid_of(ascending))
    edges = np.unique(asked)
    mass = np.searchsorted(ascending, edges, side="right") - np.searchsorted(ascending, edges, side="left")
    heavy = edges[mass * BINS >= ascending.size]
    return knots, tuple(np.union1d(edges, just_below(heavy)).tolist())


def _on(reference: FeatureProfile, column: ArrayLike) -> FeatureProfile:
    match reference:
        case NumericProfile(edges=edges, knots=knots):
            tally = Tally(edges, knots)
            tally.add(np.asarray(column, dtype=np.float64))
            return tally.profile()
        case CategoricalProfile():
            return categories_on(reference, counted(column))


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
    knots = None if one.knots is None or other.knots is None else _merge_knots(one.knots, other.knots)
    return NumericProfile(
        edges=one.edges,
        counts=tuple(a + b for a, b in zip(one.counts, other.counts, strict=True)),
        missing=one.missing + other.missing,
        minimum=min((m for m in (one.minimum, other.minimum) if m is not None), default=None),
        maximum=max((m for m in (one.maximum, other.maximum) if m is not None), default=None),
        mean=mean,
        variance=variance,
        knots=knots,
    )


def _merge_knots(one: Knots, other: Knots) -> Knots:
    if one.values != other.values:
        raise ValueError("profiles on different knots cannot be merged")
    return replace(
        one,
        counts=tuple(a + b for a, b in zip(one.counts, other.counts, strict=True)),
        below=one.below + other.below,
        above=one.above + other.above,
    )


def _merge_moments(one: NumericProfile, other: NumericProfile) -> tuple[float | None, float | None]:
    """Source: Chan, Golub and LeVeque 1979."""
    n, m = sum(one.counts), sum(other.counts)
    if not n or not m:
        return (other.mean, other.variance) if m else (one.mean, one.variance)
    if one.mean is None or other.mean is None:
        return None, None
    delta = other.mean - one.mean
    mean = told(one.mean + delta * m / (n + m))
    if one.variance is None or other.variance is None:
        return mean, None
    return mean, told((n * one.variance + m * other.variance + delta * delta * n * m / (n + m)) / (n + m))
