"""Drift statistic `psi`: the population stability index, sum of (q - p) ln(q / p) on the reference's bins."""

import math
from collections.abc import Sequence

from reconciler.domain.profiles import CategoricalProfile, FeatureProfile, NumericProfile
from reconciler.statistics.drift.measure import Drift
from reconciler.statistics.significance import chi_squared_tail

RARE = 5.0
"""Categories expected less often than this in the current window are one bin: chi-squared does not hold for rare cells."""

Bins = list[tuple[int, int]]
"""Per bin its count in the reference and in the current window."""


def psi(reference: FeatureProfile, current: FeatureProfile) -> Drift:
    """PSI of smoothed shares. When nothing moved, PSI / (1/N + 1/M) is chi-squared with B - 1 degrees of freedom.

    N and M are the row counts, B the bins that hold a row of either.
    Source: Yurdakul 2018, "Statistical properties of the population stability index". Raises TypeError for profiles of two kinds.
    """
    bins = [pair for pair in aligned_bins(reference, current) if pair != (0, 0)]
    n, m = (sum(side) for side in zip(*bins, strict=True)) if bins else (0, 0)
    if len(bins) < 2 or not n or not m:
        return Drift(value=0.0, p_value=1.0)
    p = smoothed_shares([pair[0] for pair in bins])
    q = smoothed_shares([pair[1] for pair in bins])
    value = math.fsum((b - a) * math.log(b / a) for a, b in zip(p, q, strict=True))
    return Drift(value=value, p_value=chi_squared_tail(value / (1 / n + 1 / m), len(bins) - 1))


def smoothed_shares(counts: Sequence[int]) -> list[float]:
    """(c + 0.5) / (n + 0.5 B): never zero, so that no logarithm is infinite."""
    total = sum(counts) + 0.5 * len(counts)
    return [(count + 0.5) / total for count in counts]


def aligned_bins(reference: FeatureProfile, current: FeatureProfile) -> Bins:
    """The bins of both profiles side by side, the missing values' own bin included."""
    match reference, current:
        case NumericProfile(), NumericProfile() if reference.edges == current.edges:
            return [*zip(reference.counts, current.counts, strict=True), (reference.missing, current.missing)]
        case CategoricalProfile(), CategoricalProfile():
            return [*_categories(reference, current), (reference.missing, current.missing)]
        case _:
            raise TypeError("the two profiles do not share their bins")


def _categories(reference: CategoricalProfile, current: CategoricalProfile) -> Bins:
    share = current.rows / reference.rows if reference.rows else 0.0
    bins: Bins = []
    rare = (reference.unseen, current.unseen)
    for category, count in sorted(reference.counts.items()):
        pair = (count, current.counts.get(category, 0))
        if count * share < RARE:
            rare = (rare[0] + pair[0], rare[1] + pair[1])
        else:
            bins.append(pair)
    return [*bins, rare]
