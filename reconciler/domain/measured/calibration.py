"""How well a classifier's probabilities mean what they say."""

from dataclasses import dataclass

from reconciler.domain.known import Known, Measured
from reconciler.domain.measured.comparison import NoBaseline
from reconciler.domain.names import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Rows of about one probability: the mean of what was said, and the share in which it happened."""

    predicted: float
    observed: float
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrated:
    """One model's Brier score and expected calibration error, both better when less; the error less its chance part."""

    rows: int
    brier: Measured
    error: Measured
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationGain:
    """How much less the candidate's numbers are than the champion's on identical rows; positive is better."""

    champion: Digest
    brier: Measured
    error: Measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The candidate on its hold-out, and beside the champion."""

    candidate: Calibrated
    gain: Known[CalibrationGain | NoBaseline]
