"""What makes the machine really refuse: a folder of an account without rights, and files that may not grow."""

import os
import resource
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534


@contextmanager
def as_nobody() -> Iterator[Path]:
    """A folder, and an account for which permissions count: the own one, or nobody's when the own one is root's."""
    with tempfile.TemporaryDirectory(prefix="perennial-nobody-") as name:
        folder = Path(name)
        if os.geteuid():
            yield folder
            return
        os.chown(folder, NOBODY, -1)
        try:
            os.seteuid(NOBODY)
        except PermissionError:
            pytest.skip("this process may not give up its rights")
        try:
            yield folder
        finally:
            os.seteuid(0)


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """No file may grow beyond `size` bytes: writing more fails as it does on a full disk, with an OSError."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
