"""What a release file said along main's history, for whoever goes back, or asks what ran before."""

from collections.abc import Iterator

from reconciler.domain.names import Revision
from reconciler.plan.rollback import Stay
from reconciler.ports import RepositoryReader

_FURTHEST = 200
"""So many changes of a release file are looked at."""


def stays_along(repository: RepositoryReader, head: Revision, path: str) -> Iterator[Stay]:
    """What the file said along main's first parents, newest first; at the end what was before the first: nothing."""
    revision: Revision | None = head
    for _ in range(_FURTHEST):
        since = repository.last_change(revision, path) if revision else None
        if since is None:
            return
        yield Stay(since=since, content=repository.files(since, path).get(path))
        parents = repository.commit_info(since).parents
        revision = parents[0] if parents else None
        if not (revision and repository.last_change(revision, path)):
            yield Stay(since=since, content=None)
            return
