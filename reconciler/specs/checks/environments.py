"""Checks of models against the settings: no two environments of a model are one place in a cluster."""

from collections.abc import Iterator

from reconciler.errors import Problem
from reconciler.specs.document import Document
from reconciler.specs.loaded import Loaded
from reconciler.specs.model import Model
from reconciler.specs.settings import Settings


def check_environments(loaded: Loaded, settings: Settings) -> Iterator[Problem]:
    """In one namespace of one cluster the objects of a model have one name: a second environment would overwrite the first."""
    for document in loaded.models.values():
        yield from _places(document, settings)


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
