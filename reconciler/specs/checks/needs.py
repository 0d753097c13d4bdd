"""Checks of what a model's retrain and rollout policies look at beside its metrics: business metrics, features, columns."""

from collections.abc import Iterator

from reconciler.domain.metrics import metrics_of
from reconciler.errors import Problem
from reconciler.rules.analysis.business import BusinessCheck
from reconciler.rules.analysis.metric import BY_ROW, MetricCheck
from reconciler.rules.rollouts.ab_test import AbTest
from reconciler.rules.rollouts.bandit import Bandit
from reconciler.rules.triggers.business_metric import BusinessMetric
from reconciler.rules.triggers.data_drift import DataDrift
from reconciler.specs.checks.policies import nested
from reconciler.specs.document import Document
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.loaded import Group, Loaded
from reconciler.specs.model import Model
from reconciler.specs.syntax import Path, field_of

Lack = tuple[Path, str, str]
"""Where the policy names something, what the model lacks, and a hint."""
ANOTHER = "choose another policy"


def check_needs(document: Document[Model], loaded: Loaded) -> Iterator[Problem]:
    """The model has what its policies look at. What is wrong with a policy itself is told there."""
    groups: tuple[tuple[str, Group], ...] = (("retrain", loaded.retrain), ("rollout", loaded.rollouts))
    for key, group in groups:
        name = getattr(document.spec.spec, key)
        for path, rule in nested(group[name].spec) if name in group else ():
            for where, lacks, hint in _lacks(document.spec, rule, loaded):
                message = f"{shown(name)} looks at {lacks} ({field_of((*path, *where))})"
                yield document.problem(("spec", key), message, hint)


def _lacks(model: Model, rule: object, loaded: Loaded) -> Iterator[Lack]:
    """What the rule names and the model does not have."""
    match rule:
        case BusinessMetric(metric=metric) | BusinessCheck(metric=metric) | Bandit(metric=metric):
            yield from _business(model, metric)
        case MetricCheck(metric=metric) if metric not in metrics_of(model.spec.task):
            fitting = [name for name in BY_ROW if name in metrics_of(model.spec.task)]
            yield ("metric",), f"{metric}, which no {model.spec.task} model has", f"there are: {', '.join(fitting)}"
        case AbTest(metric=metric, unit=unit, segments=segments):
            yield from _business(model, metric)
            yield from _column(model, loaded, ("unit",), unit)
            yield from _column(model, loaded, ("segments", "column"), segments.column) if segments else ()
        case DataDrift(slice=slice):
            yield from _features(model, rule)
            yield from _column(model, loaded, ("slice", "column"), slice.column) if slice else ()
        case _:
            pass


def _business(model: Model, metric: str) -> Iterator[Lack]:
    declared = [business.name for business in model.spec.business]
    if metric not in declared:
        hint = did_you_mean(metric, declared) or f"declare {metric} in spec.business"
        yield ("metric",), f"business metric {shown(metric)}, which this model does not declare", hint


def _features(model: Model, rule: DataDrift) -> Iterator[Lack]:
    names = model.spec.features.names
    for index, name in enumerate(rule.features):
        if name not in names:
            hint = did_you_mean(name, names) or ANOTHER
            yield ("features", index), f"feature {shown(name)}, which this model does not have", hint


def _column(model: Model, loaded: Loaded, where: Path, column: str) -> Iterator[Lack]:
    """A dataset that is broken or absent is told elsewhere."""
    dataset = loaded.datasets.get(model.spec.dataset)
    if dataset and dataset.spec.column(column) is None:
        hint = did_you_mean(column, [one.name for one in dataset.spec.spec.columns]) or ANOTHER
        yield where, f"column {shown(column)}, which is not in dataset {dataset.spec.name}", hint
