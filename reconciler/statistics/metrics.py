"""Metrics of weighted rows, for many weightings at once: one weighting of ones is the metric, many are a bootstrap.

Targets and predictions: binary: y in {0, 1} and P(1), both (n,); multiclass: class numbers (n,) and probabilities (n, k);
regression: numbers, both (n,). Weights are (r, n) whole numbers, and a metric gives (r,) numbers, NaN where undefined.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reconciler.domain.known import Known, Missing
from reconciler.domain.metrics import METRICS

Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.intp]

THRESHOLD = 0.5
"""A row is called positive from this probability on."""
_TINY = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A metric that is a function of weighted sums over rows.

    `columns` makes (n, k) from y and predictions; `combine` makes (r,) from the (r, k) sums and the (r,) sums of weights.
    """

    columns: Callable[[Floats, Floats], Floats]
    combine: Callable[[Floats, Floats], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Weights on the way down the ranking, at each score that a positive row has: all are (r, t).

    `true` and `false` count the positives and negatives with at least that score, `positives` those with exactly it;
    `ties` are the negatives with exactly it. `total` is the weight of all negatives, (r,).
    """

    true: Floats
    false: Floats
    positives: Floats
    ties: Floats
    total: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Rows by descending score, sorted once for every weighting. Only scores that a positive row has are looked at.

    `positives` are the positive rows in that order; `starts` and `ends` cut the (r, n + 1) running sums of all rows, and
    `positive_starts` and `positive_ends` those of the positive rows, before and after each such score.
    """

    order: Indices
    positives: Indices
    starts: Indices
    ends: Indices
    positive_starts: Indices
    positive_ends: Indices

    @classmethod
    def of(cls, y: Floats, prediction: Floats) -> "Ranking":
        """Sort by score, and find where the runs of equal scores start and end."""
        order = np.argsort(-prediction, kind="stable")
        positives = order[y[order] > 0]
        falling, scores = -prediction[order], -prediction[positives]
        looked_at = np.unique(scores)
        return cls(
            order=order,
            positives=positives,
            starts=np.searchsorted(falling, looked_at, side="left"),
            ends=np.searchsorted(falling, looked_at, side="right"),
            positive_starts=np.searchsorted(scores, looked_at, side="left"),
            positive_ends=np.searchsorted(scores, looked_at, side="right"),
        )

    def sweep(self, weights: Floats) -> Sweep:
        """Go down the ranking with each of the (r, n) weightings."""
        every, positive = _running(weights, self.order), _running(weights, self.positives)
        true, before = positive[:, self.positive_ends], positive[:, self.positive_starts]
        at_least = every[:, self.ends]
        positives = true - before
        return Sweep(
            true=true,
            false=at_least - true,
            positives=positives,
            ties=at_least - every[:, self.starts] - positives,
            total=every[:, -1] - positive[:, -1],
        )


Ranked: TypeAlias = Callable[[Sweep], Floats]
"""A metric of the ranking, (r,) numbers."""


def _running(weights: Floats, order: Indices) -> Floats:
    """Running sums (r, n + 1) of the weights in that order, from zero."""
    sums = np.zeros((len(weights), order.size + 1))
    np.cumsum(np.take(weights, order, axis=1), axis=1, out=sums[:, 1:])
    return sums


def measure(task: str, metric: str, y: Any, prediction: Any) -> Known[float]:
    """The metric of the rows, all of weight 1; Missing when it cannot be told (see `check`)."""
    y, prediction = np.asarray(y, dtype=np.float64), np.asarray(prediction, dtype=np.float64)
    problem = check(task, y, prediction)
    if problem is not None:
        return problem
    value = float(Scorer(task, [metric], y, prediction).score(np.ones((1, y.size)))[metric][0])
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
    """Several metrics of one model's predictions; sorts once and multiplies one matrix whatever the number of weightings."""

    def __init__(self, task: str, metrics: Sequence[str], y: Floats, prediction: Floats) -> None:
        """Raises ValueError for a metric that does not fit the task."""
        wrong = [name for name in metrics if name not in METRICS or task not in METRICS[name].tasks]
        if wrong:
            raise ValueError(f"no metrics of a {task} task: {', '.join(wrong)}")
        self.linear = {name: LINEAR[name, task] for name in metrics if (name, task) in LINEAR}
        self.ranked = {name: RANKED[name] for name in metrics if name in RANKED}
        columns = [metric.columns(y, prediction) for metric in self.linear.values()]
        self.widths = [column.shape[1] for column in columns]
        self.columns = np.concatenate(columns, axis=1) if columns else np.empty((y.size, 0))
        self.ranking = Ranking.of(y, prediction) if self.ranked else None

    def score(self, weights: Floats) -> Mapping[str, Floats]:
        """Metric name to (r,) numbers."""
        totals = weights.sum(axis=1)
        pieces = np.split(weights @ self.columns, np.cumsum(self.widths)[:-1], axis=1) if self.widths else []
        with np.errstate(divide="ignore", invalid="ignore"):
            scores = {
                name: metric.combine(piece, totals) for (name, metric), piece in zip(self.linear.items(), pieces, strict=True)
            }
            if self.ranking is not None:
                sweep = self.ranking.sweep(weights)
                scores |= {name: metric(sweep) for name, metric in self.ranked.items()}
        return scores


def _roc_auc(sweep: Sweep) -> Floats:
    """The share of pairs in which the positive has the higher score; a tie counts one half. Source: Mann and Whitney 1947."""
    below = sweep.total[:, None] - sweep.false + sweep.ties / 2
    return _dot(sweep.positives, below) / (sweep.true[:, -1] * sweep.total)


def _average_precision(sweep: Sweep) -> Floats:
    """Sum of precision times the step of recall, without interpolation (as scikit-learn defines it)."""
    precision = sweep.true / np.maximum(sweep.true + sweep.false, 1)
    return _dot(sweep.positives, precision) / sweep.true[:, -1]


def _dot(left: Floats, right: Floats) -> Floats:
    product: Floats = np.einsum("rt,rt->r", left, right)
    return product


def _column(numbers: Any) -> Floats:
    return np.asarray(numbers, dtype=np.float64).reshape(-1, 1)


def _mean(sums: Floats, totals: Floats) -> Floats:
    return sums[:, 0] / totals


def _outcomes(y: Floats, prediction: Floats) -> Floats:
    """Columns: true positive, called positive, is positive."""
    called = prediction >= THRESHOLD
    return np.column_stack([called * y, called, y]).astype(np.float64)


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Zero where nothing was counted: a precision of no calls is no achievement."""
    ratio: Floats = np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)
    return ratio


def _class_outcomes(y: Floats, prediction: Floats) -> Floats:
    """Columns per class: true positive, called, is."""
    names = np.arange(prediction.shape[1])
    called = prediction.argmax(axis=1)[:, None] == names
    actual = y[:, None] == names
    return np.concatenate([called & actual, called, actual], axis=1).astype(np.float64)


def _macro_f1(sums: Floats, totals: Floats) -> Floats:  # noqa: ARG001
    """The mean over the classes that occur in labels or calls."""
    true, called, actual = np.split(sums, 3, axis=1)
    occurring: Floats = ((called + actual) > 0).sum(axis=1).astype(np.float64)
    return _ratio(_ratio(2 * true, called + actual).sum(axis=1), occurring)


def _log_loss(y: Floats, prediction: Floats) -> Floats:
    both = np.column_stack([1 - prediction, prediction]) if prediction.ndim == 1 else prediction
    return _column(-np.log(np.clip(both, _TINY, 1 - _TINY)[np.arange(y.size), y.astype(np.intp)]))


def _squares(y: Floats, prediction: Floats) -> Floats:
    """Columns: squared error, y and its square around its mean, which keeps the digits."""
    centred = y - y.mean() if y.min() < y.max() else np.zeros_like(y)
    return np.column_stack([(y - prediction) ** 2, centred, centred**2])


def _r2(sums: Floats, totals: Floats) -> Floats:
    """Undefined when y does not vary; what rounding leaves of a variance is none."""
    variation = sums[:, 2] - sums[:, 1] ** 2 / totals
    return 1 - sums[:, 0] / np.where(variation > sums[:, 2] * 1e-12, variation, np.nan)


_BINARY = {
    "accuracy": Linear(columns=lambda y, p: _column((p >= THRESHOLD) == y), combine=_mean),
    "f1": Linear(columns=_outcomes, combine=lambda s, _: _ratio(2 * s[:, 0], s[:, 1] + s[:, 2])),
    "precision": Linear(columns=_outcomes, combine=lambda s, _: _ratio(s[:, 0], s[:, 1])),
    "recall": Linear(columns=_outcomes, combine=lambda s, _: _ratio(s[:, 0], s[:, 2])),
    "brier": Linear(columns=lambda y, p: _column((p - y) ** 2), combine=_mean),
    "logLoss": Linear(columns=_log_loss, combine=_mean),
}
_MULTICLASS = {
    "accuracy": Linear(columns=lambda y, p: _column(p.argmax(axis=1) == y), combine=_mean),
    "macroF1": Linear(columns=_class_outcomes, combine=_macro_f1),
    "logLoss": Linear(columns=_log_loss, combine=_mean),
}
_REGRESSION = {
    "mae": Linear(columns=lambda y, p: _column(np.abs(y - p)), combine=_mean),
    "rmse": Linear(columns=lambda y, p: _column((y - p) ** 2), combine=lambda s, n: np.sqrt(_mean(s, n))),
    "r2": Linear(columns=_squares, combine=_r2),
}
LINEAR: Mapping[tuple[str, str], Linear] = {
    (name, task): metric
    for task, metrics in (("binary", _BINARY), ("multiclass", _MULTICLASS), ("regression", _REGRESSION))
    for name, metric in metrics.items()
}
RANKED: Mapping[str, Ranked] = {"rocAuc": _roc_auc, "averagePrecision": _average_precision}
