"""Checks of a model's target: what is predicted can be made from the dataset's label for this task."""

from collections.abc import Iterator
from typing import assert_never

from reconciler.errors import Problem
from reconciler.specs.checks.dataset import NUMBERS
from reconciler.specs.checks.references import check_unique
from reconciler.specs.dataset import Column, ColumnType, Dataset
from reconciler.specs.document import Document
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.model import Band, Model, Task
from reconciler.specs.syntax import Path

_TARGET: Path = ("spec", "target")
_ALLOWED = {Task.BINARY: ("atLeast", "positive"), Task.MULTICLASS: ("classes",), Task.REGRESSION: ()}


def check_target(document: Document[Model], dataset: Dataset) -> Iterator[Problem]:
    """The keys of the target fit the task, and the label fits both."""
    task, target = document.spec.spec.task, document.spec.spec.target
    given = {"atLeast": target.at_least, "positive": target.positive, "classes": target.classes}
    foreign = [key for key, value in given.items() if value is not None and key not in _ALLOWED[task]]
    for key in foreign:
        allowed = " or ".join(_ALLOWED[task]) or "no key at all"
        yield document.problem_with_key((*_TARGET, key), f"{key} means nothing for a {task} task", f"it takes {allowed}")
    if target.classes is not None and task is Task.MULTICLASS:
        yield from _bands(document, target.classes)
    label = dataset.column(dataset.spec.label.column)
    if label is None or foreign:
        return
    match task:
        case Task.BINARY:
            yield from _binary(document, label)
        case Task.MULTICLASS:
            yield from _multiclass(document, label)
        case Task.REGRESSION:
            yield from _regression(document, label)
        case _:
            assert_never(task)


def _bands(document: Document[Model], bands: tuple[Band, ...]) -> Iterator[Problem]:
    """Two bands at least, ascending, only the last without a bound, each name once."""
    path: Path = (*_TARGET, "classes")
    if len(bands) < 2:
        yield document.problem(path, f"expected at least 2 classes, got {len(bands)}")
    names = tuple(band.name for band in bands)
    yield from check_unique(document, path, names, "class", key="name")
    highest: float | None = None
    for index, band in enumerate(bands):
        last = index == len(bands) - 1
        if band.below is None and not last:
            yield document.problem((*path, index), f"class {band.name} needs `below`: only the last class has no bound")
        elif band.below is not None and last and len(bands) > 1:
            yield document.problem_with_key(
                (*path, index, "below"), f"the last class {band.name} takes all that is left", "remove it"
            )
        elif band.below is not None and highest is not None and band.below <= highest:
            message = f"the bounds must ascend, and {band.below:g} comes after {highest:g}"
            yield document.problem((*path, index, "below"), message)
        highest = band.below if band.below is not None else highest


def _binary(document: Document[Model], label: Column) -> Iterator[Problem]:
    """0 and 1, true and false, a number with `atLeast`, or a category with `positive`."""
    target = document.spec.spec.target
    if target.at_least is not None and target.positive is not None:
        yield document.problem_with_key((*_TARGET, "positive"), "atLeast and positive are both given, and one is needed")
    elif target.at_least is not None:
        if label.type not in NUMBERS:
            message = f"atLeast cuts numbers, and label {label.name} is of type {label.type}"
            yield document.problem_with_key((*_TARGET, "atLeast"), message)
    elif target.positive is not None:
        yield from _positive(document, label, target.positive)
    elif label.type is ColumnType.CATEGORY:
        hint = f"one of {', '.join(label.categories[:10])}" if label.categories else "name the category"
        yield document.problem(_TARGET, f"label {label.name} is a category: `positive` must say which one is meant", hint)
    elif label.type in NUMBERS and not _is_zero_or_one(label):
        message = f"label {label.name} is a number that is not 0 or 1: `atLeast` must say from where on it counts"
        yield document.problem(_TARGET, message, "or declare minimum: 0 and maximum: 1 in the dataset")


def _positive(document: Document[Model], label: Column, positive: str) -> Iterator[Problem]:
    """The positive category is one of the label's."""
    path: Path = (*_TARGET, "positive")
    if label.type is not ColumnType.CATEGORY:
        message = f"positive names a category, and label {label.name} is of type {label.type}"
        yield document.problem_with_key(path, message)
    elif label.categories and positive not in label.categories:
        hint = did_you_mean(positive, label.categories) or f"there are: {', '.join(label.categories[:10])}"
        yield document.problem(path, f"{shown(positive)} is no category of label {label.name}", hint)


def _is_zero_or_one(label: Column) -> bool:
    """An integer that is not declared to be anything else, or a number that is declared to be between 0 and 1."""
    if label.minimum is None and label.maximum is None:
        return label.type is ColumnType.INTEGER
    return label.minimum == 0 and label.maximum == 1


def _multiclass(document: Document[Model], label: Column) -> Iterator[Problem]:
    """Bands of a number, or the categories or whole numbers of the label as they are."""
    if document.spec.spec.target.classes is not None:
        if label.type not in NUMBERS:
            message = f"classes cut numbers, and label {label.name} is of type {label.type}"
            yield document.problem_with_key((*_TARGET, "classes"), message)
    elif label.type not in (ColumnType.CATEGORY, ColumnType.INTEGER):
        message = f"label {label.name} is of type {label.type}: `classes` must say how it becomes classes"
        yield document.problem(_TARGET, message)


def _regression(document: Document[Model], label: Column) -> Iterator[Problem]:
    """A number."""
    if label.type not in NUMBERS:
        message = f"regression predicts a number, and label {label.name} is of type {label.type}"
        yield document.problem(("spec", "task"), message)
