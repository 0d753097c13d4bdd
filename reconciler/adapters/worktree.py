"""Reads the files of a working tree that specs and training code are made of, for commands that need no commit."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from reconciler.domain.names import RUNS, WANTED_FILES, WANTED_FOLDERS
from reconciler.errors import ObserveError

LARGEST = 5 * 1024 * 1024
"""Larger files are left out, but for the lock of DVC, which grows with the fleet."""


def top_of_tree(place: Path) -> Path:
    """The nearest folder at or above the place that git knows as the top of a working tree; the place when there is none."""
    here = place.resolve()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)


def read_tree(root: Path) -> dict[str, bytes]:
    """Path from the root (with slashes) to content of every regular file that matters, sorted by path.

    Links are left out, be they files or folders, so nothing outside the root is ever read. Raises ObserveError for a file
    that cannot be read.
    """
    found: dict[str, bytes] = {}
    try:
        for path in sorted(_candidates(root)):
            status = path.lstat()
            if stat.S_ISREG(status.st_mode) and (status.st_size <= LARGEST or path.name == "dvc.lock"):
                found[_name(path.relative_to(root))] = path.read_bytes()
    except OSError as error:
        raise ObserveError(f"cannot read {error.filename}: {error.strerror}") from error
    return found


def _name(path: Path) -> str:
    """The path with slashes. Raises ObserveError when it is no text, because then no message could show it."""
    name = path.as_posix()
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise ObserveError(f"the file name {name!a} is not UTF-8", help="rename the file") from error
    return name


def _candidates(root: Path) -> Iterator[Path]:
    """Everything at or under the places that matter."""
    yield from (root / name for name in WANTED_FILES if _is_inside(root, name) and os.path.lexists(root / name))
    for folder in WANTED_FOLDERS:
        if _is_inside(root, folder):
            yield from _walk(root / folder)
    if _is_inside(root, RUNS):
        yield from (path for path in _walk(root / RUNS) if path.suffix == ".json")


def _is_inside(root: Path, name: str) -> bool:
    """No folder on the way is a link."""
    return not any((root / part).is_symlink() for part in (name, *(str(parent) for parent in Path(name).parents)) if part != ".")


def _refuse(error: OSError) -> None:
    """A folder that cannot be listed is an error: what is in it would silently not count."""
    if not isinstance(error, NotADirectoryError):
        raise error


def _walk(folder: Path) -> Iterator[Path]:
    """Files below the folder, caches of Python aside; links to folders are not followed."""
    if not os.path.lexists(folder):
        return
    for here, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = [name for name in folders if name != "__pycache__"]
        yield from (Path(here) / name for name in names)
