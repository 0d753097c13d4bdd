"""Used by train and package: zip files whose bytes depend on nothing but their content, and their careful reading."""

import hashlib
import io
import zipfile
from collections.abc import Mapping

from reconciler.errors import ReconcilerError

LARGEST_ARCHIVE = 1 << 30
MOST_ENTRIES = 100_000
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files: sorted by name, stored (zlib's output depends on its version), without times or owners."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def unpack(content: bytes, what: str) -> Mapping[str, bytes]:
    """The files of an archive that `pack` could have made; `what` names it in messages. Nothing is written to disk.

    Raises ReconcilerError for anything else: too large, compressed (a bomb), repeated names, broken checksums.
    """
    if len(content) > LARGEST_ARCHIVE:
        raise ReconcilerError(f"{what} has {len(content)} bytes, more than the {LARGEST_ARCHIVE} that are accepted")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _read(archive, len(content), what)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, RuntimeError) as error:
        raise ReconcilerError(f"{what} is not a readable archive: {error}") from error


def _read(archive: zipfile.ZipFile, size: int, what: str) -> Mapping[str, bytes]:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MOST_ENTRIES:
        raise ReconcilerError(f"{what} has {len(entries)} entries, more than the {MOST_ENTRIES} that are accepted")
    if len(set(names)) != len(names):
        raise ReconcilerError(f"{what} holds the same name twice")
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise ReconcilerError(f"{what} is compressed; Perennial stores its files as they are")
    if sum(entry.file_size for entry in entries) > size:
        raise ReconcilerError(f"{what} claims to hold more bytes than it has")
    return {name: archive.read(name) for name in names}


def sha256_of(content: bytes) -> str:
    """The hexadecimal SHA-256 of the bytes, as the manifest writes it."""
    return hashlib.sha256(content).hexdigest()
