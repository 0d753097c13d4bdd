"""Metrics are those of scikit-learn, weighted or not, ties included; what cannot be told is Missing."""

import numpy as np
import pytest
from sklearn import metrics as sk

from reconciler.domain.known import Missing
from reconciler.domain.metrics import METRICS, metrics_of
from reconciler.statistics.metrics import Scorer, measure

RNG = np.random.default_rng(5)
N = 400
Y = (RNG.random(N) < 0.3).astype(float)
P = np.round(np.clip(0.3 * Y + RNG.random(N) * 0.7, 0, 1), 2)  # rounded: scores tie
CLASSES = RNG.integers(0, 4, N)
SHARES = RNG.dirichlet(np.ones(4), N)
NUMBERS = RNG.normal(5, 3, N)
GUESSES = NUMBERS + RNG.normal(size=N)
SAMPLES = {"binary": (Y, P), "multiclass": (CLASSES, SHARES), "regression": (NUMBERS, GUESSES)}

EXPECTED = {
    ("binary", "rocAuc"): lambda y, p, w: sk.roc_auc_score(y, p, sample_weight=w),
    ("binary", "averagePrecision"): lambda y, p, w: sk.average_precision_score(y, p, sample_weight=w),
    ("binary", "accuracy"): lambda y, p, w: sk.accuracy_score(y, p >= 0.5, sample_weight=w),
    ("binary", "f1"): lambda y, p, w: sk.f1_score(y, p >= 0.5, sample_weight=w),
    ("binary", "precision"): lambda y, p, w: sk.precision_score(y, p >= 0.5, sample_weight=w),
    ("binary", "recall"): lambda y, p, w: sk.recall_score(y, p >= 0.5, sample_weight=w),
    ("binary", "brier"): lambda y, p, w: sk.brier_score_loss(y, p, sample_weight=w),
    ("binary", "logLoss"): lambda y, p, w: sk.log_loss(y, p, sample_weight=w),
    ("multiclass", "accuracy"): lambda y, p, w: sk.accuracy_score(y, p.argmax(1), sample_weight=w),
    ("multiclass", "macroF1"): lambda y, p, w: sk.f1_score(y, p.argmax(1), average="macro", sample_weight=w),
    ("multiclass", "logLoss"): lambda y, p, w: sk.log_loss(y, p, sample_weight=w),
    ("regression", "mae"): lambda y, p, w: sk.mean_absolute_error(y, p, sample_weight=w),
    ("regression", "rmse"): lambda y, p, w: sk.root_mean_squared_error(y, p, sample_weight=w),
    ("regression", "r2"): lambda y, p, w: sk.r2_score(y, p, sample_weight=w),
}


def test_every_metric_is_checked_against_scikit_learn():
    assert {name for _, name in EXPECTED} == set(METRICS)
    assert set(EXPECTED) == {(task, name) for task in SAMPLES for name in metrics_of(task)}


@pytest.mark.parametrize(("task", "metric"), EXPECTED)
def test_measure_agrees_with_scikit_learn(task, metric):
    y, prediction = SAMPLES[task]
    expected = EXPECTED[task, metric](y, prediction, None)
    assert measure(task, metric, y, prediction) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("task", SAMPLES)
def test_weights_of_many_resamples_agree_with_scikit_learn(task):
    y, prediction = SAMPLES[task]
    weights = RNG.integers(0, 4, (N, 3)).astype(np.uint8)
    scores = Scorer(task, metrics_of(task), np.asarray(y, float), [prediction]).score(weights)
    for metric, (values,) in scores.items():
        expected = [EXPECTED[task, metric](y, prediction, row) for row in weights.T]
        assert values == pytest.approx(expected, abs=1e-9), metric


@pytest.mark.parametrize(
    ("y", "prediction", "value"),
    [
        ([0, 1], [0.2, 0.9], 1.0),
        ([0, 1], [0.9, 0.2], 0.0),
        ([0, 1], [0.5, 0.5], 0.5),
        ([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.9], 0.875),
    ],
)
def test_roc_auc_of_a_few_rows_by_hand(y, prediction, value):
    assert measure("binary", "rocAuc", y, prediction) == value


@pytest.mark.parametrize(
    ("task", "metric", "y", "prediction", "code"),
    [
        ("binary", "rocAuc", [], [], "noRows"),
        ("binary", "rocAuc", [1, 1], [0.2, 0.3], "oneClass"),
        ("binary", "brier", [0, 0], [0.2, 0.3], "oneClass"),
        ("multiclass", "macroF1", [2, 2], [[0.2, 0.3, 0.5]] * 2, "oneClass"),
        ("binary", "rocAuc", [0, 1], [0.2, np.nan], "notANumber"),
        ("binary", "rocAuc", [0, np.nan], [0.2, 0.4], "notANumber"),
        ("regression", "mae", [1.0, 2.0], [np.inf, 2.0], "notANumber"),
        ("regression", "r2", [3.0, 3.0], [1.0, 2.0], "undefined"),
    ],
)
def test_what_cannot_be_measured_is_missing_with_a_reason(task, metric, y, prediction, code):
    missing = measure(task, metric, y, prediction)
    assert isinstance(missing, Missing)
    assert missing.code == code
    assert missing.why


def test_no_positive_call_is_a_precision_of_zero():
    assert measure("binary", "precision", [0, 1], [0.1, 0.2]) == 0
    assert measure("binary", "f1", [0, 1], [0.1, 0.2]) == 0


def test_a_metric_of_another_task_is_refused():
    with pytest.raises(ValueError, match="no metrics of a regression task: rocAuc"):
        measure("regression", "rocAuc", [1.0, 2.0], [1.0, 2.0])


def test_predictions_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"shape \(3,\) for 2 rows"):
        measure("binary", "rocAuc", [0, 1], [0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match="multiclass"):
        measure("multiclass", "accuracy", [0, 1], [0.1, 0.2])


def test_a_certain_and_wrong_prediction_costs_much_but_not_infinitely():
    assert measure("binary", "logLoss", [0, 1], [1.0, 1.0]) == pytest.approx(36.04 / 2, rel=1e-3)


def test_rounding_is_no_variance_of_a_constant_target():
    assert isinstance(measure("regression", "r2", [0.1] * 7, [0.2] * 7), Missing)
