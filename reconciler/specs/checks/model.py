"""Checks of one model against its dataset and policies: references, features without leaks, metrics, training."""

from collections.abc import Iterator

from reconciler.domain.metrics import METRICS, metrics_of
from reconciler.domain.names import LEDGER_BRANCH, candidate_branch, hold_branch, promotion_branch, rollback_branch
from reconciler.errors import Problem
from reconciler.specs.checks.chain import check_chain
from reconciler.specs.checks.dataset import NUMBERS
from reconciler.specs.checks.gates import check_gates
from reconciler.specs.checks.groups import check_groups
from reconciler.specs.checks.needs import check_needs
from reconciler.specs.checks.policies import MetricsJudged
from reconciler.specs.checks.promotion import check_promotion
from reconciler.specs.checks.references import check_reference, check_unique
from reconciler.specs.checks.serving import check_serving
from reconciler.specs.checks.target import check_target
from reconciler.specs.checks.training import check_training
from reconciler.specs.checks.weights import check_weights
from reconciler.specs.dataset import Column, ColumnType, Dataset, Known
from reconciler.specs.document import Document
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.model import Model
from reconciler.specs.syntax import Path

_NUMERIC = (*NUMBERS, ColumnType.BOOLEAN)
_REFERENCES = (("dataset", "dataset"), ("retrain", "retrain-policy"), ("gates", "gate-policy"), ("rollout", "rollout-policy"))


def check_model(document: Document[Model], loaded: Loaded, judged: MetricsJudged) -> Iterator[Problem]:
    """Everything about one model. `judged` are the metrics that the policies look at."""
    spec = document.spec.spec
    for key, schema in _REFERENCES:
        yield from check_reference(document, ("spec", key), getattr(spec, key), schema, loaded)
    yield from _branches(document)
    yield from check_chain(document)
    yield from check_unique(document, ("spec", "metrics"), spec.metrics, "metric")
    if not (wrong := list(_metrics(document))):
        yield from _policy_metrics(document, judged)
    yield from wrong
    yield from check_needs(document, loaded)
    yield from check_gates(document, loaded)
    yield from check_groups(document, loaded)
    yield from check_training(document, loaded)
    yield from check_promotion(document)
    yield from check_serving(document, loaded)
    yield from _feature_lists(document)
    dataset = loaded.datasets.get(spec.dataset)
    if dataset is not None:
        yield from _features(document, dataset.spec)
        yield from check_target(document, dataset.spec)
        yield from check_weights(document, dataset.spec)


def _branches(document: Document[Model]) -> Iterator[Problem]:
    """The branches of the model are no other branches of Perennial."""
    name = document.place.name
    if candidate_branch(name).startswith(f"{LEDGER_BRANCH}/"):
        yield document.problem(("metadata", "name"), f"{shown(name)} is taken: {LEDGER_BRANCH} is the branch of the record")
    environments = document.spec.spec.environments
    taken = {
        candidate_branch(name): "what is trained",
        hold_branch(name): "stop signs",
        **{rollback_branch(name, environment): f"going back in {environment}" for environment in environments},
    }
    for index, environment in enumerate(environments):
        branch = promotion_branch(name, environment)
        if branch in taken:
            message = f"{shown(environment)} is taken: {branch} is the branch of {taken[branch]}"
            yield document.problem(("spec", "environments", index), message)


def _metrics(document: Document[Model]) -> Iterator[Problem]:
    """Metrics exist and fit the task."""
    task = document.spec.spec.task
    known = metrics_of(task)
    for index, name in enumerate(document.spec.spec.metrics):
        path = ("spec", "metrics", index)
        if name not in METRICS:
            hint = did_you_mean(name, known) or f"metrics of a {task} task: {', '.join(known)}"
            yield document.problem(path, f"there is no metric {shown(name)}", hint)
        elif name not in known:
            hint = f"metrics of a {task} task: {', '.join(known)}"
            yield document.problem(path, f"{name} is no metric of a {task} task", hint)


def _policy_metrics(document: Document[Model], judged: MetricsJudged) -> Iterator[Problem]:
    """What the policies judge is measured."""
    spec = document.spec.spec
    for key in ("retrain", "gates"):
        policy = getattr(spec, key)
        for metric, where in judged.get((key, policy), {}).items():
            if metric not in spec.metrics:
                message = f"{shown(policy)} judges {metric} ({where}), which this model does not measure"
                hint = f"add {metric} to spec.metrics" if metric in metrics_of(spec.task) else "choose another policy"
                yield document.problem(("spec", key), message, hint)


def _feature_lists(document: Document[Model]) -> Iterator[Problem]:
    """There is a feature at least, and each stands in one list once."""
    features = document.spec.spec.features
    if not features.names:
        yield document.problem(("spec", "features"), "names no feature, so there is nothing to learn from")
    yield from check_unique(document, ("spec", "features", "numeric"), features.numeric, "feature")
    yield from check_unique(document, ("spec", "features", "categorical"), features.categorical, "feature")
    for index, name in enumerate(features.categorical):
        if name in features.numeric:
            message = f"{shown(name)} is numeric already"
            yield document.problem(("spec", "features", "categorical", index), message, "a feature is treated in one way")


def _features(document: Document[Model], dataset: Dataset) -> Iterator[Problem]:
    """Features are columns that are known before the event, of a type that can be treated so."""
    features = document.spec.spec.features
    for key, names in (("numeric", features.numeric), ("categorical", features.categorical)):
        for index, name in enumerate(names):
            path: Path = ("spec", "features", key, index)
            column = dataset.column(name)
            if column is None:
                hint = did_you_mean(name, _usable(dataset))
                yield document.problem(path, f"{shown(name)} is not a column of dataset {dataset.name}", hint)
            elif why := _leak(column, dataset):
                yield document.problem(path, f"{shown(name)} leaks the future: {why}", "remove it from the features")
            elif why := _mistreated(column, key):
                yield document.problem(path, why)


def _usable(dataset: Dataset) -> list[str]:
    """Names of the columns that may be features."""
    return [column.name for column in dataset.spec.columns if not _leak(column, dataset)]


def _leak(column: Column, dataset: Dataset) -> str:
    """Why a model may not look at the column; empty when it may."""
    if column.name == dataset.spec.label.column:
        return "it is the label"
    if column.known is Known.AFTER:
        return f"dataset {dataset.name} says that it is known only after the event"
    if column.name == dataset.spec.event_time:
        return "it is the event time, and no time comes again"
    return ""


def _mistreated(column: Column, key: str) -> str:
    """Why a column of this type cannot be treated so; empty when it can."""
    if column.type is ColumnType.TIME:
        return f"{shown(column.name)} is of type time, which is no feature: derive numbers from it in the source"
    if key == "numeric" and column.type not in _NUMERIC:
        return f"{shown(column.name)} is of type {column.type}, so it cannot be numeric: list it under categorical"
    return ""
