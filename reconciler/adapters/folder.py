"""Writes rendered files into a folder of the person's choice, and removes there what it wrote before and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from reconciler.errors import PermanentActError

LIST = ".perennial-rendered"
"""Names the files that we wrote, one path per line. A folder without it is not ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Paths below the folder, sorted. What was there already with these bytes is in neither."""

    written: tuple[str, ...]
    removed: tuple[str, ...]


def write_folder(folder: Path, files: Mapping[str, str]) -> Written:
    """Have the folder hold exactly these files of ours.

    Raises PermanentActError, before anything is written, for a folder that holds other things or whose links lead out of
    it; and for what the machine refuses.
    """
    try:
        before = _ours(folder)
        targets = {path: _inside(folder, path) for path in sorted({*before, *files})}
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / LIST, "".join(f"{path}\n" for path in targets))
        removed = tuple(path for path in before if path not in files and _remove(folder, targets[path]))
        written = tuple(path for path in sorted(files) if _write(targets[path], files[path]))
        _write(folder / LIST, "".join(f"{path}\n" for path in sorted(files)))
    except OSError as error:
        raise PermanentActError(f"cannot write {error.filename or folder}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PermanentActError(f"{folder / LIST} is not UTF-8", help="perennial render --out a-new-folder") from error
    return Written(written=written, removed=removed)


def _ours(folder: Path) -> tuple[str, ...]:
    """What we wrote into the folder before; nothing for one that is empty or not there."""
    if (folder / LIST).is_symlink():
        raise _leads_out(folder, LIST)
    if (folder / LIST).is_file():
        return tuple(sorted(filter(None, (folder / LIST).read_text(encoding="utf-8").split("\n"))))
    if folder.is_dir() and any(folder.iterdir()):
        message = f"{folder} is not empty, and has no {LIST} by which a folder of rendered files is known"
        raise PermanentActError(message, help="perennial render --out a-new-folder")
    return ()


def _inside(folder: Path, path: str) -> Path:
    """Where the path is, with all links followed but its own last part."""
    pure = PurePosixPath(path)
    target = folder / pure
    no_file = not pure.name or ".." in pure.parts or pure == PurePosixPath(LIST) or "\n" in path
    if no_file or pure.is_absolute() or target.is_symlink() or not target.parent.resolve().is_relative_to(folder.resolve()):
        raise _leads_out(folder, path)
    return target


def _leads_out(folder: Path, path: str) -> PermanentActError:
    return PermanentActError(f"{path!a} leads out of {folder}", help="perennial render --out a-new-folder")


def _write(target: Path, text: str) -> bool:
    if target.is_file() and target.read_bytes() == text.encode():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(text.encode())
    return True


def _remove(folder: Path, target: Path) -> bool:
    if not target.is_file():
        return False
    target.unlink()
    for parent in _emptied(folder, target):
        parent.rmdir()
    return True


def _emptied(folder: Path, target: Path) -> Iterator[Path]:
    for parent in target.parents:
        if parent == folder or any(parent.iterdir()):
            return
        yield parent
