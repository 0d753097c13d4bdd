"""The repository port with main pinned to one commit: what would be, if that were main."""

from collections.abc import Mapping

from reconciler.domain.commits import CommitInfo
from reconciler.domain.names import MAIN, Revision
from reconciler.ports import RepositoryReader

_REF = f"refs/heads/{MAIN}"


class PinnedRepository:
    """RepositoryReader: all as `repository` has it, but main is at `revision`."""

    def __init__(self, repository: RepositoryReader, revision: Revision) -> None:
        self.repository = repository
        self.revision = revision

    def refs(self, *prefixes: str) -> Mapping[str, Revision]:
        """As the repository has them, and main where it is pinned."""
        found = self.repository.refs(*prefixes)
        wanted = not prefixes or any(f"{_REF}/".startswith(f"{prefix.rstrip('/')}/") for prefix in prefixes)
        return {**found, _REF: self.revision} if wanted else found

    def files(self, revision: Revision, *prefixes: str) -> Mapping[str, bytes]:
        """As the repository has them."""
        return self.repository.files(revision, *prefixes)

    def last_change(self, revision: Revision, path: str) -> Revision | None:
        """As the repository says."""
        return self.repository.last_change(revision, path)

    def commit_info(self, revision: Revision) -> CommitInfo:
        """As the repository says."""
        return self.repository.commit_info(revision)

    def contains(self, tip: Revision, revision: Revision) -> bool:
        """As the repository says."""
        return self.repository.contains(tip, revision)
