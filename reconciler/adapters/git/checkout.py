"""Lets a working tree follow the branch that it has checked out, as `git merge --ff-only` would: local edits are safe."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from reconciler.adapters.git.journal import Follow
from reconciler.adapters.git.process import GitProcess
from reconciler.domain.names import short
from reconciler.errors import ConflictError, ObserveError, PermanentActError, TransientActError

_SIGNATURE = b"perennial\n"
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_LISTED = 10


def checkouts(git: GitProcess) -> dict[str, list[tuple[Path, Path]]]:
    """Branch ref to the (git dir, working tree) pairs that have it checked out."""
    found: dict[str, list[tuple[Path, Path]]] = {}
    answer = git.about_worktrees("list", "--porcelain", "-z")
    if answer.code:
        raise ObserveError(f"git worktree list failed: {answer.err}", help="git worktree prune")
    for block in answer.out.decode(errors="surrogateescape").split("\0\0"):
        fields = dict(line.partition(" ")[::2] for line in block.split("\0") if line)
        tree = Path(fields.get("worktree", ""))
        if "branch" in fields and "bare" not in fields and tree.is_dir():
            git_dir = _git_dir(tree, git.git_dir)
            if git_dir:
                found.setdefault(fields["branch"], []).append((git_dir, tree))
    return found


def _git_dir(tree: Path, common: Path) -> Path | None:
    """The git dir of the working tree: `.git` itself, or what the file `.git` points to, inside the common directory."""
    link = tree / ".git"
    if not link.is_file():
        return common
    target = (tree / link.read_text(encoding="utf-8", errors="surrogateescape").removeprefix("gitdir:").strip()).resolve()
    return target if target == common or common in target.parents else None


class WorkingTree:
    """One working tree and its index, on the way from one commit to another."""

    def __init__(self, git: GitProcess, follow: Follow) -> None:
        self.git_dir, self.tree = Path(follow.git_dir), Path(follow.work_tree)
        self.git = git.at(git_dir=self.git_dir, work_tree=self.tree)
        self.follow = follow
        self.old = follow.old or _EMPTY_TREE

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the index against every other git, with a lock file that says that it is ours."""
        self.unlock_killed()
        lock, signed = self.git_dir / "index.lock", _scratch(self.git_dir) / "signature"
        signed.write_bytes(_SIGNATURE)
        try:
            os.link(signed, lock)  # exclusive, and never without its signature
        except FileExistsError:
            raise TransientActError(
                f"{self.follow.ref} is checked out in a working tree that another git is changing (index.lock exists)",
                help="end the other git command, or remove .git/index.lock if none runs",
            ) from None
        try:
            yield
        finally:
            lock.unlink(missing_ok=True)

    def unlock_killed(self) -> None:
        """Remove a lock that a killed Perennial left: the living one holds the advisory lock, and that is us."""
        lock = self.git_dir / "index.lock"
        with contextlib.suppress(FileNotFoundError):
            if lock.read_bytes() == _SIGNATURE:
                lock.unlink()

    def check(self) -> None:
        """Raise ConflictError when local edits would be overwritten."""
        self._read_tree(write=False)

    def go(self, descriptor: int) -> None:
        """Bring index and files to the new commit."""
        self._read_tree(write=True, keep=(descriptor,))

    def clear_half_written(self) -> None:
        """Remove what a killed `go` wrote: files that hold the new content, whole or the beginning of it.

        They are written again by `go`. A file with any other content was edited since and is left alone.
        """
        behind = _paths(self.git.attempt("diff-index", "-z", "--name-only", "--cached", self.follow.new).out)
        for path in self._changed() & behind:
            file = self.tree / path
            answer = self.git.attempt("cat-file", "blob", f"{self.follow.new}:{path}")
            if not answer.code and file.is_file() and not file.is_symlink() and answer.out.startswith(file.read_bytes()):
                file.unlink()

    def _read_tree(self, *, write: bool, keep: tuple[int, ...] = ()) -> None:
        index = self.git_dir / "index"
        with TemporaryDirectory(prefix="perennial-index-", dir=self.git_dir / "perennial" / "index") as directory:
            copy = Path(directory, "index")
            if index.exists():
                shutil.copy2(index, copy)
            extra = {"GIT_INDEX_FILE": str(copy)}
            refreshed = self.git.attempt("update-index", "-q", "--refresh", extra=extra)
            if refreshed.code not in (0, 1):  # 1: there are local edits
                raise PermanentActError(f"the index cannot be refreshed: {refreshed.err}", help="df -h .; git status")
            target = ("read-tree", "-m", "-u", *(() if write else ("--dry-run",)), self.old, self.follow.new)
            answer = self.git.attempt(*target, extra=extra, keep=keep)
            if answer.code:
                raise self._refusal(answer.err, extra)
            if write:
                os.replace(copy, index)  # noqa: PTH105 - the atomic one

    def _refusal(self, reason: str, extra: dict[str, str]) -> ConflictError:
        files = sorted(self._changed() & self._edited(extra))
        named = ", ".join(files[:_LISTED]) + (f" and {len(files) - _LISTED} more" if len(files) > _LISTED else "")
        where = f"{self.follow.ref.removeprefix('refs/heads/')} is checked out and cannot move to {short(self.follow.new)}"
        return ConflictError(
            f"{where}: local edits would be overwritten: {named or reason}",
            help="git stash --include-untracked  (or commit the edits), then run again",
        )

    def _changed(self) -> set[str]:
        return _paths(self.git.attempt("diff-tree", "-r", "-z", "--name-only", "--no-renames", self.old, self.follow.new).out)

    def _edited(self, extra: dict[str, str]) -> set[str]:
        tracked = self.git.attempt("diff-index", "-z", "--name-only", self.old, extra=extra).out
        return _paths(tracked) | _paths(self.git.attempt("ls-files", "-z", "--others", extra=extra).out)


def _paths(listing: bytes) -> set[str]:
    return {path.decode(errors="surrogateescape") for path in listing.split(b"\0") if path}


def _scratch(git_dir: Path) -> Path:
    """A clean directory on the file system of the index, so that it can be replaced atomically."""
    directory = git_dir / "perennial" / "index"
    try:
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
    except OSError as error:
        raise PermanentActError(f"the git directory cannot be written: {error.strerror}", help="perennial doctor") from error
    return directory
