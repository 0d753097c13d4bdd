"""Ports of the place that servers fetch packages from."""

from pathlib import Path
from typing import Protocol

from reconciler.domain.names import Digest
from reconciler.domain.packages import Package


class Packages(Protocol):
    """Where packages lie for those who serve them, each under its SHA-256, which never means anything else."""

    @property
    def base(self) -> str:
        """What the settings call the place."""

    def find(self, package: Package) -> int | None:
        """Bytes of what lies under its digest now; None when nothing does. Raises ObserveError."""

    def fetch(self, package: Package, to: Path) -> None:
        """Have the file hold exactly its bytes, checked while they come. Raises ObserveError; then there is no file."""

    def kept(self, model: str) -> tuple[Digest, ...]:
        """SHA-256s of what lies there for the model, sorted. Raises ObserveError."""


class PackagesWriter(Protocol):
    """Brings packages there, whole or not at all, and once."""

    def publish(self, package: Package, file: Path) -> bool:
        """Have it there, and read it back; whether it had to be brought. Raises ActError, with both digests for other content."""

    def remove(self, model: str, digest: Digest) -> None:
        """Have nothing there under the digest. Raises ActError."""
