"""Writes several files of a working tree: all of them or none, each whole at any moment."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkstemp

from reconciler.errors import PermanentActError


def write_files(root: Path, files: Mapping[str, str]) -> None:
    """Write each text to its path below the root; folders are made.

    On an error everything is as it was before. Raises PermanentActError when a path leaves the root, or cannot be written.
    """
    targets = {_inside(root, name): text for name, text in sorted(files.items())}
    ready: list[tuple[Path, Path]] = []
    undo: list[tuple[Path, bytes | None]] = []
    made: list[Path] = []
    try:
        for target, text in targets.items():
            for folder in _missing(target.parent):
                folder.mkdir()
                made.append(folder)
            ready.append((_written_beside(target, text), target))
        for scratch, target in ready:
            before = target.read_bytes() if target.exists() else None
            scratch.replace(target)
            undo.append((target, before))
    except OSError as error:
        for target, before in reversed(undo):
            _restore(target, before)
        for scratch, _ in ready:
            scratch.unlink(missing_ok=True)
        for folder in reversed(made):
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise PermanentActError(f"nothing was written: {error.filename}: {error.strerror}") from error


def remove_file(root: Path, name: str) -> bool:
    """Remove the file below the root; False when it is not there. Raises PermanentActError when it cannot be removed."""
    target = _inside(root, name)
    try:
        target.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise PermanentActError(f"{name} was not removed: {error.strerror}") from error
    return True


def _inside(root: Path, name: str) -> Path:
    """The path below the root, no part of which is a link."""
    target = root / name
    if ".." in Path(name).parts or Path(name).is_absolute():
        raise PermanentActError(f"{name} leads out of the repository")
    for part in (target, *target.parents):
        if part == root:
            break
        if part.is_symlink():
            raise PermanentActError(f"{part} is a link, and nothing is written through links")
    return target


def _missing(folder: Path) -> list[Path]:
    """The folder and those above it that are not there, outermost first."""
    return [one for one in (folder, *folder.parents) if not one.exists()][::-1]


def _written_beside(target: Path, text: str) -> Path:
    """A whole file in the same folder, so that it can be moved into place in one step."""
    descriptor, name = mkstemp(dir=target.parent, prefix=".perennial-")
    scratch = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
        scratch.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
    except OSError as error:
        scratch.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(target)) from error
    return scratch


def _restore(target: Path, before: bytes | None) -> None:
    """As it was; what cannot be restored is left."""
    with contextlib.suppress(OSError):
        if before is None:
            target.unlink()
        else:
            target.write_bytes(before)
