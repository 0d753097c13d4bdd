"""Drift statistic `jsDistanceBase2`: the Jensen-Shannon distance of the shares of the bins, from 0 to 1."""

import math

from reconciler.domain.profiles import FeatureProfile
from reconciler.statistics.drift.bins import every_bin, held_bins, smoothed_shares
from reconciler.statistics.drift.chi_squared import contingency
from reconciler.statistics.drift.measure import Drift


def js_distance_base_2(reference: FeatureProfile, current: FeatureProfile) -> Drift:
    """sqrt((KL(p, m) + KL(q, m)) / 2) with m = (p + q) / 2 and logarithms to base 2, of smoothed shares.

    The p-value is that of the contingency test of the same bins. Source: Lin 1991; Endres and Schindelin 2003.
    Raises TypeError for profiles of two kinds.
    """
    bins = held_bins(reference, current)
    if len(bins) < 2 or not reference.rows or not current.rows:
        return Drift(value=0.0, p_value=1.0)
    p, q = (smoothed_shares([pair[side] for pair in bins]) for side in (0, 1))
    terms = (x * math.log2(2 * x / (a + b)) for a, b in zip(p, q, strict=True) for x in (a, b))
    value = math.sqrt(max(0.0, math.fsum(terms) / 2))
    return Drift(value=value, p_value=contingency(every_bin(reference, current)).p_value)
