"""Checks of what a model's retrain policy looks at beside its metrics: business metrics, features and slices that exist."""

from collections.abc import Iterator

from reconciler.errors import Problem
from reconciler.rules.triggers.business_metric import BusinessMetric
from reconciler.rules.triggers.data_drift import DataDrift
from reconciler.specs.checks.policies import nested
from reconciler.specs.document import Document
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.model import Model
from reconciler.specs.syntax import Path, field_of

Lack = tuple[Path, str, str]
"""Where the policy names something, what the model lacks, and a hint."""


def check_needs(document: Document[Model], loaded: Loaded) -> Iterator[Problem]:
    """The model has what its retrain policy looks at. What is wrong with the policy itself is told there."""
    policy = loaded.retrain.get(document.spec.spec.retrain)
    for path, rule in nested(policy.spec) if policy else ():
        for where, lacks, hint in _lacks(document.spec, rule, loaded):
            message = f"{shown(document.spec.spec.retrain)} looks at {lacks} ({field_of((*path, *where))})"
            yield document.problem(("spec", "retrain"), message, hint)


def _lacks(model: Model, rule: object, loaded: Loaded) -> Iterator[Lack]:
    """What the rule names and the model does not have."""
    if isinstance(rule, BusinessMetric):
        declared = [business.name for business in model.spec.business]
        if rule.metric not in declared:
            hint = did_you_mean(rule.metric, declared) or f"declare {rule.metric} in spec.business"
            yield ("metric",), f"business metric {shown(rule.metric)}, which this model does not declare", hint
    if isinstance(rule, DataDrift):
        for index, name in enumerate(rule.features):
            if name not in model.spec.features.names:
                hint = did_you_mean(name, model.spec.features.names) or "choose another policy"
                yield ("features", index), f"feature {shown(name)}, which this model does not have", hint
        dataset = loaded.datasets.get(model.spec.dataset)
        if rule.slice and dataset and dataset.spec.column(rule.slice.column) is None:
            hint = (
                did_you_mean(rule.slice.column, [column.name for column in dataset.spec.spec.columns]) or "choose another policy"
            )
            yield ("slice", "column"), f"column {shown(rule.slice.column)}, which is not in dataset {dataset.spec.name}", hint
