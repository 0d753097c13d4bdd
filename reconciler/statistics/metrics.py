"""Metrics of weighted rows, for many weightings at once: one weighting of ones is the metric, many are a bootstrap.

Targets and predictions: binary: y in {0, 1} and P(1), both (n,); multiclass: class numbers (n,) and probabilities (n, k);
regression: numbers, both (n,). Weights are (n, r), a column for each weighting; a metric gives (r,) numbers, NaN where undefined.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reconciler.domain.known import Known, Missing
from reconciler.domain.metrics import METRICS
from reconciler.statistics.exact import Columns, Floats, totals
from reconciler.statistics.linear import LINEAR
from reconciler.statistics.ranking import RANKED, Ranking


def measure(task: str, metric: str, y: Any, prediction: Any) -> Known[float]:
    """The metric of the rows, all of weight 1; Missing when it cannot be told (see `check`)."""
    y, prediction = np.asarray(y, dtype=np.float64), np.asarray(prediction, dtype=np.float64)
    problem = check(task, y, prediction)
    if problem is not None:
        return problem
    value = float(Scorer(task, [metric], y, [prediction]).score(np.ones((y.size, 1)))[metric][0, 0])
    return value if np.isfinite(value) else Missing(code="undefined", why=f"{metric} of {y.size} rows is not a number")


def check(task: str, y: Floats, *predictions: Floats) -> Missing | None:
    """Why nothing can be measured: no rows, a missing number, or one class only; None when all is well.

    Raises ValueError for predictions of another shape than the task's.
    """
    for prediction in predictions:
        if prediction.shape[:1] != y.shape or prediction.ndim != (2 if task == "multiclass" else 1):
            raise ValueError(f"predictions of shape {prediction.shape} for {y.shape[0]} rows of a {task} task")
    if not y.size:
        return Missing(code="noRows", why="0 rows to measure")
    bad = sum(int(np.count_nonzero(~np.isfinite(numbers))) for numbers in (y, *predictions))
    if bad:
        return Missing(code="notANumber", why=f"{bad} labels or predictions of {y.size} rows are not numbers")
    if task != "regression" and (y == y[0]).all():
        return Missing(code="oneClass", why=f"all {y.size} rows are of one class, 2 needed")
    return None


class Scorer:
    """Several metrics of several models on the same rows; each model is sorted once, whatever the number of weightings."""

    def __init__(self, task: str, metrics: Sequence[str], y: Floats, predictions: Sequence[Floats]) -> None:
        """Raises ValueError for a metric that does not fit the task."""
        wrong = [name for name in metrics if name not in METRICS or task not in METRICS[name].tasks]
        if wrong:
            raise ValueError(f"no metrics of a {task} task: {', '.join(wrong)}")
        self.metrics = tuple(metrics)
        self.linear = {name: LINEAR[name, task] for name in metrics if (name, task) in LINEAR}
        self.ranked = {name: RANKED[name] for name in metrics if name in RANKED}
        self.models = len(predictions)
        self.parts = tuple(dict.fromkeys(metric.columns for metric in self.linear.values()))
        columns = [np.concatenate([part(y, prediction) for prediction in predictions]) for part in self.parts]
        self.ends = np.cumsum([len(column) for column in columns])
        self.columns = Columns.of(np.concatenate([*columns, np.empty((0, y.size))]))
        self.rankings = [Ranking.of(y, prediction) for prediction in predictions if self.ranked]

    def score(self, weights: NDArray[Any]) -> Mapping[str, Floats]:
        """Metric name to (m, r) numbers, a row for each model, of weights (n, r), a column for each weighting."""
        total = totals(weights)
        with np.errstate(divide="ignore", invalid="ignore"):
            sums = self._sums(weights)
            linear = {name: [metric.combine(one, total) for one in sums[metric.columns]] for name, metric in self.linear.items()}
            ranked = [self._ranked(ranking, weights) for ranking in self.rankings]
        return {name: np.stack(linear[name] if name in linear else [one[name] for one in ranked]) for name in self.metrics}

    def _ranked(self, ranking: Ranking, weights: NDArray[Any]) -> Mapping[str, Floats]:
        parts = [{name: metric(sweep) for name, metric in self.ranked.items()} for sweep in ranking.sweeps(weights)]
        return {name: np.concatenate([part[name] for part in parts]) for name in self.ranked}

    def _sums(self, weights: NDArray[Any]) -> Mapping[Any, Floats]:
        """What the columns (k, n) of each model come to: (m, k, r)."""
        pieces = np.split(self.columns.sums(weights), self.ends)
        return {
            part: piece.reshape(self.models, -1, weights.shape[1]) for part, piece in zip(self.parts, pieces[:-1], strict=True)
        }
