"""Bytes on their way into a file, which exists only when they are exactly those that were released."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from reconciler.adapters.stores.places import NEW
from reconciler.domain.packages import Package
from reconciler.errors import ObserveError

CHUNK = 1 << 20
Settle = Callable[[Path, Path], object]
"""Gives a finished file its name."""


def read_chunks(path: Path) -> Iterator[bytes]:
    """The file's bytes, piece by piece."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def difference(package: Package, chunks: Iterable[bytes], write: Callable[[bytes], object] = len) -> str:
    """What tells the bytes from those that were released, with both numbers; empty when nothing does.

    `write` is given them. Of what is too long no more is read than needed to see that.
    """
    sha256, size = hashlib.sha256(), 0
    for chunk in chunks:
        sha256.update(chunk)
        size += len(chunk)
        if size > package.artifact.size:
            return f"it should have {package.artifact.size:,} bytes and has {size:,} or more"
        write(chunk)
    if size != package.artifact.size:
        return f"it should have {package.artifact.size:,} bytes and has {size:,}"
    found = f"sha256:{sha256.hexdigest()}"
    return "" if found == package.artifact.sha256 else f"its SHA-256 should be {package.artifact.sha256} and is {found}"


def write_checked(package: Package, chunks: Iterable[bytes], to: Path, where: str, settle: Settle = Path.replace) -> None:
    """Have `to` hold exactly the package's bytes.

    Raises ObserveError, and leaves nothing behind, for other bytes, or where it cannot be written; and FileExistsError, where
    `settle` does.
    """
    try:
        _write_checked(package, chunks, to, where, settle)
    except FileExistsError:
        raise
    except OSError as error:
        raise ObserveError(f"cannot write {to}: {error.strerror or error}", help=f"df -h {to.parent}") from error


def _write_checked(package: Package, chunks: Iterable[bytes], to: Path, where: str, settle: Settle) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=to.parent, prefix=NEW)
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            said = difference(package, chunks, file.write)
            file.flush()
            os.fsync(file.fileno())
        if said:
            raise ObserveError(f"{where} is not what was released: {said}", help=f"perennial packages list {package.model}")
        new.chmod(0o444)
        settle(new, to)
    finally:
        with contextlib.suppress(OSError):
            new.unlink()
