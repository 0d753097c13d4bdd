"""Drift statistics: how far a current window is from the reference profile. The table of all that YAML may name."""

from collections.abc import Mapping

from reconciler.statistics.drift.measure import DriftStatistic
from reconciler.statistics.drift.psi import psi

DRIFT_STATISTICS: Mapping[str, DriftStatistic] = {"psi": psi}
