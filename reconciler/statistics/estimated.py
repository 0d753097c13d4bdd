"""What a classifier's metrics would be if its probabilities are right: an estimate for rows whose labels are not known yet.

Confidence-based performance estimation: each row counts as all of its possible labels at once, each with the weight that the
model gives it, so the metrics' own code computes their expectation. It sees covariate shift, and is blind to concept drift.
Source: Bialek et al. 2024, "Estimating model performance under covariate shift without labels" (CBPE).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from reconciler.domain.known import Known, Measured, Missing
from reconciler.statistics.metrics import Scorer, check


def estimate(task: str, metric: str, prediction: ArrayLike) -> Known[Measured]:
    """The metric expected of unlabelled rows with these predictions, (n,) or (n, k); the interval says nothing.

    Missing for a regression, for no rows, and where the metric is undefined.
    """
    given = np.asarray(prediction, dtype=np.float64)
    if task == "regression":
        return Missing(code="notEstimated", why="a regression gives no probabilities to estimate from")
    if not len(given):
        return Missing(code="insufficientData", why="0 rows to estimate from")
    shares = given if task == "multiclass" else np.column_stack((1 - given, given))
    classes = shares.shape[1]
    truth = np.repeat(np.arange(classes, dtype=np.float64), len(given))
    stacked = np.concatenate([given] * classes)
    if (problem := check(task, truth, stacked)) is not None:
        return problem
    weights = shares.T.reshape(-1, 1).clip(0.0, 1.0)
    value = _score(task, [metric], truth, stacked, weights)
    if not np.isfinite(value):
        return Missing(code="undefined", why=f"{metric} of {len(given)} unlabelled rows is not a number")
    return Measured(value=value, low=-np.inf, high=np.inf, rows=len(given))


def _score(
    task: str,
    metrics: Sequence[str],
    truth: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    prediction: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]",
    weights: "np.ndarray[tuple[int, int], np.dtype[np.float64]]",
) -> float:
    return float(Scorer(task, metrics, truth, [prediction]).score(weights)[metrics[0]][0, 0])
