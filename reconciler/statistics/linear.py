"""Metrics that are functions of weighted sums over rows, such as the mean of a loss or the counts of a confusion matrix."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from reconciler.statistics.exact import Floats

THRESHOLD = 0.5
"""A row is called positive from this probability on."""
_TINY = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A metric that is a function of weighted sums over rows.

    `columns` makes (k, n) from y and predictions; metrics that name the same one share its sums. `combine` makes (r,) from
    the (k, r) sums and the (r,) sums of weights.
    """

    columns: Callable[[Floats, Floats], Floats]
    combine: Callable[[Floats, Floats], Floats]


def _column(numbers: Any) -> Floats:
    return np.asarray(numbers, dtype=np.float64)[None, :]


def _mean(sums: Floats, totals: Floats) -> Floats:
    mean: Floats = sums[0] / totals
    return mean


def _outcomes(y: Floats, prediction: Floats) -> Floats:
    """Columns: true positive, called positive, is positive."""
    called = prediction >= THRESHOLD
    return np.stack([called * y, called, y]).astype(np.float64)


def _accuracy(sums: Floats, totals: Floats) -> Floats:
    """Wrong is what was called and is not, or is and was not called."""
    true, called, actual = sums
    accuracy: Floats = (totals - (called + actual - 2 * true)) / totals
    return accuracy


def _ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Zero where nothing was counted: a precision of no calls is no achievement."""
    ratio: Floats = np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)
    return ratio


def _class_outcomes(y: Floats, prediction: Floats) -> Floats:
    """Columns per class: true positive, called, is."""
    names = np.arange(prediction.shape[1])[:, None]
    called = prediction.argmax(axis=1) == names
    actual = y == names
    return np.concatenate([called & actual, called, actual]).astype(np.float64)


def _class_accuracy(sums: Floats, totals: Floats) -> Floats:
    accuracy: Floats = np.split(sums, 3)[0].sum(axis=0) / totals
    return accuracy


def _macro_f1(sums: Floats, totals: Floats) -> Floats:  # noqa: ARG001
    """The mean over the classes that occur in labels or calls."""
    true, called, actual = np.split(sums, 3)
    occurring: Floats = ((called + actual) > 0).sum(axis=0).astype(np.float64)
    return _ratio(_ratio(2 * true, called + actual).sum(axis=0), occurring)


def _log_loss(y: Floats, prediction: Floats) -> Floats:
    both = np.column_stack([1 - prediction, prediction]) if prediction.ndim == 1 else prediction
    return _column(-np.log(np.clip(both, _TINY, 1 - _TINY)[np.arange(y.size), y.astype(np.intp)]))


def _squares(y: Floats, prediction: Floats) -> Floats:
    """Columns: squared error, y and its square around its mean, which keeps the digits."""
    centred = y - y.mean() if y.min() < y.max() else np.zeros_like(y)
    return np.stack([(y - prediction) ** 2, centred, centred**2])


def _r2(sums: Floats, totals: Floats) -> Floats:
    """Undefined when y does not vary; what rounding leaves of a variance is none."""
    variation = sums[2] - sums[1] ** 2 / totals
    r2: Floats = 1 - sums[0] / np.where(variation > sums[2] * 1e-12, variation, np.nan)
    return r2


_BINARY = {
    "accuracy": Linear(columns=_outcomes, combine=_accuracy),
    "f1": Linear(columns=_outcomes, combine=lambda s, _: _ratio(2 * s[0], s[1] + s[2])),
    "precision": Linear(columns=_outcomes, combine=lambda s, _: _ratio(s[0], s[1])),
    "recall": Linear(columns=_outcomes, combine=lambda s, _: _ratio(s[0], s[2])),
    "brier": Linear(columns=lambda y, p: _column((p - y) ** 2), combine=_mean),
    "logLoss": Linear(columns=_log_loss, combine=_mean),
}
_MULTICLASS = {
    "accuracy": Linear(columns=_class_outcomes, combine=_class_accuracy),
    "macroF1": Linear(columns=_class_outcomes, combine=_macro_f1),
    "logLoss": Linear(columns=_log_loss, combine=_mean),
}
_REGRESSION = {
    "mae": Linear(columns=lambda y, p: _column(np.abs(y - p)), combine=_mean),
    "rmse": Linear(columns=_squares, combine=lambda s, n: np.sqrt(_mean(s, n))),
    "r2": Linear(columns=_squares, combine=_r2),
}
LINEAR: Mapping[tuple[str, str], Linear] = {
    (name, task): metric
    for task, metrics in (("binary", _BINARY), ("multiclass", _MULTICLASS), ("regression", _REGRESSION))
    for name, metric in metrics.items()
}
