"""Checks of what weighs training rows: columns of the contract that hold numbers, and that the model does not look at."""

from collections.abc import Iterator

from reconciler.errors import Problem
from reconciler.specs.checks.dataset import NUMBERS
from reconciler.specs.dataset import Dataset
from reconciler.specs.document import Document
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.model import Model, Task
from reconciler.specs.syntax import Path


def check_weights(document: Document[Model], dataset: Dataset) -> Iterator[Problem]:
    """Everything about weights and the confidence of labels."""
    body, path = document.spec.spec, ("spec", "training")
    weights, confidence = body.training.weights, body.training.label_confidence
    if weights is not None and weights.column is not None:
        yield from _column(document, (*path, "weights", "column"), weights.column, dataset)
    if weights is not None and weights.balanced and body.task is Task.REGRESSION:
        message = "balanced gives each class the same weight, and a regression has no classes"
        yield document.problem((*path, "weights", "balanced"), message, "remove it")
    if confidence is not None:
        yield from _column(document, (*path, "labelConfidence", "column"), confidence.column, dataset)


def _column(document: Document[Model], path: Path, name: str, dataset: Dataset) -> Iterator[Problem]:
    column = dataset.column(name)
    if column is None:
        hint = did_you_mean(name, [one.name for one in dataset.spec.columns])
        yield document.problem(path, f"{shown(name)} is not a column of dataset {dataset.name}", hint)
    elif column.type not in NUMBERS:
        yield document.problem(path, f"{shown(name)} is of type {column.type}, and a number is needed")
    elif name == dataset.spec.label.column:
        yield document.problem(path, f"{shown(name)} is the label")
    elif name in document.spec.spec.features.names:
        message = f"{shown(name)} is a feature too: a model that sees how much a row counts learns from that"
        yield document.problem(path, message, "remove it from the features, or name another column")
