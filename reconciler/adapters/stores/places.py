"""Used by the store and the logs: files at any fsspec address, written whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reconciler.adapters.redaction import without_credentials
from reconciler.errors import ObserveError, ReconcilerError

NEW = ".new-"
"""Begins the name of a file that is still being written. Readers leave such files alone."""


_S3 = {"config_kwargs": {"connect_timeout": 10, "read_timeout": 30, "retries": {"max_attempts": 1}}}
_IMPATIENT: Mapping[str, Mapping[str, Any]] = {"s3": _S3, "s3a": _S3}
"""What file systems are told. Left to themselves they try for ten minutes."""


class Place:
    """A folder at an fsspec address or local path; its file system is opened at the first use.

    Raises ObserveError, then, for an address that no installed package can read. All else that fails raises what its file
    system does: see `failures` of the sources. `impatient`: a server that is silent fails within a minute or two, where the
    file system can be told so.
    """

    def __init__(self, address: str, *, impatient: bool = False) -> None:
        self.address = address
        self._options = _IMPATIENT.get(address.partition("://")[0], {}) if impatient else {}
        self._opened: tuple[Any, str] | None = None

    def __str__(self) -> str:
        return without_credentials(self.address)

    @property
    def system(self) -> Any:
        """The file system."""
        return self._open()[0]

    @property
    def is_local(self) -> bool:
        """It is a folder of this machine."""
        protocol = self.system.protocol
        return "file" in ((protocol,) if isinstance(protocol, str) else protocol)

    def path(self, name: str) -> str:
        """Where the name is for the file system. Raises ReconcilerError for one that leaves the folder."""
        parts = name.split("/")
        if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
            raise ReconcilerError(f"{name!a} is no name of a file below {self}")
        base = self._open()[1]
        path = f"{base.rstrip('/')}/{name}"
        if self.is_local and not Path(path).resolve().is_relative_to(Path(base).resolve()):
            raise ReconcilerError(f"{name!a} leads out of {self}")
        return path

    def read(self, name: str) -> bytes:
        """The file's content, as it is now."""
        content: bytes = self.system.cat_file(self.path(name))
        return content

    def names(self, name: str) -> list[str]:
        """The last parts of the names below a folder, sorted; none when it is not there."""
        path = self.path(name)
        self.system.invalidate_cache()
        try:
            return sorted(str(found).rstrip("/").rsplit("/", 1)[-1] for found in self.system.ls(path, detail=False))
        except FileNotFoundError:
            return []

    def has(self, name: str) -> bool:
        """There is such a file, as far as can be seen now."""
        self.system.invalidate_cache()
        return bool(self.system.isfile(self.path(name)))

    def write(self, name: str, content: bytes) -> None:
        """Have the file hold exactly this. Locally under another name first; an object store shows a put only when it is done."""
        path = self.path(name)
        if not self.is_local:
            self.system.pipe_file(path, content)
            return
        folder = Path(path).parent
        folder.mkdir(parents=True, exist_ok=True)
        descriptor, new = tempfile.mkstemp(dir=folder, prefix=NEW)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(new).chmod(0o644)
            Path(new).replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(new).unlink()
            raise

    def _open(self) -> tuple[Any, str]:
        if self._opened is None:
            import fsspec

            try:
                self._opened = fsspec.core.url_to_fs(self.address, **self._options)
                if self._options:
                    self._opened[0].retries = 1  # beside those of the library below it
            except (ImportError, ValueError) as error:
                raise ObserveError(f"{self} cannot be opened: {without_credentials(str(error))}") from error
        return self._opened
