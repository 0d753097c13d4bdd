"""Resampling: how sure a metric is, and how sure the gain of a challenger over the champion on the same rows.

Every resample is a weighting of the rows, so all resamples go through `Scorer` at once, in chunks that bound the memory.
Source: Efron and Tibshirani 1993, percentile intervals; rows of each stratum are drawn among themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reconciler.domain.evidence import Gain
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.metrics import METRICS
from reconciler.statistics.metrics import Floats, Scorer, check

QUANTILES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 0.9, 0.95, 0.975, 0.99, 0.995)
"""Levels of the gain that are kept, so that a gate may ask for any usual confidence."""
INTERVAL = (0.025, 0.975)
"""The two-sided 95 % of `Measured`."""
CHUNK = 65_536
"""Weights held at once: half a megabyte, which stays in the processor's cache and is three times as quick as 16 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """How to draw. `strata` (n,) are drawn apart; none: the classes of a classification, everything of a regression."""

    seed: int = 0
    resamples: int = 2000
    strata: NDArray[np.generic] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """Point values and (resamples,) values of several metrics of one model."""

    points: Mapping[str, float]
    values: Mapping[str, Floats]


def intervals(
    task: str, metrics: Sequence[str], y: ArrayLike, prediction: ArrayLike, resampling: Resampling
) -> Mapping[str, Known[Measured]]:
    """Each metric with its 95 % percentile interval; shapes as in `metrics`. Missing when it cannot be told.

    Raises ValueError for a metric that does not fit the task, or a wrong shape.
    """
    target, given = _floats(y), _floats(prediction)
    problem = check(task, target, given)
    if problem is not None:
        return dict.fromkeys(metrics, problem)
    (sample,) = _samples(task, metrics, target, [given], resampling)
    return {name: _measured(name, sample, target.size) for name in metrics}


def paired_gains(
    task: str, metrics: Sequence[str], y: ArrayLike, predictions: tuple[ArrayLike, ArrayLike], resampling: Resampling
) -> Mapping[str, Known[Gain]]:
    """How much better the second predictions (challenger) are than the first (champion), both weighted alike in each resample.

    Positive is better whatever the metric. Raises ValueError as `intervals` does.
    """
    target, champion, challenger = _floats(y), _floats(predictions[0]), _floats(predictions[1])
    problem = check(task, target, champion, challenger)
    if problem is not None:
        return dict.fromkeys(metrics, problem)
    before, after = _samples(task, metrics, target, [champion, challenger], resampling)
    return {name: _gain(name, before, after, target.size) for name in metrics}


def draws(y: Floats, task: str, resampling: Resampling) -> Iterator[Floats]:
    """Weights (r, n) of whole numbers, chunk by chunk; each row of weights is one resample of n rows."""
    strata = _strata(y, task, resampling)
    generator = np.random.default_rng(resampling.seed)
    size = max(1, CHUNK // y.size)
    for start in range(0, resampling.resamples, size):
        weights = np.empty((min(size, resampling.resamples - start), y.size))
        for row in weights:
            for rows in strata:
                row[rows] = np.bincount(generator.integers(0, rows.size, rows.size), minlength=rows.size)
        yield weights


def _strata(y: Floats, task: str, resampling: Resampling) -> list[NDArray[np.intp]]:
    if resampling.strata is None and task == "regression":
        return [np.arange(y.size)]
    labels = y if resampling.strata is None else resampling.strata
    if labels.shape != y.shape:
        raise ValueError(f"{labels.shape[0]} strata for {y.size} rows")
    _, numbers = np.unique(labels, return_inverse=True)
    return [np.flatnonzero(numbers == number) for number in range(int(numbers.max()) + 1)]


def _samples(task: str, metrics: Sequence[str], y: Floats, models: list[Floats], resampling: Resampling) -> list[_Sample]:
    scorers = [Scorer(task, metrics, y, prediction) for prediction in models]
    points = [scorer.score(np.ones((1, y.size))) for scorer in scorers]
    chunks = [[scorer.score(weights) for scorer in scorers] for weights in draws(y, task, resampling)]
    return [
        _Sample(
            points={name: float(points[model][name][0]) for name in metrics},
            values={name: np.concatenate([chunk[model][name] for chunk in chunks]) for name in metrics},
        )
        for model in range(len(models))
    ]


def _measured(name: str, sample: _Sample, rows: int) -> Known[Measured]:
    value = sample.points[name]
    if not (np.isfinite(value) and np.isfinite(sample.values[name]).all()):
        return _undefined(name, rows)
    low, high = np.quantile(sample.values[name], INTERVAL).tolist()
    return Measured(value=value, low=low, high=high, rows=rows)


def _gain(name: str, before: _Sample, after: _Sample, rows: int) -> Known[Gain]:
    sign = 1.0 if METRICS[name].higher_is_better else -1.0
    champion, challenger = before.points[name], after.points[name]
    if not all(np.isfinite(numbers).all() for numbers in (champion, challenger, before.values[name], after.values[name])):
        return _undefined(name, rows)
    levels = np.quantile(sign * (after.values[name] - before.values[name]), QUANTILES).tolist()
    return Gain(
        metric=name,
        champion=champion,
        challenger=challenger,
        gain=sign * (challenger - champion),
        quantiles=dict(zip(QUANTILES, levels, strict=True)),
        rows=rows,
    )


def _undefined(name: str, rows: int) -> Missing:
    return Missing(code="undefined", why=f"{name} of {rows} rows, or of a resample of them, is not a number")


def _floats(numbers: ArrayLike) -> Floats:
    return np.asarray(numbers, dtype=np.float64)
