"""Checks of one dataset contract: its columns, event time, label, source and expectations fit together."""

import re
from collections.abc import Iterator

from reconciler.errors import Problem
from reconciler.specs.checks.functions import check_function
from reconciler.specs.checks.references import check_unique
from reconciler.specs.dataset import Column, ColumnType, Dataset, Expectation, Known, PythonSourceSpec, SqlSourceSpec
from reconciler.specs.document import Document
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.syntax import Path
from reconciler.specs.vocabulary import ExpectationWords, expectations

NUMBERS = (ColumnType.NUMBER, ColumnType.INTEGER)
_LABELS = (*NUMBERS, ColumnType.BOOLEAN, ColumnType.CATEGORY)
SEVERITIES = ("critical", "warning", "info")
"""Words of Great Expectations."""
_PASSWORD = re.compile(r"://[^/@:\s]*:(?!\$\{)[^@/\s]+@")


def check_dataset(document: Document[Dataset], loaded: Loaded) -> Iterator[Problem]:
    """Everything about one contract."""
    columns = document.spec.spec.columns
    names = tuple(column.name for column in columns)
    yield from check_unique(document, ("spec", "columns"), names, "column", key="name")
    for index, column in enumerate(columns):
        yield from _column(document, ("spec", "columns", index), column)
    yield from _event_time(document)
    yield from _label(document)
    yield from _source(document, loaded)
    yield from _expectations(document, names)


def require_column(document: Document[Dataset], path: Path, name: str) -> Iterator[Problem]:
    """The contract has the column."""
    if document.spec.column(name) is None:
        names = [column.name for column in document.spec.spec.columns]
        yield document.problem(path, f"{shown(name)} is not a column of this dataset", did_you_mean(name, names))


def _column(document: Document[Dataset], path: Path, column: Column) -> Iterator[Problem]:
    """Ranges are for numbers, categories for categories."""
    low, high = column.minimum, column.maximum
    if low is not None and high is not None and low > high:
        yield document.problem((*path, "minimum"), f"the minimum {low:g} is above the maximum {high:g}")
    for key, bound in (("minimum", low), ("maximum", high)):
        if bound is not None and column.type not in NUMBERS:
            yield document.problem_with_key((*path, key), f"column {column.name} is of type {column.type}, which has no {key}")
    if column.categories is None:
        return
    if column.type is not ColumnType.CATEGORY:
        message = f"column {column.name} is of type {column.type}, which has no categories"
        yield document.problem_with_key((*path, "categories"), message, "use type: category")
    if not column.categories:
        yield document.problem((*path, "categories"), "an empty list allows no value", "leave the key out to allow all")
    yield from check_unique(document, (*path, "categories"), column.categories, "category")


def _event_time(document: Document[Dataset]) -> Iterator[Problem]:
    """The event time is a column with times that are known when the event happens."""
    name, path = document.spec.spec.event_time, ("spec", "eventTime")
    yield from require_column(document, path, name)
    column = document.spec.column(name)
    if column is None:
        return
    if column.type is not ColumnType.TIME:
        yield document.problem(path, f"column {name} is of type {column.type}, and an event time is of type time")
    if column.known is Known.AFTER:
        yield document.problem(path, f"column {name} is known only after the event, so it cannot be its time")


def _label(document: Document[Dataset]) -> Iterator[Problem]:
    """The label is a column that can be predicted."""
    name, path = document.spec.spec.label.column, ("spec", "label", "column")
    yield from require_column(document, path, name)
    column = document.spec.column(name)
    if column is not None and column.type not in _LABELS:
        wanted = ", ".join(_LABELS)
        yield document.problem(path, f"column {name} is of type {column.type}, and a label is one of {wanted}")


def _source(document: Document[Dataset], loaded: Loaded) -> Iterator[Problem]:
    """A function's file is in the repository; a password is not."""
    source = document.spec.spec.source
    if isinstance(source, PythonSourceSpec):
        yield from check_function(document, ("spec", "source", "function"), source.function, ("datasets/",), loaded)
    if isinstance(source, SqlSourceSpec) and _PASSWORD.search(source.url):
        message = "the URL holds a password, and Git keeps it for ever"
        yield document.problem(("spec", "source", "url"), message, "put the whole URL into an environment variable: ${NAME}")


def _expectations(document: Document[Dataset], names: tuple[str, ...]) -> Iterator[Problem]:
    """Expectations exist, take the arguments that they are given, and speak of columns that exist."""
    known = expectations()
    for index, expectation in enumerate(document.spec.spec.expectations):
        path: Path = ("spec", "expectations", index)
        if expectation.type in known:
            yield from _arguments(document, path, expectation, known[expectation.type])
        else:
            message = f"there is no expectation {shown(expectation.type)} in Great Expectations"
            yield document.problem((*path, "type"), message, did_you_mean(expectation.type, known))
        for where, column in _columns_named(expectation):
            if column not in names:
                yield from require_column(document, (*path, "arguments", *where), column)


def _columns_named(expectation: Expectation) -> Iterator[tuple[Path, str]]:
    """The columns that an expectation speaks of, and where."""
    given = expectation.arguments
    for key in ("column", "column_A", "column_B"):
        if isinstance(column := given.get(key), str):
            yield (key,), column
    listed = given.get("column_list")
    for index, column in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(column, str):
            yield ("column_list", index), column


def _arguments(document: Document[Dataset], path: Path, expectation: Expectation, words: ExpectationWords) -> Iterator[Problem]:
    """Each argument is one that the expectation takes, and none that it needs is missing."""
    where = (*path, "arguments")
    for name in expectation.arguments:
        if name not in words.arguments:
            hint = did_you_mean(name, words.arguments) or f"it takes {', '.join(words.arguments)}"
            yield document.problem_with_key((*where, name), f"{expectation.type} takes no argument {shown(name)}", hint)
    for name in words.required:
        if name not in expectation.arguments:
            at = where if expectation.arguments else path
            yield document.problem(at, f"{expectation.type} needs the argument {shown(name)}", f"add {name} to its arguments")
    severity = expectation.arguments.get("severity", SEVERITIES[0])
    if severity not in SEVERITIES:
        hint = did_you_mean(str(severity), SEVERITIES) or f"use one of {', '.join(SEVERITIES)}"
        yield document.problem((*where, "severity"), f"{shown(str(severity))} is no severity", hint)
