"""Checksums of files of any size, read once."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from reconciler.domain.names import Digest

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """SHA-256, MD5 (DVC's address) and size in bytes."""

    sha256: Digest
    md5: str
    size: int


def sums_of(path: Path) -> Sums:
    """Raises OSError for a file that cannot be read."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sha256.update(chunk)
            md5.update(chunk)
            size += len(chunk)
    return Sums(sha256=Digest(f"sha256:{sha256.hexdigest()}"), md5=md5.hexdigest(), size=size)
