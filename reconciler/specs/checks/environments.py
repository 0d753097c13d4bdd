"""Checks of environments: no two of a model are one place in a cluster, and holds and freezes name some that there are."""

from collections.abc import Iterator

from reconciler.errors import Problem
from reconciler.specs.checks.references import check_unique
from reconciler.specs.document import Document
from reconciler.specs.guide import did_you_mean, shown
from reconciler.specs.loaded import Loaded
from reconciler.specs.model import Model
from reconciler.specs.places import PYPROJECT
from reconciler.specs.settings import Settings
from reconciler.specs.stops import HoldFile
from reconciler.specs.syntax import Path
from reconciler.specs.toml import find_line


def check_environments(loaded: Loaded, settings: Settings) -> Iterator[Problem]:
    """In one namespace of one cluster the objects of a model have one name: a second environment would overwrite the first."""
    for document in loaded.models.values():
        yield from _places(document, settings)
    for hold in loaded.holds:
        yield from _held(hold, loaded)
    yield from _frozen(loaded, settings)


def _held(document: Document[HoldFile], loaded: Loaded) -> Iterator[Problem]:
    """A hold of an environment that is none would be taken for one that stops something."""
    names, model = document.spec.spec.environments, loaded.models.get(document.place.model)
    yield from check_unique(document, ("spec", "environments"), names, "environment")
    for index, name in enumerate(names if model else ()):
        known = model.spec.spec.environments if model else ()
        if name not in known:
            message = f"model {document.place.model} has no environment {shown(name)}"
            hint = did_you_mean(name, known) or f"it has {', '.join(known)}"
            yield document.problem(("spec", "environments", index), message, hint)


def _frozen(loaded: Loaded, settings: Settings) -> Iterator[Problem]:
    """So would a freeze."""
    known = sorted({name for document in loaded.models.values() for name in document.spec.spec.environments})
    path: Path = ("tool", "perennial", "freeze")
    for index, window in enumerate(settings.freeze):
        for name in window.environments:
            if known and name not in known:
                line, column = find_line(loaded.files[PYPROJECT].decode(), path)
                hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
                where = f"tool.perennial.freeze[{index}].environments"
                message = f"no model has an environment {shown(name)}"
                yield Problem(file=PYPROJECT, line=line, column=column, field=where, message=message, hint=hint)


def _places(document: Document[Model], settings: Settings) -> Iterator[Problem]:
    taken: dict[tuple[str, str], str] = {}
    for index, environment in enumerate(document.spec.spec.environments):
        target = settings.environment(environment)
        first = taken.setdefault((target.namespace, target.cluster.rstrip("/")), environment)
        if first != environment:
            where = f"namespace {target.namespace} of {target.cluster}"
            message = f"{first} and {environment} are both {where}, where each would overwrite the other's {document.place.name}"
            hint = f"give one of them a namespace of its own: [tool.perennial.environments.{environment}] in pyproject.toml"
            yield document.problem(("spec", "environments", index), message, hint)
