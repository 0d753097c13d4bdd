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
    from fairlearn.metrics import count, false_positive_rate, selection_rate, true_positive_rate

    metrics = {
        "count": count,
        "positives": lambda y, called: int(np.sum(y)),  # noqa: ARG005 - fairlearn passes both by position
        "selectionRate": selection_rate,
        "truePositiveRate": true_positive_rate,
        "falsePositiveRate": false_positive_rate,
    }
    found = _by_group(metrics, target.astype(np.int64), (prediction >= threshold).astype(np.int64), groups)
    return {
        group: {
            "selectionRate": _share(row["selectionRate"], row["count"]),
            "truePositiveRate": _share(row["truePositiveRate"], row["positives"]),
            "falsePositiveRate": _share(row["falsePositiveRate"], row["count"] - row["positives"]),
        }
        for group, row in found.items()
    }


def _share(rate: float, behind: float) -> Known[Measured]:
    rate, rows = float(rate), int(behind)
    if not rows:
        return Missing(code="noRows", why="0 rows to take a share of")
    low, high = rate_limits(rate, rows, INTERVAL)
    return Measured(value=rate, low=low, high=high, rows=rows)


def _means(target: np.ndarray, prediction: np.ndarray, groups: Groups, threshold: float) -> Rates:  # noqa: ARG001
    from reconciler.statistics.means import mean_interval

    metrics = {
        "meanPrediction": lambda y, given: mean_interval(np.asarray(given)),  # noqa: ARG005
        "meanError": lambda y, given: mean_interval(np.asarray(given) - np.asarray(y)),
    }
    return _by_group(metrics, target, prediction, groups)


def _by_group(
    metrics: Mapping[str, Callable[..., Any]], target: np.ndarray, answers: np.ndarray, groups: Groups
) -> Mapping[str, Mapping[str, Any]]:
    """Group to metric to number, by fairlearn's MetricFrame."""
    from fairlearn.metrics import MetricFrame

    names = np.array(groups.names, dtype=object)[groups.codes]
    frame = MetricFrame(metrics=dict(metrics), y_true=target, y_pred=answers, sensitive_features=names)
    found: dict[str, dict[str, Any]] = frame.by_group.to_dict(orient="index")
    return found
