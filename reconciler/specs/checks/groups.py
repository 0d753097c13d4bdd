"""Checks of the columns that rows are grouped by: protected ones are columns, and gates group by what the snapshot carries."""

from collections.abc import Iterator

from reconciler.errors import Problem
from reconciler.rules.gates.fairness import MEANS, RATES, Fairness
from reconciler.rules.gates.slices import Slices
from reconciler.specs.checks.policies import nested
from reconciler.specs.checks.references import check_unique
from reconciler.specs.dataset import ColumnType, Dataset
from reconciler.specs.document import Document
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.model import Model, Task
from reconciler.specs.syntax import Path, field_of


def check_groups(document: Document[Model], loaded: Loaded) -> Iterator[Problem]:
    """The protected columns, and what the gates group by."""
    dataset = loaded.datasets.get(document.spec.spec.dataset)
    if dataset is not None:
        yield from _protected(document, dataset.spec)
    policy = loaded.gates.get(document.spec.spec.gates)
    for path, gate in nested(policy.spec) if policy else ():
        if isinstance(gate, Slices):
            yield from _slices(document, gate, path)
        if isinstance(gate, Fairness):
            yield from _fairness(document, gate, path)


def _protected(document: Document[Model], dataset: Dataset) -> Iterator[Problem]:
    """Columns of the dataset whose values make groups, each once. They may be known only later: no model looks at them."""
    names = document.spec.spec.protected
    yield from check_unique(document, ("spec", "protected"), names, "column")
    for index, name in enumerate(names):
        path: Path = ("spec", "protected", index)
        column = dataset.column(name)
        if column is None:
            hint = did_you_mean(name, [column.name for column in dataset.spec.columns])
            yield document.problem(path, f"{shown(name)} is not a column of dataset {dataset.name}", hint)
        elif name == dataset.spec.label.column:
            yield document.problem(path, f"{shown(name)} is the label, and groups are compared by their labels")
        elif column.type is ColumnType.TIME:
            yield document.problem(path, f"{shown(name)} is of type time, which makes no groups: derive a column in the source")


def _slices(document: Document[Model], gate: Slices, path: Path) -> Iterator[Problem]:
    """Cuts are by columns of the snapshot, and strict slices are of a cut."""
    for index, cut in enumerate(gate.cuts):
        for name in cut:
            yield from _carried(document, name, (*path, "columns", index))
    cuts = ["+".join(cut) for cut in gate.cuts] or document.spec.spec.features.categorical
    for name in gate.no_regression:
        if name not in cuts:
            message = f"{shown(document.spec.spec.gates)} judges slices of {shown(name)} ({field_of((*path, 'noRegression'))})"
            hint = did_you_mean(name, cuts) or f"the cuts are: {', '.join(cuts) or 'none'}"
            yield document.problem(("spec", "gates"), f"{message}, which its columns do not cut", hint)


def _fairness(document: Document[Model], gate: Fairness, path: Path) -> Iterator[Problem]:
    """There are groups to compare, and the bounds are of numbers that the task has."""
    body, policy = document.spec.spec, shown(document.spec.spec.gates)
    if gate.column is not None:
        yield from _carried(document, gate.column, (*path, "column"))
    elif not body.protected:
        message = f"{policy} compares groups of protected columns ({field_of(path)}), and this model has none"
        yield document.problem(("spec", "gates"), message, "list them in spec.protected, or name a column in the policy")
    if body.task is Task.MULTICLASS:
        message = f"{policy} compares rates of groups ({field_of(path)}), and of several classes none is the favourable one"
        yield document.problem(("spec", "gates"), message, "choose another policy")
        return
    fitting, others = (MEANS, RATES) if body.task is Task.REGRESSION else (RATES, MEANS)
    given = gate.model_fields_set
    words = [field.alias or name for name, field in type(gate).model_fields.items() if name in fitting]
    for name in [name for name in others if name in given]:
        where = field_of((*path, type(gate).model_fields[name].alias or name))
        message = f"{policy} bounds what a {body.task} model does not have ({where})"
        yield document.problem(("spec", "gates"), message, f"of a {body.task} model there are {', '.join(words)}")
    if body.task is Task.REGRESSION and not given & {*MEANS, *RATES}:
        message = f"{policy} gives no bound ({field_of(path)}), and a regression has no usual one"
        yield document.problem(("spec", "gates"), message, f"give {' or '.join(words)}")


def _carried(document: Document[Model], name: str, path: Path) -> Iterator[Problem]:
    """The snapshot has the column."""
    body = document.spec.spec
    if name not in (known := (*body.features.names, *body.protected)):
        message = f"{shown(body.gates)} groups by {shown(name)} ({field_of(path)}), which this model neither uses nor protects"
        yield document.problem(("spec", "gates"), message, did_you_mean(name, known) or f"add {name} to spec.protected")
