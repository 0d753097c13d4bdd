"""What a drift statistic is, and how the features of one window are judged together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from reconciler.domain.profiles import FeatureProfile
from reconciler.statistics.significance import holm

ALPHA = 0.01
"""After Holm's correction over the features judged together (STATISTICS: conventions)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How far one feature moved, and how likely so much is when nothing moved."""

    value: float
    p_value: float


class DriftStatistic(Protocol):
    """Compares a feature's current profile with its reference. Profiles of different kinds raise TypeError."""

    def __call__(self, reference: FeatureProfile, current: FeatureProfile) -> Drift:
        """The effect size and its p-value."""
        ...


def drifted(drifts: Mapping[str, Drift], cut: float, alpha: float = ALPHA) -> tuple[str, ...]:
    """Features that drifted: effect size at least the cut AND significant after Holm. Largest first, then by name."""
    names = sorted(drifts)
    significant = holm([drifts[name].p_value for name in names], alpha)
    found = [name for name, sure in zip(names, significant, strict=True) if sure and drifts[name].value >= cut]
    return tuple(sorted(found, key=lambda name: (-drifts[name].value, name)))
