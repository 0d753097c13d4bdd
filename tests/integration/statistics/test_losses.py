"""The loss of single rows, and what is expected of rows whose label nobody knows yet."""

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, brier_score_loss, f1_score, log_loss, roc_auc_score

from reconciler.domain.known import Measured, Missing
from reconciler.statistics.estimated import estimate
from reconciler.statistics.losses import row_errors, row_losses

RNG = np.random.default_rng(0)
SHARES = RNG.beta(2, 5, 40_000)
TRUTH = (RNG.random(40_000) < SHARES).astype(float)


def test_the_mean_loss_of_two_classes_is_the_brier_score() -> None:
    assert row_losses("binary", TRUTH, SHARES).mean() == pytest.approx(brier_score_loss(TRUTH, SHARES))


def test_two_classes_written_as_several_have_the_same_loss() -> None:
    both = np.column_stack((1 - SHARES, SHARES))
    assert row_losses("multiclass", TRUTH, both) == pytest.approx(row_losses("binary", TRUTH, SHARES))
    assert (row_errors("multiclass", TRUTH, both) == row_errors("binary", TRUTH, SHARES)).all()


def test_errors_are_what_accuracy_lacks() -> None:
    assert 1 - row_errors("binary", TRUTH, SHARES).mean() == pytest.approx(accuracy_score(TRUTH, SHARES >= 0.5))


def test_the_loss_of_a_number_is_a_share_of_the_scale_and_at_most_one() -> None:
    assert row_losses("regression", np.array([0.0, 0, 0]), np.array([1.0, -2, 1e9]), 4.0).tolist() == [0.25, 0.5, 1.0]


def test_a_number_is_never_just_wrong() -> None:
    with pytest.raises(ValueError, match="regression"):
        row_errors("regression", np.zeros(1), np.zeros(1))


@pytest.mark.parametrize(
    ("metric", "actual"),
    [
        ("rocAuc", roc_auc_score(TRUTH, SHARES)),
        ("accuracy", accuracy_score(TRUTH, SHARES >= 0.5)),
        ("f1", f1_score(TRUTH, SHARES >= 0.5)),
        ("brier", brier_score_loss(TRUTH, SHARES)),
        ("logLoss", log_loss(TRUTH, SHARES)),
    ],
)
def test_of_a_calibrated_model_the_estimate_is_what_the_labels_later_say(metric: str, actual: float) -> None:
    found = estimate("binary", metric, SHARES)
    assert isinstance(found, Measured)
    assert found.value == pytest.approx(actual, abs=0.01)
    assert (found.low, found.high, found.rows) == (-np.inf, np.inf, 40_000)


def test_of_several_classes_too() -> None:
    shares = np.random.default_rng(1).dirichlet([1, 2, 3], 20_000)
    truth = (shares.cumsum(axis=1) < np.random.default_rng(2).random((20_000, 1))).sum(axis=1)
    found = estimate("multiclass", "accuracy", shares)
    assert isinstance(found, Measured)
    assert found.value == pytest.approx(accuracy_score(truth, shares.argmax(axis=1)), abs=0.01)


@pytest.mark.parametrize(("task", "rows"), [("regression", np.ones(5)), ("binary", np.ones(0)), ("binary", np.full(5, np.nan))])
def test_what_cannot_be_estimated_is_missing(task: str, rows: np.ndarray) -> None:
    assert isinstance(estimate(task, "mae" if task == "regression" else "brier", rows), Missing)
