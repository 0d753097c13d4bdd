"""The repository port: what may be read and written of a local git repository, each in one line to the part that does it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from reconciler.adapters.git import reading, writing
from reconciler.adapters.git.process import GitProcess
from reconciler.adapters.git.transactions import RefTransactions
from reconciler.domain.commits import CommitInfo, RefUpdate
from reconciler.domain.names import Revision
from reconciler.errors import ConflictError, ObserveError, PermanentActError


class GitRepository:
    """RepositoryReader and RepositoryWriter. `root` is the working tree (the git directory of a bare one)."""

    def __init__(self, git: GitProcess, root: Path) -> None:
        self.git = git
        self.root = root
        self.common_dir = git.git_dir
        self.transactions = RefTransactions(git)

    @classmethod
    def open(cls, path: Path, environment: Mapping[str, str]) -> "GitRepository":
        """The repository that holds `path`. Finishes a transaction that a killed run left half done. Raises ObserveError."""
        from git import InvalidGitRepositoryError, NoSuchPathError, Repo

        try:
            with Repo(path, search_parent_directories=True) as found:
                common, root = Path(found.common_dir).resolve(), Path(found.working_tree_dir or found.git_dir).resolve()
        except (InvalidGitRepositoryError, NoSuchPathError) as error:
            raise ObserveError(f"{path} is not in a git repository", help="git init, or perennial --repo DIRECTORY") from error
        repository = cls(GitProcess(git_dir=common, environment=environment), root)
        repository.transactions.recover()
        return repository

    def refs(self, *prefixes: str) -> Mapping[str, Revision]:
        """Full ref name to commit, annotated tags peeled; all refs when no prefix is given."""
        return reading.read_refs(self.git, prefixes)

    def files(self, revision: Revision, *prefixes: str) -> Mapping[str, bytes]:
        """Path to content of the regular files at or under the prefixes."""
        return reading.read_files(self.git, revision, prefixes)

    def objects(self, names: Iterable[str]) -> Mapping[str, bytes]:
        """`<commit>:<path>` to content for those that exist, in one process."""
        return reading.read_objects(self.git, names)

    def last_change(self, revision: Revision, path: str) -> Revision | None:
        """The newest first-parent commit that changed the path."""
        return reading.last_change(self.git, revision, path)

    def commit_info(self, revision: Revision) -> CommitInfo:
        """Parents, committer, time and message of one commit."""
        return reading.commit_info(self.git, revision)

    def contains(self, tip: Revision, revision: Revision) -> bool:
        """Whether `revision` is `tip` or one of its ancestors; not, when the repository does not have it."""
        return reading.contains(self.git, tip, revision)

    def branches_in(self, revision: Revision) -> frozenset[str]:
        """The branches (full ref names) whose tip is `revision` or one of its ancestors."""
        return reading.branches_in(self.git, revision)

    def entered(self, *, base: Revision, tip: Revision) -> Revision:
        """The first-parent commit of `base` that brought in `tip`, one of its ancestors; `tip` itself after a fast-forward."""
        return reading.entered(self.git, base, tip)

    def commit(
        self, *, parent: Revision | None, files: Mapping[str, bytes | None], message: str, at: datetime, whole: bool = False
    ) -> Revision:
        """The parent's tree with `files` laid over it (only `files` when `whole`), as one deterministic commit."""
        tree = writing.write_tree(self.git, None if whole else parent, files)
        return writing.write_commit(self.git, tree, [parent] if parent else [], message, at)

    def commit_record(self, *, parents: Sequence[Revision], files: Mapping[str, bytes], message: str, at: datetime) -> Revision:
        """Only `files`, with any number of parents: further ones keep commits from being collected."""
        return writing.write_commit(self.git, writing.write_tree(self.git, None, dict(files)), parents, message, at)

    def merge(self, *, base: Revision, tip: Revision, message: str, at: datetime) -> Revision:
        """A merge commit of `tip` into `base`, also where git could fast-forward. Raises ConflictError with the files."""
        answer = self.git.attempt("merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", base, tip)
        tree, *conflicts = answer.out.decode(errors="replace").rstrip("\0").split("\0")
        if answer.code == 1:
            raise ConflictError(
                f"it does not merge cleanly: {', '.join(conflicts)}", help="perennial reconcile  (rebuilds the branch)"
            )
        if answer.code:
            raise PermanentActError(f"git merge-tree failed: {answer.err}", help="git fsck")
        return writing.write_commit(self.git, tree, [base, tip], message, at)

    def tag(self, *, name: str, target: Revision, message: str, at: datetime) -> Revision:
        """An annotated tag object; `update` makes the ref."""
        return writing.write_tag(self.git, name, target, message, at)

    def update(self, updates: Sequence[RefUpdate]) -> None:
        """Move all the refs or none, and the working trees that have them checked out. Raises ConflictError."""
        self.transactions.update(updates)
