"""Drift statistic `wassersteinIqr`: how far values moved on average, in standard deviations as a bell's quartiles show them."""

import math
from itertools import accumulate, pairwise

from reconciler.domain.known import Known, Missing
from reconciler.domain.profiles import CategoricalProfile, FeatureProfile, Knots, NumericProfile
from reconciler.statistics.drift.ks import distance, knots_of_both
from reconciler.statistics.drift.l_infinity import l_infinity
from reconciler.statistics.drift.measure import Drift
from reconciler.statistics.quantiles import quantile

NORMAL = 1.349
"""The interquartile range of a normal distribution with standard deviation 1."""


def wasserstein_iqr(reference: FeatureProfile, current: FeatureProfile) -> Known[Drift]:
    """W1 / (IQR of the reference / 1.349), of the values that are not missing.

    Of categories, and of a reference whose middle half is one value, so that it has no IQR, the same as `lInfinity`.
    The p-value is that of `ks`: an outlier moves the mean distance as far as it likes, but does not make it sure.
    Missing without knots or values. Raises TypeError for profiles of two kinds.
    """
    match reference, current:
        case CategoricalProfile(), CategoricalProfile():
            return l_infinity(reference, current)
        case NumericProfile(), NumericProfile():
            known = knots_of_both(reference, current)
            if isinstance(known, Missing):
                return known
            spread = quantile(known[0], 0.75) - quantile(known[0], 0.25)
            if not 0 < spread < math.inf:
                return l_infinity(reference, current)
            moved = wasserstein(*known) / (spread / NORMAL)
            return Drift(value=min(moved, 1e300), p_value=distance(*known).p_value)
        case _:
            raise TypeError("the two profiles do not share their bins")


def wasserstein(reference: Knots, current: Knots) -> float:
    """W1, the integral of abs(F - G), of two samples that are not empty, in the unit of the values.

    Both functions are exact at the knots and taken as linear between them; beyond the outer knots the sums make it exact. So it
    is exact when all values are knots, and else right to some 0.002 of the spread; distributions without a mean are less sure.
    Source: Vallender 1974.
    """
    n, m = sum(reference.counts), sum(current.counts)
    gaps = [a / n - b / m for a, b in zip(accumulate(reference.counts), accumulate(current.counts), strict=True)]
    inner = math.fsum(
        (high - low) * _area(left, right)
        for (low, high), (left, right) in zip(pairwise(reference.values), pairwise(gaps[:-1]), strict=True)
    )
    below, above = (reference.below / n, current.below / m), (reference.above / n, current.above / m)
    return inner + abs(below[0] - below[1]) + abs(above[0] - above[1])


def _area(left: float, right: float) -> float:
    """The mean of the absolute value along a straight line."""
    if left * right >= 0:
        return abs(left + right) / 2
    return (left * left + right * right) / (2 * abs(left - right))
