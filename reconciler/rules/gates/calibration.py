"""Gate `calibration`: the candidate's probabilities mean what they say, and no less so than the champion's."""

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Measured, Missing
from reconciler.domain.measured.calibration import Calibrated, CalibrationGain
from reconciler.rules.base import GateRule
from reconciler.rules.choices import OptionalCut
from reconciler.rules.combine import together
from reconciler.rules.evidence import TRAIN_AGAIN, beside_champion, evidence_of
from reconciler.rules.fields import Count

USUAL_ERROR = 0.05
"""The bound when the policy gives none."""
_ERROR, _BRIER = "calibration error", "Brier score"
_MEND = "a calibrated model: regularise it, give it more rows, or calibrate it in a pipeline of your own"


class Calibration(GateRule):
    """Brier score and expected calibration error are beyond chance not above their bounds. Of classifications only."""

    type: Literal["calibration"]
    error_at_most: OptionalCut = None
    """Of the expected calibration error (15 bins of equal mass)."""
    brier_at_most: OptionalCut = None
    """Of the Brier score."""
    error_margin: OptionalCut = None
    """How much more of the calibration error than the champion has."""
    brier_margin: OptionalCut = None
    """How much more of the Brier score than the champion has."""
    minimum_rows: Count = 200
    """Fewer rows are no answer."""

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `calibrated` or `noBaseline`, NO `miscalibrated` or `worseCalibrated`, UNKNOWN for anything that is missing."""
        evidence = evidence_of(facts)
        found = evidence if isinstance(evidence, Missing) else evidence.calibration
        if isinstance(found, Missing):
            return unknown(self.type, found.code, found.why, remedy=TRAIN_AGAIN)
        claims = list(self._alone(found.candidate))
        if self.error_margin is not None or self.brier_margin is not None:
            beside = beside_champion(self.type, facts, found.gain)
            claims += [beside] if isinstance(beside, Judgement) else self._beside(beside)
        return together(claims)

    def _alone(self, candidate: Calibrated) -> Iterator[Judgement]:
        given = (self.error_at_most, self.brier_at_most, self.error_margin, self.brier_margin)
        error_at_most = USUAL_ERROR if given == (None,) * 4 else self.error_at_most
        for name, measured, bound in ((_ERROR, candidate.error, error_at_most), (_BRIER, candidate.brier, self.brier_at_most)):
            if bound is not None:
                yield self._claim(name, measured, bound, "miscalibrated")

    def _beside(self, gain: CalibrationGain) -> Iterator[Judgement]:
        for name, gained, margin in ((_ERROR, gain.error, self.error_margin), (_BRIER, gain.brier, self.brier_margin)):
            if margin is not None:
                more = Measured(value=-gained.value, low=-gained.high, high=-gained.low, rows=gained.rows)
                yield self._claim(f"{name} more than the live model's by", more, margin, "worseCalibrated")

    def _claim(self, name: str, measured: Measured, bound: float, code: str) -> Judgement:
        """The bound is broken when even the low end of the interval is above it."""
        said = f"{name} {measured.value:.4g} ({measured.low:.4g} to {measured.high:.4g}) over {measured.rows} rows"
        if measured.rows < self.minimum_rows:
            message = f"{said}, {self.minimum_rows} rows needed"
            return unknown(self.type, "insufficientData", message, remedy="a longer hold-out")
        if not all(map(math.isfinite, (measured.value, measured.low, measured.high))):
            return unknown(self.type, "notANumber", said, remedy=TRAIN_AGAIN)
        said = f"{said}, at most {bound:g} wanted"
        return yes(self.type, "calibrated", said) if measured.low <= bound else no(self.type, code, said, remedy=_MEND)
