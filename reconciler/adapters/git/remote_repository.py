"""The repository port on a remote: objects are read and written here, and the refs that count are the remote's."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reconciler.adapters.git.moves import check_name
from reconciler.adapters.git.remote import Remote
from reconciler.adapters.git.repository import GitRepository
from reconciler.adapters.git.ways import Credentials, nobody
from reconciler.domain.commits import CommitInfo, RefUpdate
from reconciler.domain.names import Revision
from reconciler.errors import ObserveError


class RemoteRepository(GitRepository):
    """RepositoryReader and RepositoryWriter. The branches of the local repository are people's, and neither read nor moved."""

    def __init__(self, local: GitRepository, remote: Remote) -> None:
        super().__init__(local.git, local.root)
        self.remote = remote

    @classmethod
    def of(cls, local: GitRepository, name: str, credentials: Credentials = nobody) -> "RemoteRepository":
        """On the local repository's remote of that name. An address that is a relative path starts at its working tree."""
        tree = None if local.root == local.common_dir else local.root
        return cls(local, Remote(git=replace(local.git, work_tree=tree), name=name, credentials=credentials))

    def last_seen(self) -> "RemoteRepository":
        """The same as it was when somebody last looked. Raises ObserveError when nobody ever did."""
        seen = RemoteRepository(self, replace(self.remote, live=False))
        if not seen.refs():
            raise ObserveError(
                f"nothing of the remote {self.remote.name} was seen here yet", help="perennial status, when online"
            )
        return seen

    def refs(self, *prefixes: str) -> Mapping[str, Revision]:
        """As `GitRepository.refs`, of the remote, at this moment."""
        return self.remote.refs(prefixes)

    def commit_info(self, revision: Revision) -> CommitInfo:
        """As `GitRepository.commit_info`. A forge may name a commit that was pushed after the last look: then look again."""
        try:
            return super().commit_info(revision)
        except ObserveError:
            self.refs()
            return super().commit_info(revision)

    def branches_in(self, revision: Revision) -> frozenset[str]:
        """As `GitRepository.branches_in`, of the remote, at the moment of the last `refs`."""
        return self.remote.branches_in(revision)

    def update(self, updates: Sequence[RefUpdate]) -> None:
        """Move all the refs of the remote or none. Raises ConflictError, TransientActError or PermanentActError."""
        for update in updates:
            check_name(update.ref)
        if updates:
            self.remote.move(updates)
