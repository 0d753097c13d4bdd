"""What a change of the YAML does to the rendered branches: a diff over all environments, for a reviewer. Pure."""

from collections.abc import Iterator
from difflib import unified_diff

from reconciler.render.manifests import render_environment
from reconciler.specs.specs import Specs

CONTEXT = 2
"""Lines around each change."""


def rendered_effect(before: Specs, after: Specs) -> str:
    """A unified diff of all that `env/*` would hold, paths as `<environment>/<path>`; empty when nothing changes.

    Raises InvalidSpecsError for a template that cannot be rendered.
    """
    old, new = _rendered(before), _rendered(after)
    paths = sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))
    return "\n".join(line for path in paths for line in _changes(path, old.get(path, ""), new.get(path, "")))


def _rendered(specs: Specs) -> dict[str, str]:
    names = sorted({name for model in specs.models.values() for name in model.spec.environments})
    return {f"{name}/{path}": text for name in names for path, text in render_environment(specs, name).items()}


def _changes(path: str, old: str, new: str) -> Iterator[str]:
    return unified_diff(old.splitlines(), new.splitlines(), path, path, n=CONTEXT, lineterm="")
