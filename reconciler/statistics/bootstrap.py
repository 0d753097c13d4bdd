"""Resampling: how sure a metric is, and how sure the gain of a challenger over the champion on the same rows.

Every resample is a weighting of the rows, so a block of resamples goes through each `Scorer` at once, and all blocks in turn.
Source: Efron and Tibshirani 1993, percentile intervals; rows of each stratum are drawn among themselves.
"""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reconciler.domain.evidence import Gain
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.metrics import METRICS
from reconciler.statistics.exact import Floats
from reconciler.statistics.metrics import Scorer, check
from reconciler.statistics.resampling import Draws, Resampling

__all__ = ["INTERVAL", "QUANTILES", "Resampling", "intervals", "paired_gains"]

QUANTILES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 0.9, 0.95, 0.975, 0.99, 0.995)
"""Levels of the gain that are kept, so that a gate may ask for any usual confidence."""
INTERVAL = (0.025, 0.975)
"""The two-sided 95 % of `Measured`."""
MANY = 2**23
"""From so many weights on, threads take the blocks of resamples in turn."""
THREADS = min(8, os.cpu_count() or 1)
"""Each takes about 100 MB. The numbers do not depend on how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sample:
    """Point values (m,) and values of the resamples (m, r) of several metrics of m models."""

    points: Mapping[str, Floats]
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
    sample = _sample(task, metrics, target, [given], resampling)
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
    sample = _sample(task, metrics, target, [champion, challenger], resampling)
    return {name: _gain(name, sample, target.size) for name in metrics}


def _sample(task: str, metrics: Sequence[str], y: Floats, models: list[Floats], resampling: Resampling) -> _Sample:
    """The models side by side, on the same resamples."""
    draws = Draws.of(y, task, resampling)
    scorer = Scorer(task, metrics, y[draws.order], [prediction[draws.order] for prediction in models])
    points = scorer.score(np.ones((y.size, 1)))
    with ThreadPoolExecutor(THREADS if y.size * draws.resamples >= MANY else 1) as threads:
        blocks = list(threads.map(lambda number: scorer.score(draws.block(number)), draws.blocks))
    return _Sample(
        points={name: points[name][:, 0] for name in metrics},
        values={name: np.concatenate([block[name] for block in blocks], axis=1) for name in metrics},
    )


def _measured(name: str, sample: _Sample, rows: int) -> Known[Measured]:
    (value,), (values,) = sample.points[name].tolist(), sample.values[name]
    if not (np.isfinite(value) and np.isfinite(values).all()):
        return _undefined(name, rows)
    low, high = np.quantile(values, INTERVAL).tolist()
    return Measured(value=value, low=low, high=high, rows=rows)


def _gain(name: str, sample: _Sample, rows: int) -> Known[Gain]:
    (champion, challenger), (before, after) = sample.points[name].tolist(), sample.values[name]
    sign = 1.0 if METRICS[name].higher_is_better else -1.0
    if not all(np.isfinite(numbers).all() for numbers in (champion, challenger, before, after)):
        return _undefined(name, rows)
    levels = np.quantile(sign * (after - before), QUANTILES).tolist()
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
