"""What main's history says of a model's releases, and which tags there are."""

from collections.abc import Mapping, Sequence

from reconciler.domain.names import Revision, release_path
from reconciler.ports import RepositoryReader


def introductions(
    repository: RepositoryReader, head: Revision, model: str, environments: Sequence[str], known: frozenset[str]
) -> Mapping[str, Revision]:
    """Environment to the commit on main that last wrote, changed or removed its release file; absent when none did.

    `known` are the environments that have a release file or ever had one: the others cost no look at the history.
    """
    found = {
        environment: repository.last_change(head, release_path(model, environment))
        for environment in environments
        if environment in known
    }
    return {environment: commit for environment, commit in found.items() if commit is not None}


def tags_of(refs: Mapping[str, Revision], model: str) -> Mapping[str, Revision]:
    """The model's version and stage tags, by name."""
    names = {ref.removeprefix("refs/tags/"): commit for ref, commit in refs.items() if ref.startswith("refs/tags/")}
    return {name: commit for name, commit in names.items() if name.startswith((f"{model}@", f"{model}#"))}
