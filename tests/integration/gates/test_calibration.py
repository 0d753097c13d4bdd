"""Gate `calibration` on real models: probabilities that are too sure are refused, honest ones pass; bins are scikit-learn's."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.calibration import calibration_curve

from reconciler.domain.judgements import Answer
from reconciler.domain.measured.calibration import Calibrated
from reconciler.pipeline.evidence_json import EVALUATION
from reconciler.rules.gates.calibration import Calibration
from reconciler.statistics.calibration import BINS, calibrated
from tests.judging import evaluated, judged
from tests.runs import HOUR, START, a_context, flights, take_snapshot

GATE = Calibration(type="calibration")
SURE = {"max_iter": 400, "learning_rate": 0.3, "min_samples_leaf": 2}
HONEST = {"max_iter": 40, "min_samples_leaf": 50}


@pytest.mark.parametrize(
    ("parameters", "holdout", "answer", "code"),
    [
        (HONEST, 800, Answer.YES, "calibrated"),
        (SURE, 800, Answer.NO, "miscalibrated"),
        (SURE, 150, Answer.UNKNOWN, "insufficientData"),
    ],
    ids=["honest", "too sure", "too few rows"],
)
def test_a_model_that_is_too_sure_is_refused(tmp_path: Path, parameters: dict, holdout: int, answer: Answer, code: str) -> None:
    context = a_context(tmp_path, training={"holdout": "14d", "parameters": parameters})
    take_snapshot(context, flights(1500), flights(holdout, start=START + 1524 * HOUR, seed=1))
    judgement = judged(GATE, evaluated(context, GATE))
    assert (judgement.answer, judgement.code) == (answer, code), judgement.message
    assert '"calibration"' in context.path(EVALUATION).read_text()


def test_bins_and_error_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    said = rng.beta(1, 3, 5000)
    y = rng.random(5000) < said**1.3
    found = calibrated("binary", y.astype(float), said)
    assert isinstance(found, Calibrated)
    observed, predicted = calibration_curve(y, said, n_bins=BINS, strategy="quantile")
    assert [bin.observed for bin in found.bins] == pytest.approx(observed.tolist())
    assert [bin.predicted for bin in found.bins] == pytest.approx(predicted.tolist())
    weights = np.array([bin.rows for bin in found.bins]) / 5000
    assert found.error.value == pytest.approx((weights * abs(observed - predicted)).sum(), abs=0.005)


@pytest.mark.parametrize("rows", [500, 5000])
def test_calibrated_models_are_not_refused(rows: int) -> None:
    """The low end of the interval is above zero for 2.5 of a hundred, and above 0.015 for none."""
    lows = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        said = rng.beta(2, 8, rows)
        found = calibrated("binary", (rng.random(rows) < said).astype(float), said)
        assert isinstance(found, Calibrated)
        lows.append(found.error.low)
    assert sum(low > 0 for low in lows) <= 6
    assert max(lows) < 0.015
