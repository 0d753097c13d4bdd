"""Runs a command under supervision: when we are killed it dies, and when it takes too much it is killed."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.domain.training import Exceeded, Limits, Resource
from reconciler.errors import PermanentActError

_SUPERVISOR = Path(__file__).with_name("supervisor.py")
COUNTED = Path("/proc/self/statm")
"""Where a system that can count memory has it."""
_PATIENCE = 10.0
"""Seconds for the supervisor to kill what runs below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended. `code` is None when it was killed: by us, for what it `exceeded`, or by somebody else."""

    code: int | None
    exceeded: Exceeded | None = None


def run_supervised(
    command: Sequence[str],
    *,
    directory: Path,
    environment: Mapping[str, str],
    log: Path,
    limits: Limits,
    keep: Sequence[int] = (),
) -> Ended:
    """Run the command with its output in the file `log`. `keep` are descriptors that live as long as the supervisor.

    Nothing of the command runs any more afterwards. Raises PermanentActError when it cannot be started, or when its memory
    is to be limited where no memory can be counted.
    """
    check_countable(limits)
    ours, theirs = socket.socketpair()
    supervisor = [sys.executable, "-I", "-S", str(_SUPERVISOR), str(theirs.fileno()), str(limits.memory or 0), *command]
    with ours, log.open("wb") as output:
        try:
            process = subprocess.Popen(
                supervisor,
                cwd=directory,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(theirs.fileno(), *keep),
                start_new_session=True,
            )
        except OSError as error:
            raise PermanentActError(f"{command[0]} cannot be started: {error.strerror}", help="perennial doctor") from error
        finally:
            theirs.close()
        try:
            return _await(ours, limits)
        finally:
            _bury(ours, process)


def check_countable(limits: Limits) -> None:
    """Raises PermanentActError when memory is limited where it cannot be counted: a limit that does not hold is none."""
    if limits.memory is not None and not COUNTED.exists():
        message = "a memory limit needs /proc, which this system lacks"
        raise PermanentActError(message, help="run it on Linux, or remove the limit")


def _bury(ours: socket.socket, process: subprocess.Popen[bytes]) -> None:
    """Have the supervisor kill all below it, which takes no time as a rule; should it be stuck, its group is killed by us."""
    with contextlib.suppress(OSError):
        ours.shutdown(socket.SHUT_WR)
        ours.settimeout(_PATIENCE)
        while ours.recv(64):
            pass
    with contextlib.suppress(ProcessLookupError):  # its id stays taken until `wait`, so this hits nobody else
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _await(ours: socket.socket, limits: Limits) -> Ended:
    began = time.monotonic()
    ours.settimeout(limits.seconds)
    try:
        word, _, value = ours.recv(64).decode().strip().partition(" ")
    except TimeoutError:
        used = time.monotonic() - began
        return Ended(code=None, exceeded=Exceeded(resource=Resource.TIME, used=used, allowed=limits.seconds))
    except ConnectionError:
        return Ended(code=None)
    if word == "memory":
        return Ended(code=None, exceeded=Exceeded(resource=Resource.MEMORY, used=int(value), allowed=float(limits.memory or 0)))
    return Ended(code=int(value) if value else None)
