"""Run as a program: starts one command, and sees to it that nothing of it outlives whoever asked for it.

The first argument is a socket. Its other end closes when the asker dies, in whatever way; then the whole process group is
killed. When the command ends by itself its exit code is sent, and then what it left running is killed. Standard library only.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading

_PR_SET_PDEATHSIG = 1


def main(descriptor: int, command: list[str]) -> None:
    """Run the command to its end or the asker's. Never returns: the last thing that it kills is itself."""
    asker = socket.socket(fileno=descriptor)
    child = subprocess.Popen(command, preexec_fn=_die_with_parent)  # noqa: PLW1509 - no thread runs yet
    threading.Thread(target=_watch, args=(asker,), daemon=True).start()
    code = child.wait()
    asker.sendall(f"{code}\n".encode())
    _kill_all()


def _watch(asker: socket.socket) -> None:
    while asker.recv(1):
        pass
    _kill_all()


def _kill_all() -> None:
    os.killpg(0, signal.SIGKILL)


def _die_with_parent() -> None:
    """Should the supervisor itself be killed alone, the kernel takes the command along (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
