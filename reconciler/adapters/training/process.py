"""Runs the stages under supervision: when we are killed they die, and when they take too long we kill them."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import PermanentActError

_SUPERVISOR = Path(__file__).with_name("supervisor.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended. `code` is None when it was killed, by us after the timeout or by somebody else."""

    code: int | None
    timed_out: bool = False


def run_supervised(
    command: Sequence[str], *, directory: Path, environment: Mapping[str, str], log: Path, timeout: float, keep: int
) -> Ended:
    """Run the command with its output in the file `log`. `keep` is a descriptor that lives as long as the supervisor.

    `timeout` in seconds. Nothing of the command runs any more afterwards. Raises PermanentActError when it cannot be started.
    """
    ours, theirs = socket.socketpair()
    supervisor = [sys.executable, "-I", "-S", str(_SUPERVISOR), str(theirs.fileno()), *command]
    with ours, log.open("wb") as output:
        try:
            process = subprocess.Popen(
                supervisor,
                cwd=directory,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(theirs.fileno(), keep),
                start_new_session=True,
            )
        except OSError as error:
            raise PermanentActError(f"{command[0]} cannot be started: {error.strerror}", help="perennial doctor") from error
        finally:
            theirs.close()
        try:
            return _await(ours, timeout)
        finally:
            with contextlib.suppress(ProcessLookupError):  # its id stays taken until `wait`, so this hits nobody else
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _await(ours: socket.socket, timeout: float) -> Ended:
    ours.settimeout(timeout)
    try:
        answer = ours.recv(16)
    except TimeoutError:
        return Ended(code=None, timed_out=True)
    except ConnectionError:
        answer = b""
    return Ended(code=int(answer) if answer else None)
