"""Collects what a training leaves under version control: dvc.lock and the small files of runs/<model>/."""

from reconciler.adapters.training.worktree import Worktree

_LARGEST_FILE = 2_000_000
_LARGEST_SUM = 10_000_000
_LOCK = "dvc.lock"


class UnfitResultError(Exception):
    """The run left something that cannot be committed; the text says what, with both numbers."""


def collect(worktree: Worktree, model: str) -> dict[str, str]:
    """Path to text of dvc.lock and of all files of `runs/<model>/` that Git does not ignore, sorted. Raises UnfitResultError."""
    listing = worktree.git.read("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", _LOCK, f"runs/{model}")
    paths = sorted({path.decode(errors="replace") for path in listing.split(b"\0") if path})
    files = {path: _text(worktree, path) for path in paths if _is_regular(worktree, path)}
    if _LOCK not in files:
        raise UnfitResultError(f"the run left no {_LOCK}")
    total = sum(len(text) for text in files.values())
    if total > _LARGEST_SUM:
        raise UnfitResultError(f"the run left {total:,} characters in {len(files)} files for Git, more than {_LARGEST_SUM:,}")
    return files


def _is_regular(worktree: Worktree, path: str) -> bool:
    file = worktree.path / path
    inside = file.parent.resolve().is_relative_to(worktree.path.resolve())
    return inside and file.is_file() and not file.is_symlink()


def _text(worktree: Worktree, path: str) -> str:
    content = worktree.path / path
    size = content.stat().st_size
    if size > _LARGEST_FILE:
        raise UnfitResultError(f"{path} has {size:,} bytes, more than the {_LARGEST_FILE:,} that go into Git: let DVC cache it")
    try:
        return content.read_bytes().decode()
    except UnicodeDecodeError:
        raise UnfitResultError(f"{path} is not text: let DVC cache it, or have Git ignore it") from None
