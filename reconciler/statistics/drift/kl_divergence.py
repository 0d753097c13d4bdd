"""Drift statistic `klDivergence`: the information in nats that the reference lacks about the current window."""

import math

from reconciler.domain.profiles import FeatureProfile
from reconciler.statistics.drift.bins import every_bin, held_bins, smoothed_shares
from reconciler.statistics.drift.chi_squared import contingency
from reconciler.statistics.drift.measure import Drift


def kl_divergence(reference: FeatureProfile, current: FeatureProfile) -> Drift:
    """KL(q, p) = sum q ln(q / p) of smoothed shares, so it is never infinite.

    The p-value is that of the contingency test of the same bins. Source: Kullback and Leibler 1951.
    Raises TypeError for profiles of two kinds.
    """
    bins = held_bins(reference, current)
    if len(bins) < 2 or not reference.rows or not current.rows:
        return Drift(value=0.0, p_value=1.0)
    p, q = (smoothed_shares([pair[side] for pair in bins]) for side in (0, 1))
    value = math.fsum(b * math.log(b / a) for a, b in zip(p, q, strict=True))
    return Drift(value=max(0.0, value), p_value=contingency(every_bin(reference, current)).p_value)
