"""Who may move refs: one Perennial at a time, and lock files that a killed process left behind do not block the next."""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from reconciler.errors import PermanentActError, TransientActError

OURS = ("refs/heads/perennial/", "refs/heads/env/", "refs/perennial/", "refs/tags/")
"""Refs that people hardly write: a lock that stays here for seconds was left by a killed process."""
STALE_AFTER = 2.0
_WAIT = 60.0
_PAUSE = 0.02


@contextlib.contextmanager
def hold(path: Path) -> Iterator[int]:
    """Hold the advisory lock at `path` and give its descriptor.

    Hand the descriptor on to every git process that writes: then the lock is free only when all of them are dead, even
    when Perennial itself was killed first. Raises TransientActError after a minute.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise PermanentActError(f"the git directory cannot be written: {error.strerror}", help="perennial doctor") from error
    try:
        _take(descriptor, path)
        yield descriptor
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path) -> None:
    deadline = time.monotonic() + _WAIT
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise TransientActError(
                    f"another perennial has been moving refs for {_WAIT:g} s", help=f"fuser {path.parent.name}/{path.name}"
                ) from None
            time.sleep(_PAUSE)
        else:
            return


def remove_stale(locks: Iterable[Path], *, clock: Path, since: float = 0.0) -> None:
    """Remove lock files that no live process can hold; call it only while holding the advisory lock, which is `clock`.

    A lock written before `since` (seconds since 1970) is somebody else's and stays. A young one is given STALE_AFTER
    seconds to go away, because its holder may be alive. Ages are by the clock of the file system that wrote them; should
    that clock have been set back meanwhile, our own waiting counts.
    """
    for lock in locks:
        seen, waiting_since = None, 0.0
        while (written := _written(lock)) is not None and written >= since:
            if written != seen:
                seen, waiting_since = written, time.monotonic()
            clock.touch()
            if max(clock.stat().st_mtime - written, time.monotonic() - waiting_since) >= STALE_AFTER:
                lock.unlink(missing_ok=True)
                break
            time.sleep(_PAUSE)


def _written(lock: Path) -> float | None:
    try:
        return lock.stat().st_mtime
    except (FileNotFoundError, NotADirectoryError):
        return None
