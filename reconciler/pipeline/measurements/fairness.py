"""Measurement `fairness`: what the model does in each group of the columns that the gates compare groups by."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from reconciler.domain.evidence import NOT_MEASURED
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.measured.fairness import Grouped
from reconciler.errors import ReconcilerError
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.groups import Groups, groups_of
from reconciler.pipeline.scored import Scored
from reconciler.rules.gates.fairness import Fairness
from reconciler.rules.groups import INTERVAL
from reconciler.specs.model import Task
from reconciler.statistics.groups import rate_limits

MOST_GROUPS = 100
"""More groups than that are no groups but identifiers."""


def fairness(context: StageContext, scored: Scored) -> Known[tuple[Grouped, ...]]:
    """One for each column and threshold that the gates ask for. Raises ReconcilerError for a column that makes no groups."""
    asked = sorted(_asked(context))
    return tuple(_grouped(context, scored, column, threshold) for column, threshold in asked) if asked else NOT_MEASURED


def _asked(context: StageContext) -> set[tuple[str, float]]:
    return {
        (column, gate.threshold)
        for gate in context.gates
        if isinstance(gate, Fairness)
        for column in ((gate.column,) if gate.column else context.model.spec.protected)
    }


def _grouped(context: StageContext, scored: Scored, column: str, threshold: float) -> Grouped:
    body = context.model.spec
    groups = groups_of(scored.stored.holdout, (column,), body.features.categorical)
    if len(groups.names) > MOST_GROUPS:
        raise ReconcilerError(f"column {column} has {len(groups.names)} groups, at most {MOST_GROUPS} can be compared")
    if body.task is Task.MULTICLASS:
        raise ReconcilerError("of several classes none is the favourable one: fairness compares binary answers and numbers")
    of_rows = _means if body.task is Task.REGRESSION else _rates
    rates = of_rows(scored.target, scored.prediction, groups, threshold)
    counts = np.bincount(groups.codes, minlength=len(groups.names)).tolist()
    return Grouped(column=column, threshold=threshold, rows=dict(zip(groups.names, counts, strict=True)), rates=rates)


Rates = Mapping[str, Mapping[str, Known[Measured]]]


def _rates(target: np.ndarray, prediction: np.ndarray, groups: Groups, threshold: float) -> Rates:
    called = (prediction >= threshold).astype(np.int64)
    return _by_group(_shares, target.astype(np.int64), called, groups)


def _shares(target: Any, called: Any) -> Mapping[str, Known[Measured]]:
    rows, positives, hits = len(target), int(np.sum(target)), int(np.dot(target, called))
    selected = int(np.sum(called))
    return {
        "selectionRate": _share(selected, rows),
        "truePositiveRate": _share(hits, positives),
        "falsePositiveRate": _share(selected - hits, rows - positives),
    }


def _share(hits: int, rows: int) -> Known[Measured]:
    if not rows:
        return Missing(code="noRows", why="0 rows to take a share of")
    low, high = rate_limits(hits / rows, rows, INTERVAL)
    return Measured(value=hits / rows, low=low, high=high, rows=rows)


def _means(target: np.ndarray, prediction: np.ndarray, groups: Groups, threshold: float) -> Rates:  # noqa: ARG001
    return _by_group(_both_means, target, prediction, groups)


def _both_means(target: Any, prediction: Any) -> Mapping[str, Known[Measured]]:
    from reconciler.statistics.means import mean_interval

    given = np.asarray(prediction)
    return {"meanPrediction": mean_interval(given), "meanError": mean_interval(given - np.asarray(target))}


def _by_group(metric: Callable[..., Any], target: np.ndarray, answers: np.ndarray, groups: Groups) -> Rates:
    """Group to what the metric gives there, by fairlearn's MetricFrame.

    It copies all rows for each metric and each group, so there is one metric that gives several numbers.
    """
    from fairlearn.metrics import MetricFrame

    frame = MetricFrame(metrics=metric, y_true=target, y_pred=answers, sensitive_features=groups.codes)
    return {groups.names[code]: rates for code, rates in frame.by_group.items()}
