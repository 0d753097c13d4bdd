"""Measurement `calibration`: whether the candidate's probabilities mean what they say, and more so than the champion's."""

from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.calibration import Calibration, CalibrationGain
from reconciler.domain.measured.comparison import NoBaseline
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.scored import Scored


def calibration(context: StageContext, scored: Scored) -> Known[Calibration]:
    """The candidate on its hold-out; both on the rows that neither was trained on. Missing for a regression."""
    from reconciler.statistics.calibration import calibrated

    candidate = calibrated(context.model.spec.task, scored.target, scored.prediction)
    if isinstance(candidate, Missing):
        return candidate
    return Calibration(candidate=candidate, gain=_gain(context, scored))


def _gain(context: StageContext, scored: Scored) -> Known[CalibrationGain | NoBaseline]:
    from reconciler.statistics.calibration import calibration_gains

    champion = scored.champion
    if champion is None:
        return NoBaseline()
    if isinstance(champion, Missing):
        return champion
    unseen = champion.unseen
    pair = (champion.prediction[unseen], scored.prediction[unseen])
    gains = calibration_gains(context.model.spec.task, scored.target[unseen], pair)
    return gains if isinstance(gains, Missing) else CalibrationGain(champion=champion.digest, **gains)
