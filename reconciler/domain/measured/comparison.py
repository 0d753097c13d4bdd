"""How the candidate did beside the champion on the same rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.names import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """How much better the challenger is than the champion in one metric; positive is better, whatever the metric.

    `quantiles` maps a level in (0, 1) to that quantile of the paired bootstrap of the gain.
    """

    metric: str
    champion: float
    challenger: float
    gain: float
    quantiles: Mapping[float, float]
    rows: int

    def __post_init__(self) -> None:
        """Raises ValueError for a level that is none."""
        if wrong := [level for level in self.quantiles if not 0 < level < 1]:
            raise ValueError(f"a quantile's level of {wrong[0]:g} is not between 0 and 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class NoBaseline:
    """Nothing is live yet, so there was nothing to compare with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Champion and challenger rescored from their artifacts on identical rows, never trained on by either."""

    champion: Digest
    evaluation_set: Digest
    gains: Mapping[str, Gain]
