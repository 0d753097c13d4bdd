"""How sure a metric is, and how sure the gain of a challenger over the champion on the same rows.

Every resample is a weighting of the rows, so a block of resamples goes through the `Scorer` at once, and all blocks in turn.
Source: Efron and Tibshirani 1993, percentile intervals; rows of each stratum are drawn among themselves.
"""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike

from reconciler.domain.evidence import Gain
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.metrics import METRICS
from reconciler.statistics.exact import Floats
from reconciler.statistics.jackknife import Groups
from reconciler.statistics.metrics import Scorer, check
from reconciler.statistics.resampling import Draws, Resampling

__all__ = ["INTERVAL", "QUANTILES", "Resampling", "intervals", "paired_gains"]

QUANTILES = (0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 0.9, 0.95, 0.975, 0.99, 0.995)
"""Levels of the gain that are kept, so that a gate may ask for any usual confidence."""
INTERVAL = (0.025, 0.975)
"""The two-sided 95 % of `Measured`."""
MANY = 2**26
"""From so many weights on, threads take the blocks of resamples in turn; with fewer they would wait for each other."""
THREADS = min(8, os.cpu_count() or 1)
"""Each takes about 100 MB. The numbers do not depend on how many there are."""


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
    draws = Draws.of(target, task, resampling)
    scorer = _scorer(task, metrics, target, [given], draws)
    points, resampled = scorer.score(np.ones((target.size, 1))), _scores(scorer, draws)
    return {name: _measured(name, points[name][0, 0], resampled[name][0], target.size) for name in metrics}


def paired_gains(
    task: str, metrics: Sequence[str], y: ArrayLike, predictions: tuple[ArrayLike, ArrayLike], resampling: Resampling
) -> Mapping[str, Known[Gain]]:
    """How much better the second predictions (challenger) are than the first (champion), both weighted alike in each resample.

    Positive is better whatever the metric. A quantile is the outer one of two: the percentile of the resamples, at the level
    of Student's t for so many degrees of freedom as the rows hold (Hesterberg 2015), and Student's own with their spread.
    Raises ValueError as `intervals` does.
    """
    target, champion, challenger = _floats(y), _floats(predictions[0]), _floats(predictions[1])
    problem = check(task, target, champion, challenger)
    if problem is not None:
        return dict.fromkeys(metrics, problem)
    draws = Draws.of(target, task, resampling)
    groups = Groups.of(draws)
    scorer = _scorer(task, metrics, target, [champion, challenger], draws)
    points, resampled = scorer.score(np.ones((target.size, 1))), _scores(scorer, draws)
    without = _scores(scorer, groups) if groups.counts else {}  # of two rows, one of each class, none can be left out
    degrees = {name: groups.degrees(without[name][1] - without[name][0]) if without else 1.0 for name in metrics}
    return {name: _gain(name, points[name][:, 0], resampled[name], degrees[name], target.size) for name in metrics}


def _scorer(task: str, metrics: Sequence[str], y: Floats, models: list[Floats], draws: Draws) -> Scorer:
    return Scorer(task, metrics, y[draws.order], [prediction[draws.order] for prediction in models])


def _scores(scorer: Scorer, weightings: Draws | Groups) -> Mapping[str, Floats]:
    """Metric name to numbers (m, r) of m models: all weightings, block by block."""
    with ThreadPoolExecutor(THREADS if weightings.weights >= MANY else 1) as threads:
        blocks = list(threads.map(lambda number: scorer.score(weightings.block(number)), weightings.blocks))
    return {name: np.concatenate([block[name] for block in blocks], axis=1) for name in scorer.metrics}


def _measured(name: str, value: float, resampled: Floats, rows: int) -> Known[Measured]:
    if not (np.isfinite(value) and np.isfinite(resampled).all()):
        return _undefined(name, rows)
    low, high = np.quantile(resampled, INTERVAL).tolist()
    return Measured(value=float(value), low=low, high=high, rows=rows)


def _gain(name: str, points: Floats, resampled: Floats, degrees: float, rows: int) -> Known[Gain]:
    if not (np.isfinite(points).all() and np.isfinite(resampled).all()):
        return _undefined(name, rows)
    sign = 1.0 if METRICS[name].higher_is_better else -1.0
    champion, challenger = points.tolist()
    gain = sign * (challenger - champion)
    levels = _levels(gain, sign * (resampled[1] - resampled[0]), degrees)
    return Gain(
        metric=name,
        champion=champion,
        challenger=challenger,
        gain=gain,
        quantiles=dict(zip(QUANTILES, levels.tolist(), strict=True)),
        rows=rows,
    )


def _levels(gain: float, resampled: Floats, degrees: float) -> Floats:
    """The gain at each of `QUANTILES`; the median is that of the resamples."""
    from scipy.special import ndtr, stdtrit

    levels = np.array(QUANTILES)
    deviates = stdtrit(degrees, levels)
    percentiles, student = np.quantile(resampled, ndtr(deviates)), gain + deviates * resampled.std()
    outer: Floats = np.where(levels < 0.5, np.minimum(percentiles, student), np.maximum(percentiles, student))
    return np.where(levels == 0.5, percentiles, outer)


def _undefined(name: str, rows: int) -> Missing:
    return Missing(code="undefined", why=f"{name} of {rows} rows, or of a resample of them, is not a number")


def _floats(numbers: ArrayLike) -> Floats:
    return np.asarray(numbers, dtype=np.float64)
