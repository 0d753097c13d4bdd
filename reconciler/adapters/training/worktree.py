"""A git worktree for one training, and the removal of those that killed runs left behind; what was in them is noted."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.adapters.git.process import GitProcess
from reconciler.adapters.git.writing import check_path
from reconciler.adapters.training.interrupted import keep_note
from reconciler.domain.names import Revision, short
from reconciler.errors import PermanentActError


@dataclass(frozen=True, slots=True, kw_only=True)
class Worktree:
    """A checkout that nobody else uses. Whoever has `descriptor` open holds its lock, and keeps it from being removed."""

    path: Path
    log: Path
    descriptor: int
    git: GitProcess


@contextlib.contextmanager
def worktree(git: GitProcess, base: Revision, label: str, note: bytes = b"") -> Iterator[Worktree]:
    """A fresh detached checkout of `base`, gone afterwards. Raises PermanentActError when git cannot make one.

    The note says what goes on in it; it outlives a process that is killed or interrupted (adapters.training.interrupted).
    """
    directory = git.git_dir / "perennial" / "worktrees"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        _sweep(directory, git.git_dir)
        descriptor, lock = _lock(directory, label)
        os.write(descriptor, note)
    except OSError as error:
        raise PermanentActError(f"the git directory cannot be written: {error.strerror}", help="perennial doctor") from error
    path = lock.with_suffix("")
    try:
        answer = git.about_worktrees("add", "--quiet", "--detach", str(path), base, keep=(descriptor,))
        if answer.code:
            raise PermanentActError(f"git cannot check out {short(base)}: {answer.err}", help="git worktree list")
        inside = git.at(git_dir=git.git_dir / "worktrees" / path.name, work_tree=path)
        yield Worktree(path=path, log=path.with_suffix(".log"), descriptor=descriptor, git=inside)
    except (KeyboardInterrupt, SystemExit):
        keep_note(lock)
        raise
    finally:
        _remove(lock, git.git_dir)
        os.close(descriptor)
        _sweep(directory, git.git_dir)  # again: what a killed run had running may have needed a moment to die


def write_files(root: Path, files: Mapping[str, str]) -> None:
    """Lay the files over the checkout, following no links. Raises PermanentActError for a path that leads out of it."""
    for path, text in files.items():
        target = root / check_path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.parent.resolve().is_relative_to(root.resolve()):
            raise PermanentActError(f"{path} leads out of the checkout through a link", help="git ls-files -s")
        if target.is_symlink():
            target.unlink()
        target.write_bytes(text.encode())


def _lock(directory: Path, label: str) -> tuple[int, Path]:
    """A new lock file, held. One that a sweep took between its creation and our holding it is given up for another."""
    while True:
        descriptor, name = tempfile.mkstemp(prefix=f"{label}-", suffix=".lock", dir=directory)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return descriptor, Path(name)
        os.close(descriptor)


def _sweep(directory: Path, common: Path) -> None:
    """Remove the worktrees whose lock nobody holds."""
    for lock in directory.glob("*.lock"):
        with contextlib.suppress(FileNotFoundError, BlockingIOError), lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            keep_note(lock)
            _remove(lock, common)


def _remove(lock: Path, common: Path) -> None:
    """Remove the worktree, git's record of it (locked or not), and at last the lock; what resists is left for the next sweep."""
    path = lock.with_suffix("")
    admin = common / "worktrees" / path.name
    for place in (path, admin):
        shutil.rmtree(place, ignore_errors=True)
    path.with_suffix(".log").unlink(missing_ok=True)
    if not path.exists() and not admin.exists():
        lock.unlink(missing_ok=True)
