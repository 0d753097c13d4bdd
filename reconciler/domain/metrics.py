"""The metrics that may be named in YAML: their tasks and which direction is better. `statistics` computes them."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric. `tasks` are the words of a model's `task`: binary, multiclass, regression."""

    name: str
    tasks: frozenset[str]
    higher_is_better: bool


_CLASSES = ("binary", "multiclass")

_ALL = (
    ("rocAuc", ("binary",), True),
    ("averagePrecision", ("binary",), True),
    ("accuracy", _CLASSES, True),
    ("f1", ("binary",), True),
    ("macroF1", ("multiclass",), True),
    ("precision", ("binary",), True),
    ("recall", ("binary",), True),
    ("brier", ("binary",), False),
    ("logLoss", _CLASSES, False),
    ("mae", ("regression",), False),
    ("rmse", ("regression",), False),
    ("r2", ("regression",), True),
)

METRICS: Mapping[str, Metric] = {
    name: Metric(name=name, tasks=frozenset(tasks), higher_is_better=higher) for name, tasks, higher in _ALL
}


def metrics_of(task: str) -> tuple[str, ...]:
    """Names of the metrics that fit the task, in the order of `METRICS`."""
    return tuple(metric.name for metric in METRICS.values() if task in metric.tasks)
