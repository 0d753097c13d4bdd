"""How a model treats groups of people, or of whatever else."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.known import Known, Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """The hold-out by the values of one column: group to what the model does there.

    `rates` maps a group to `selectionRate`, `truePositiveRate` and `falsePositiveRate`, shares of rows with Wilson's interval;
    of a regression to `meanPrediction` and `meanError`, prediction less label, with the interval of the central limit theorem.
    `threshold` is the probability from which on a row is called positive.
    """

    column: str
    threshold: float
    rows: Mapping[str, int]
    rates: Mapping[str, Mapping[str, Known[Measured]]]
