"""Checks of overrides: the gates are some that the model has, and it ends within bounds."""

from collections.abc import Iterator
from datetime import timedelta

from reconciler.domain.overrides import ON_THE_WAY
from reconciler.errors import Problem
from reconciler.rules.fields import time_text
from reconciler.specs.checks.references import check_unique
from reconciler.specs.document import Document
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.override import MOST_DAYS, OverrideFile


def check_override(document: Document[OverrideFile], loaded: Loaded) -> Iterator[Problem]:
    """Everything about one override."""
    spec = document.spec.spec
    yield from check_unique(document, ("spec", "gates"), spec.gates, "gate")
    yield from _gates(document, loaded)
    latest = spec.since + timedelta(days=MOST_DAYS)
    if spec.until <= spec.since:
        message = f"it ends at {time_text(spec.until)}, before it begins at {time_text(spec.since)}"
        yield document.problem(("spec", "until"), message, f"{time_text(latest)} at the latest")
    if spec.until > latest:
        message = f"it ends at {time_text(spec.until)}, more than {MOST_DAYS} days after it begins at {time_text(spec.since)}"
        yield document.problem(("spec", "until"), message, f"{time_text(latest)} at the latest; another review can renew it")


def _gates(document: Document[OverrideFile], loaded: Loaded) -> Iterator[Problem]:
    """An override of a gate that is none would be taken for one that counts."""
    model = loaded.models.get(document.place.model)
    policy = loaded.gates.get(model.spec.spec.gates) if model else None
    if policy is None:
        return
    known = [*dict.fromkeys(gate.rule for gate in policy.spec.spec.gates), *ON_THE_WAY]
    for index, name in enumerate(document.spec.spec.gates):
        if name not in known:
            hint = did_you_mean(name, known) or f"there are: {', '.join(known) or 'none'}"
            yield document.problem(("spec", "gates", index), f"policy {policy.place.name} has no gate {shown(name)}", hint)
