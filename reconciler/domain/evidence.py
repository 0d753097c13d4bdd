"""Evidence: the numbers that the pipeline measured for one candidate. Gates judge them."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.measured.calibration import Calibration
from reconciler.domain.measured.comparison import Comparison, Gain, NoBaseline
from reconciler.domain.measured.data import LabelCheck, Leakage, Quality, Schema, Volume
from reconciler.domain.measured.fairness import Grouped
from reconciler.domain.measured.importance import Importance
from reconciler.domain.measured.robustness import Strained
from reconciler.domain.measured.serving import Infra, Latency, Memory, Opinion, Parity
from reconciler.domain.measured.slices import Sliced
from reconciler.domain.names import Digest

__all__ = ["NOT_MEASURED", "VERIFIED", "Comparison", "Evidence", "Gain", "NoBaseline", "Quality", "Repeated"]


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
    evaluate. `asked` are the keys of what the gates of the time asked for (`GateRule.asks`); `primary` is the model's first
    metric; `training` are the metrics on the very rows that were learnt from.
    """

    quality: Known[Quality]
    metrics: Known[Mapping[str, Measured]]
    comparison: Known[Comparison | NoBaseline]
    asked: Known[tuple[str, ...]] = NOT_MEASURED
    primary: Known[str] = NOT_MEASURED
    training: Known[Mapping[str, float]] = NOT_MEASURED
    calibration: Known[Calibration] = NOT_MEASURED
    slices: Known[tuple[Sliced, ...]] = NOT_MEASURED
    fairness: Known[tuple[Grouped, ...]] = NOT_MEASURED
    repeated: Known[Repeated] = NOT_MEASURED
    interpreter: Known[str] = NOT_MEASURED
    latency: Known[Mapping[str, Known[Latency]]] = NOT_MEASURED
    memory: Known[Mapping[str, Known[Memory]]] = NOT_MEASURED
    infra: Known[Infra] = NOT_MEASURED
    parity: Known[Parity] = NOT_MEASURED
    custom: Known[Mapping[str, Known[Opinion]]] = NOT_MEASURED
    robustness: Known[Strained] = NOT_MEASURED
    schema: Known[Schema] = NOT_MEASURED
    volume: Known[Volume] = NOT_MEASURED
    importance: Known[Importance] = NOT_MEASURED
    leakage: Known[Leakage] = NOT_MEASURED
    labels: Known[LabelCheck] = NOT_MEASURED


VERIFIED: frozenset[str] = frozenset({"repeated", "interpreter", "latency", "memory", "infra", "parity", "custom"})
"""Names of the fields that the stage verify measures."""
