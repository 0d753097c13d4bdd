"""Evidence: the numbers that the pipeline measured for one candidate. Gates judge them."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.known import Known, Measured, Missing
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """Digests of the model's bytes from two trainings on the same snapshot."""

    first: Digest
    second: Digest


NOT_MEASURED = Missing(code="notMeasured", why="it was not measured when the candidate was trained")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that was measured. A field that a candidate's files lack is Missing; a new measurement is a new field.

    `quality` comes from validate; the fields of `VERIFIED` from verify, which looks at the finished package; the others from
    evaluate. `asked` are the keys of what the gates of the time asked for (`GateRule.asks`).
    """

    quality: Known[Quality]
    metrics: Known[Mapping[str, Measured]]
    comparison: Known[Comparison | NoBaseline]
    asked: Known[tuple[str, ...]] = NOT_MEASURED
    repeated: Known[Repeated] = NOT_MEASURED


VERIFIED: frozenset[str] = frozenset({"repeated"})
"""Names of the fields that the stage verify measures."""
