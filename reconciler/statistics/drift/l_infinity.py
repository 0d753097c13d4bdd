"""Drift statistic `lInfinity`: the largest change of the share of any one category or bin."""

from reconciler.domain.profiles import FeatureProfile
from reconciler.statistics.drift.bins import every_bin
from reconciler.statistics.drift.chi_squared import contingency
from reconciler.statistics.drift.measure import Drift


def l_infinity(reference: FeatureProfile, current: FeatureProfile) -> Drift:
    """The largest abs(q - p) over the bins; missing and unseen values have bins of their own.

    The p-value is that of the contingency test of the same bins. Raises TypeError for profiles of two kinds.
    """
    bins = every_bin(reference, current)
    if not reference.rows or not current.rows:
        return Drift(value=0.0, p_value=1.0)
    value = max(abs(b / current.rows - a / reference.rows) for a, b in bins)
    return Drift(value=value, p_value=contingency(bins).p_value)
