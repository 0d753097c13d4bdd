"""Checks of gate policies: a team's own checks have different names, and the functions that they call are there."""

from collections.abc import Iterator

from reconciler.errors import Problem
from reconciler.rules.gates.custom import Custom
from reconciler.specs.checks.functions import check_function
from reconciler.specs.document import Document
from reconciler.specs.guide import shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.policies import GatePolicy

FOLDERS = ("models/", "policies/gates/")
"""Where functions of checks live: what changes there is seen by DVC."""


def check_custom(document: Document[GatePolicy], loaded: Loaded) -> Iterator[Problem]:
    """All gates `custom` of the policy."""
    first: dict[str, int] = {}
    for index, gate in enumerate(document.spec.spec.gates):
        if not isinstance(gate, Custom):
            continue
        if gate.name in first:
            message = f"the check {shown(gate.name)} stands twice, first as number {first[gate.name] + 1}"
            yield document.problem(("spec", "gates", index, "name"), message)
        first.setdefault(gate.name, index)
        if gate.function is not None:
            yield from check_function(document, ("spec", "gates", index, "function"), gate.function, FOLDERS, loaded)
