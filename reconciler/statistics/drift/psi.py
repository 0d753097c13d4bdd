"""Drift statistic `psi`: the population stability index, sum of (q - p) ln(q / p) on the reference's bins."""

import math

from reconciler.domain.profiles import FeatureProfile
from reconciler.statistics.drift.bins import RARE, aligned_bins, held_bins, smoothed_shares
from reconciler.statistics.drift.measure import Drift
from reconciler.statistics.significance import chi_squared_tail

__all__ = ["RARE", "aligned_bins", "psi", "smoothed_shares"]


def psi(reference: FeatureProfile, current: FeatureProfile) -> Drift:
    """PSI of smoothed shares. When nothing moved, PSI / (1/N + 1/M) is chi-squared with B - 1 degrees of freedom.

    N and M are the row counts, B the bins that hold a row of either.
    Source: Yurdakul 2018, "Statistical properties of the population stability index". Raises TypeError for profiles of two kinds.
    """
    bins = held_bins(reference, current)
    n, m = (sum(side) for side in zip(*bins, strict=True)) if bins else (0, 0)
    if len(bins) < 2 or not n or not m:
        return Drift(value=0.0, p_value=1.0)
    p = smoothed_shares([pair[0] for pair in bins])
    q = smoothed_shares([pair[1] for pair in bins])
    value = math.fsum((b - a) * math.log(b / a) for a, b in zip(p, q, strict=True))
    return Drift(value=value, p_value=chi_squared_tail(value / (1 / n + 1 / m), len(bins) - 1))
