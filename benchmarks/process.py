"""Runs one side of a comparison as a process of its own: wall time and peak memory from start to finish."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
PEERS = ROOT / "benchmarks/peers"
ENVIRONMENTS = ROOT / "build/bench"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Seconds of wall time, megabytes of peak resident memory, and what was printed."""

    seconds: float
    megabytes: float
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """Why there is no number."""

    why: str


def runs(command: Sequence[str], times: int, limit: float) -> Run | Skipped:
    """The median run; Skipped when one fails or takes longer than the limit in seconds."""
    done: list[Run] = []
    for _ in range(times):
        run = _run(command, limit)
        if isinstance(run, Skipped):
            return run
        done.append(run)
    return Run(seconds=median(run.seconds for run in done), megabytes=max(run.megabytes for run in done), output=done[-1].output)


def python_of(peer: str) -> str:
    """The interpreter of the peer's own environment, which uv makes from `benchmarks/peers/<peer>.txt`."""
    home = ENVIRONMENTS / peer
    python, stamp, wanted = home / "bin/python", home / ".installed", (PEERS / f"{peer}.txt").read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        uv = str(Path(sys.executable).with_name("uv"))
        subprocess.run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(home)], check=True)
        subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), "-r", str(PEERS / f"{peer}.txt")], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return str(python)


def _run(command: Sequence[str], limit: float) -> Run | Skipped:
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        killer = threading.Timer(limit, process.kill)
        killer.start()
        output = process.stdout.read() if process.stdout else ""
        # wait4 tells the memory of this very process; subprocess would only wait.
        _, status, usage = os.wait4(process.pid, 0)
        killer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
    taken = time.perf_counter() - start
    if process.returncode:
        return Skipped(why=f"over {limit:.0f} s" if taken >= limit else f"failed with exit code {process.returncode}")
    return Run(seconds=taken, megabytes=usage.ru_maxrss / 1024, output=output)
