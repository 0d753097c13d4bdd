"""The loss of each row: what concept drift is looked for in, and what tells how much a model leans on a feature."""

import numpy as np

from reconciler.statistics.exact import Floats
from reconciler.statistics.linear import THRESHOLD


def row_losses(task: str, truth: Floats, prediction: Floats, scale: float = 1.0) -> Floats:
    """The loss of each row in [0, 1], (n,); shapes as in `metrics`.

    Classes: the squared error of the probabilities, of several classes half their sum. Source: Brier 1950.
    Regression: the absolute error as a share of `scale`, at most 1, so that one outlier is one bad row and no more.
    """
    y, given = np.asarray(truth, dtype=np.float64), np.asarray(prediction, dtype=np.float64)
    match task:
        case "regression":
            return np.asarray(np.minimum(np.abs(given - y) / scale, 1.0), dtype=np.float64)
        case "multiclass":
            wrong = given.copy()
            wrong[np.arange(y.size), y.astype(np.intp)] -= 1.0
            return np.asarray((wrong * wrong).sum(axis=1) / 2, dtype=np.float64)
        case _:
            return np.asarray((given - y) ** 2, dtype=np.float64)


def row_errors(task: str, truth: Floats, prediction: Floats) -> Floats:
    """1 for each wrongly classified row, else 0, (n,). Raises ValueError for a regression, which is never just wrong."""
    y, given = np.asarray(truth, dtype=np.float64), np.asarray(prediction, dtype=np.float64)
    if task == "regression":
        raise ValueError("a regression has no errors that are either made or not")
    called = given.argmax(axis=1) if task == "multiclass" else (given >= THRESHOLD)
    return np.asarray(called.astype(np.float64) != y, dtype=np.float64)
