"""Drift statistic `missingRate`: by how much the share of missing values changed, up or down."""

from reconciler.domain.profiles import FeatureProfile
from reconciler.statistics.drift.bins import every_bin
from reconciler.statistics.drift.measure import Drift
from reconciler.statistics.significance import chi_squared_tail


def missing_rate(reference: FeatureProfile, current: FeatureProfile) -> Drift:
    """abs(q - p) of the missing shares; the p-value is that of a two-by-two table with Yates's correction (1934).

    Raises TypeError for profiles of two kinds.
    """
    every_bin(reference, current)  # refuses profiles of two kinds
    n, m = reference.rows, current.rows
    if not n or not m:
        return Drift(value=0.0, p_value=1.0)
    value = abs(current.missing / m - reference.missing / n)
    missing = reference.missing + current.missing
    if missing in (0, n + m):
        return Drift(value=value, p_value=1.0)
    apart = max(0.0, abs(reference.missing * m - current.missing * n) - (n + m) / 2)
    statistic = apart * apart * (n + m) / (n * m * missing * (n + m - missing))
    return Drift(value=value, p_value=chi_squared_tail(statistic, 1))
