"""Adapter of the port Store on any fsspec address: every content lies behind its checksum, so what is damaged is forgotten."""

import contextlib
import hashlib

from reconciler.adapters.sources.urls import failures
from reconciler.adapters.stores.places import Place

_HEAD = b"perennial/1 "
_PATIENCE = 3
"""After so many answers in a row that a server owes us it is left alone: each may have taken seconds to fail."""
_ANSWERS = (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError)


class FsspecStore:
    """A store below a folder: a local path, or a URL such as `s3://bucket/profiles`. It may be deleted at any time."""

    def __init__(self, address: str) -> None:
        self._place = Place(address)
        self._owed = 0

    def get(self, name: str) -> bytes | None:
        """What is stored under the name; None for what is not there, damaged, or out of reach.

        Raises ObserveError for an address that no installed package can read, ReconcilerError for a name that leaves the folder.
        """
        if self._owed >= _PATIENCE:
            return None
        try:
            whole = self._place.read(name)
        except failures(EOFError, NotImplementedError) as error:
            self._owed = 0 if isinstance(error, _ANSWERS) else self._owed + 1
            return None
        self._owed = 0
        head, _, content = whole.partition(b"\n")
        return content if head == head_of(content) else None

    def put(self, name: str, content: bytes) -> None:
        """Store it under the name, if nothing whole is stored there; a place that cannot be written to is no error."""
        if self.get(name) is None and self._owed < _PATIENCE:
            with contextlib.suppress(*failures(EOFError, NotImplementedError)):
                self._place.write(name, head_of(content) + b"\n" + content)


def head_of(content: bytes) -> bytes:
    """The line before the content."""
    return _HEAD + hashlib.sha256(content).hexdigest().encode()
