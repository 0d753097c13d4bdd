"""Run as a program: starts one command, and sees to it that nothing of it outlives whoever asked for it.

The first argument is a socket, the second how many bytes of memory all of it may use (0: any). The socket's other end closes
when the asker dies, in whatever way, or wants an end; then everything is killed. When the command ends by itself its exit
code is sent, and then what it left running is killed. Standard library only. Counting memory and finding children that left
the process group need Linux; elsewhere the process group is all that is killed.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_LOOK_EVERY = 0.1
_MOST_GENERATIONS = 500
_PAGE = os.sysconf("SC_PAGE_SIZE")
_HAS_PROC = Path("/proc/self/stat").exists()
_ending = threading.Lock()


def main(descriptor: int, memory: int, command: list[str]) -> None:
    """Run the command to its end, its limit, or the asker's. Never returns: the last thing that it kills is itself."""
    asker = socket.socket(fileno=descriptor)
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)  # what loses its parent becomes our child, and is found
    child = subprocess.Popen(command, preexec_fn=_die_with_parent)  # noqa: PLW1509 - no thread runs yet
    threading.Thread(target=_watch, args=(asker,), daemon=True).start()
    if memory:
        threading.Thread(target=_weigh, args=(asker, memory), daemon=True).start()
    _end(asker, f"code {child.wait()}")


def _watch(asker: socket.socket) -> None:
    while asker.recv(1):
        pass
    _end(asker, "")


def _weigh(asker: socket.socket, memory: int) -> None:
    while (used := memory_of(os.getpid(), memory)) <= memory:
        time.sleep(_LOOK_EVERY)
    _end(asker, f"memory {used}")


def _end(asker: socket.socket, answer: str) -> None:
    """Say it and kill all; whoever comes second waits for the end."""
    _ending.acquire()
    with contextlib.suppress(OSError):
        asker.sendall(f"{answer}\n".encode())
    for _ in range(_MOST_GENERATIONS):
        if not (left := list(descendants(os.getpid()))):
            break
        for pid in left:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)
    os.killpg(0, signal.SIGKILL)


def memory_of(top: int, enough: int) -> int:
    """Bytes that the processes below `top` use. What they share is counted once only where it matters: beyond `enough`."""
    pids = list(descendants(top))
    quick = sum(map(_resident, pids))
    return quick if quick <= enough else sum(map(_proportional, pids))


def descendants(top: int) -> Iterator[int]:
    """Ids of the running processes below `top`; nothing where there is no /proc."""
    children: dict[int, list[int]] = {}
    for entry in os.scandir("/proc") if _HAS_PROC else ():
        fields = _read(f"{entry.path}/stat").rpartition(")")[2].split(None, 2) if entry.name.isdigit() else []
        if fields and fields[0] not in "ZX":
            children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [top]
    for parent in found:
        found += children.get(parent, ())
    yield from found[1:]


def _resident(pid: int) -> int:
    fields = _read(f"/proc/{pid}/statm").split()
    return int(fields[1]) * _PAGE if len(fields) > 1 else 0


def _proportional(pid: int) -> int:
    """Memory and swap, each shared page divided by how many share it; what is resident where the kernel does not tell."""
    lines = [line.split() for line in _read(f"/proc/{pid}/smaps_rollup").splitlines()]
    parts = [int(line[1]) * 1024 for line in lines if line and line[0] in ("Pss:", "SwapPss:")]
    return sum(parts) if parts else _resident(pid)


def _read(path: str) -> str:
    """The text; empty when the process is gone."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - thousands of times a second, where a Path costs the most
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def _die_with_parent() -> None:
    """Should the supervisor itself be killed alone, the kernel takes the command along (Linux)."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
