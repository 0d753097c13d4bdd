"""What a drift statistic is, and how the features of one window are judged together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reconciler.domain.known import Known, Missing
from reconciler.domain.profiles import FeatureProfile, Profile
from reconciler.statistics.significance import holm

ALPHA = 0.01
"""After Holm's correction over the features judged together (STATISTICS: conventions)."""
MINIMUM_ROWS = 200
"""Fewer rows on either side are no answer."""
SEPARATED = 0.6
"""The ROC AUC from which on a small model that tells two sets of rows apart says that they differ (STATISTICS)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How far one feature moved, and how likely so much is when nothing moved."""

    value: float
    p_value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftStatistic:
    """Compares a feature's current profile with its reference. Profiles of different kinds raise TypeError.

    From `cut` on a significant change calls for action, from `warn` on for a look. `of_values` says that missing rows do not
    count, so that the minimum of rows is one of values.
    """

    measure: Callable[[FeatureProfile, FeatureProfile], Known[Drift]]
    cut: float
    warn: float
    of_values: bool = False

    def __call__(self, reference: FeatureProfile, current: FeatureProfile) -> Known[Drift]:
        """The effect size and its p-value."""
        return self.measure(reference, current)


def compare(
    statistic: DriftStatistic, reference: Profile, current: Profile, minimum: int = MINIMUM_ROWS
) -> Mapping[str, Known[Drift]]:
    """Every feature of the reference. Missing where either side has too few rows, or none of the feature at all."""
    return {name: _compare(statistic, name, (feature, current), minimum) for name, feature in reference.features.items()}


def _compare(statistic: DriftStatistic, name: str, sides: tuple[FeatureProfile, Profile], minimum: int) -> Known[Drift]:
    reference, window = sides
    current = window.features.get(name)
    if current is None:
        return Missing(code="notProfiled", why=f"{name} was not profiled")
    rows = [side.present if statistic.of_values else side.rows for side in (reference, current)]
    if min(rows) < minimum:
        what = "values" if statistic.of_values else "rows"
        why = f"{rows[0]} {what} of {name} in the reference and {rows[1]} in the window, {minimum} needed"
        return Missing(code="insufficientData", why=why)
    return statistic(reference, current)


def drifted(drifts: Mapping[str, Drift], cut: float, alpha: float = ALPHA) -> tuple[str, ...]:
    """Features that drifted: effect size at least the cut AND significant after Holm. Largest first, then by name."""
    names = sorted(drifts)
    significant = holm([drifts[name].p_value for name in names], alpha)
    found = [name for name, sure in zip(names, significant, strict=True) if sure and drifts[name].value >= cut]
    return tuple(sorted(found, key=lambda name: (-drifts[name].value, name)))
