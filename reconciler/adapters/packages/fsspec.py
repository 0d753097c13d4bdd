"""Packages below any fsspec address: a folder, S3, Google Cloud Storage, Azure."""

import contextlib
import inspect
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from reconciler.adapters.packages.checked import CHUNK, difference, read_chunks, write_checked
from reconciler.adapters.redaction import without_credentials
from reconciler.adapters.sources.urls import failures
from reconciler.adapters.stores.places import Place
from reconciler.domain.names import Digest
from reconciler.domain.packages import FILE, Package, folder_of, path_of
from reconciler.errors import ActError, ObserveError, PermanentActError, TransientActError

_HEX = re.compile(r"[0-9a-f]{64}")
_LASTING = (PermissionError, FileNotFoundError, NotADirectoryError, IsADirectoryError, NotImplementedError, ImportError)
"""What stays until a person does something."""


class FsspecPackages:
    """Packages and PackagesWriter below `address`; `base` is what the settings call it.

    What was seen there whole is not asked for again by this object: a pass looks many times.
    """

    def __init__(self, address: str, base: str = "") -> None:
        self.base = base or address
        self._place = Place(address, impatient=True)
        self._seen: set[Package] = set()

    def find(self, package: Package) -> int | None:
        """Bytes of what lies under its digest; None when nothing does. Raises ObserveError."""
        if package in self._seen:
            return package.artifact.size
        size = self._size(package)
        if size == package.artifact.size:
            self._seen.add(package)
        return size

    def _size(self, package: Package) -> int | None:
        try:
            self._place.system.invalidate_cache()
            found = self._place.system.info(self._place.path(path_of(package)))
        except FileNotFoundError:
            return None
        except failures(EOFError, NotImplementedError) as error:
            raise self._blind(error) from error
        return int(found.get("size") or 0)

    def fetch(self, package: Package, to: Path) -> None:
        """Have the file hold exactly its bytes. Raises ObserveError; then there is no file."""
        write_checked(package, self._chunks(package), to, f"{self._place}/{path_of(package)}")

    def kept(self, model: str) -> tuple[Digest, ...]:
        """SHA-256s of what lies there for the model, sorted. Raises ObserveError."""
        try:
            names = self._place.names(folder_of(model))
        except failures(EOFError, NotImplementedError) as error:
            raise self._blind(error) from error
        return tuple(Digest(f"sha256:{name}") for name in names if _HEX.fullmatch(name))

    def publish(self, package: Package, file: Path) -> bool:
        """Have it there, and read it back; whether it had to be brought. Raises ActError, with both digests for other content."""
        try:
            brought = self._size(package) is None and self._put(package, file)
            said = difference(package, self._chunks(package))
        except ObserveError as error:
            raise TransientActError(error.message, help=error.help) from error
        except failures(EOFError, NotImplementedError) as error:
            raise self._refused(error) from error
        if said:
            message = f"{self._place}/{path_of(package)} holds other content, and what is published never changes: {said}"
            raise PermanentActError(message, help="find out who wrote it, and remove it; then perennial reconcile")
        return brought

    def remove(self, model: str, digest: Digest) -> None:
        """Have nothing there under the digest. Raises ActError."""
        self._seen.clear()
        try:
            folder = self._place.path(f"{folder_of(model)}/{digest.removeprefix('sha256:')}")
            with contextlib.suppress(FileNotFoundError):
                self._place.system.rm_file(f"{folder}/{FILE}")
            with contextlib.suppress(FileNotFoundError):
                self._place.system.rm(folder, recursive=True)
            self._place.system.invalidate_cache()
        except failures(EOFError, NotImplementedError) as error:
            raise self._refused(error) from error

    def _put(self, package: Package, file: Path) -> bool:
        """Bring it, unless somebody else has meanwhile. A reply that got lost is no failure when it is there afterwards."""
        path = self._place.path(path_of(package))
        try:
            if self._place.is_local:
                write_checked(package, read_chunks(file), Path(path), str(file), _settle)
            else:
                put = self._place.system.put_file
                put(str(file), path, **({"mode": "create"} if _creates(self._place.system) else {}))
        except FileExistsError:
            return False
        except failures(EOFError, NotImplementedError):
            if self._size(package) is None:
                raise
        return True

    def _chunks(self, package: Package) -> Iterator[bytes]:
        try:
            with self._place.system.open(self._place.path(path_of(package)), "rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
        except FileNotFoundError as error:
            help = f"perennial packages list {package.model}"
            raise ObserveError(f"there is no {self._place}/{path_of(package)}", help=help) from error
        except failures(EOFError, NotImplementedError) as error:
            raise self._blind(error) from error

    def _blind(self, error: Exception) -> ObserveError:
        said = without_credentials(str(error)) or type(error).__name__
        return ObserveError(f"{self._place} does not tell what it has: {said}", help="perennial doctor")

    def _refused(self, error: Exception) -> ActError:
        said = without_credentials(str(error)) or type(error).__name__
        message = f"{self._place} did not take the package: {said}"
        if isinstance(error, _LASTING):
            return PermanentActError(message, help="see that the place is there and that the credentials may write to it")
        return TransientActError(message, help="perennial reconcile")


def _settle(new: Path, to: Path) -> None:
    """Give the file its name, unless another one has it. Raises FileExistsError."""
    try:
        os.link(new, to)
    except FileExistsError:
        raise
    except OSError:  # no hard links here; what may be replaced are the same bytes
        new.replace(to)


def _creates(system: Any) -> bool:
    """The file system can write what is not there yet, and nothing else."""
    return "mode" in inspect.signature(getattr(system, "_put_file", system.put_file)).parameters
