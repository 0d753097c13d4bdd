"""Checks of one model against what its gates look at: features that the model has, relations that its answers can have."""

from collections.abc import Iterator

from reconciler.errors import Problem
from reconciler.rules.gates.calibration import Calibration
from reconciler.rules.gates.robustness import Robustness
from reconciler.rules.perturbation import OF_CATEGORIES, OF_NUMBERS, Kind, Relation
from reconciler.specs.checks.policies import nested
from reconciler.specs.document import Document
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.model import Model, Task
from reconciler.specs.syntax import Path, field_of


def check_gates(document: Document[Model], loaded: Loaded) -> Iterator[Problem]:
    """What the model's gate policy wants of it can be measured. A policy that is broken or absent is told elsewhere."""
    policy = loaded.gates.get(document.spec.spec.gates)
    for path, rule in nested(policy.spec) if policy else ():
        if isinstance(rule, Robustness):
            yield from _robustness(document, rule, path)
        if isinstance(rule, Calibration):
            yield from _calibration(document, path)


def _calibration(document: Document[Model], path: Path) -> Iterator[Problem]:
    """Only what answers with probabilities can be calibrated."""
    if document.spec.spec.task is Task.REGRESSION:
        policy = shown(document.spec.spec.gates)
        message = f"{policy} judges the calibration of probabilities ({field_of(path)}), which a regression does not give"
        yield document.problem(("spec", "gates"), message, "choose another policy")


def _robustness(document: Document[Model], gate: Robustness, path: Path) -> Iterator[Problem]:
    """Features exist and are of the sort that is spoiled or moved; a number can go up or down, several classes cannot."""
    features = document.spec.spec.features
    for index, one in enumerate(gate.perturbations):
        where = field_of((*path, "perturbations", index, "features"))
        yield from _known(document, one.features, _sort(document, one.kind), where)
    for relation, name in gate.relations().values():
        where = field_of((*path, relation))
        numeric = relation is not Relation.INVARIANT
        yield from _known(document, (name,), features.numeric if numeric else features.names, where)
        if numeric and document.spec.spec.task is Task.MULTICLASS:
            message = f"{shown(document.spec.spec.gates)} wants answers that rise or fall ({where}); several classes do not"
            yield document.problem(("spec", "gates"), message, "use invariantTo, or choose another policy")


def _sort(document: Document[Model], kind: Kind) -> tuple[str, ...]:
    """The features that the kind is for."""
    features = document.spec.spec.features
    if kind in OF_NUMBERS:
        return features.numeric
    return features.categorical if kind in OF_CATEGORIES else features.names


def _known(document: Document[Model], names: tuple[str, ...], features: tuple[str, ...], where: str) -> Iterator[Problem]:
    for name in names:
        if name not in features:
            policy = shown(document.spec.spec.gates)
            hint = did_you_mean(name, features) or f"there are: {', '.join(features) or 'none'}"
            message = f"{policy} looks at {shown(name)} ({where}), which is no such feature of this model"
            yield document.problem(("spec", "gates"), message, hint)
