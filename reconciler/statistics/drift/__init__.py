"""Drift statistics: how far a current window is from the reference profile. The table of all that YAML may name."""

from collections.abc import Mapping

from reconciler.statistics.drift.chi_squared import chi_squared
from reconciler.statistics.drift.js_distance import js_distance_base_2
from reconciler.statistics.drift.kl_divergence import kl_divergence
from reconciler.statistics.drift.ks import ks
from reconciler.statistics.drift.l_infinity import l_infinity
from reconciler.statistics.drift.measure import DriftStatistic
from reconciler.statistics.drift.missing_rate import missing_rate
from reconciler.statistics.drift.psi import psi
from reconciler.statistics.drift.wasserstein import wasserstein_iqr

DRIFT_STATISTICS: Mapping[str, DriftStatistic] = {
    "psi": DriftStatistic(measure=psi, cut=0.2, warn=0.1),
    "ks": DriftStatistic(measure=ks, cut=0.1, warn=0.1, of_values=True),
    "jsDistanceBase2": DriftStatistic(measure=js_distance_base_2, cut=0.1, warn=0.1),
    "wassersteinIqr": DriftStatistic(measure=wasserstein_iqr, cut=0.1, warn=0.1, of_values=True),
    "klDivergence": DriftStatistic(measure=kl_divergence, cut=0.15, warn=0.15),
    "chiSquared": DriftStatistic(measure=chi_squared, cut=0.1, warn=0.1),
    "lInfinity": DriftStatistic(measure=l_infinity, cut=0.1, warn=0.1),
    "missingRate": DriftStatistic(measure=missing_rate, cut=0.05, warn=0.05),
}
