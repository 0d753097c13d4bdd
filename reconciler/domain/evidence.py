"""Evidence: the numbers that the pipeline measured for one candidate. Gates judge them."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.known import Known, Measured
from reconciler.domain.names import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The result of the dataset contract's expectations on a snapshot. `failures` are sentences."""

    evaluated: int
    failures: tuple[str, ...]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class NoBaseline:
    """Nothing is live yet, so there was nothing to compare with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Champion and challenger rescored from their artifacts on identical rows, never trained on by either."""

    champion: Digest
    evaluation_set: Digest
    gains: Mapping[str, Gain]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """The numbers that the pipeline measured for one candidate. Gates judge them."""

    quality: Known[Quality]
    metrics: Known[Mapping[str, Measured]]
    comparison: Known[Comparison | NoBaseline]
