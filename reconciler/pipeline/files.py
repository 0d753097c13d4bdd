"""Used by train, package and predict: a folder of plain files as a mapping, and back; nothing leads out of it."""

import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from reconciler.errors import ReconcilerError
from reconciler.pipeline.archive import LARGEST_ARCHIVE

MOST_FILES = 10_000


def read_folder(folder: Path, what: str, *, linked: bool = False) -> dict[str, bytes]:
    """Path under the folder (with slashes) to content, sorted; `what` names the folder in messages.

    `linked`: its files may be links, as those are that DVC checks out. Raises ReconcilerError for other links and special
    files, for too many files, and for too many bytes.
    """
    found: dict[str, bytes] = {}
    size = 0
    for path in sorted(_walk(folder)):
        name, status = path.relative_to(folder).as_posix(), path.stat() if linked else path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise ReconcilerError(f"{what}/{name} is a link or no plain file, and cannot be packaged")
        size += status.st_size
        if len(found) == MOST_FILES:
            raise ReconcilerError(f"{what} holds more than the {MOST_FILES:,} files that can be packaged")
        if size > LARGEST_ARCHIVE:
            raise ReconcilerError(f"{what} holds more than the {LARGEST_ARCHIVE:,} bytes that can be packaged")
        found[name] = path.read_bytes()
    return found


def write_folder(folder: Path, files: Mapping[str, bytes], *, executable: bool = False) -> None:
    """Have exactly these files in the folder. Raises ReconcilerError for a name that leads out of it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files.items():
        path = folder / inside(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        if executable:
            path.chmod(0o755)


def inside(name: str) -> str:
    """The name, if it is that of a file below a folder. Raises ReconcilerError for any other."""
    path = PurePosixPath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or str(path) != name:
        raise ReconcilerError(f"{name!r} leads out of the folder that it is to be unpacked in")
    return name


def _walk(folder: Path) -> Iterator[Path]:
    """All that is no folder; links to folders are not followed."""
    for here, folders, names in os.walk(folder):
        yield from (Path(here) / name for name in (*names, *(one for one in folders if (Path(here) / one).is_symlink())))
