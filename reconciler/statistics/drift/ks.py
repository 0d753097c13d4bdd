"""Drift statistic `ks`: the Kolmogorov-Smirnov distance, the largest gap between the two distribution functions."""

import math
from itertools import accumulate

from reconciler.domain.known import Known, Missing
from reconciler.domain.profiles import CategoricalProfile, FeatureProfile, Knots, NumericProfile
from reconciler.statistics.drift.l_infinity import l_infinity
from reconciler.statistics.drift.measure import Drift
from reconciler.statistics.significance import kolmogorov_tail


def ks(reference: FeatureProfile, current: FeatureProfile) -> Known[Drift]:
    """The largest abs(F - G) of the values that are not missing; of categories, which have no order, the same as `lInfinity`.

    Both functions are known exactly at the reference's knots, so the answer is never above the exact one, and below it by at
    most the share of the reference's rows between two knots, which is some 0.001; exact where at most 512 values differ.
    Missing without knots or values. Source of the p-value: Stephens 1970. Raises TypeError for profiles of two kinds.
    """
    match reference, current:
        case CategoricalProfile(), CategoricalProfile():
            return l_infinity(reference, current)
        case NumericProfile(), NumericProfile():
            known = knots_of_both(reference, current)
            return known if isinstance(known, Missing) else distance(*known)
        case _:
            raise TypeError("the two profiles do not share their bins")


def distance(reference: Knots, current: Knots) -> Drift:
    """The distance between two samples that are not empty, on the same knots."""
    n, m = sum(reference.counts), sum(current.counts)
    sums = zip(accumulate(reference.counts), accumulate(current.counts), strict=True)
    value = max(abs(a * m - b * n) for a, b in sums) / (n * m)
    root = math.sqrt(n * m / (n + m))
    return Drift(value=value, p_value=kolmogorov_tail((root + 0.12 + 0.11 / root) * value))


def knots_of_both(reference: NumericProfile, current: NumericProfile) -> Known[tuple[Knots, Knots]]:
    """The knots of two profiles; Missing when a profile has none, or no values. Raises TypeError when they differ."""
    if reference.knots is None or current.knots is None:
        return Missing(code="notAvailable", why="the profile was made before there were knots: train again")
    if reference.knots.values != current.knots.values:
        raise TypeError("the two profiles do not share their knots")
    if not reference.present or not current.present:
        why = f"{reference.present} values in the reference and {current.present} in the window to compare"
        return Missing(code="insufficientData", why=why)
    return reference.knots, current.knots
