"""Waiting for processes of tests: for what they write, and for their end."""

import subprocess
import time
from pathlib import Path

import pytest


def wait_for(file: Path, process: subprocess.Popen[bytes]) -> None:
    """Until the file is there, for half a minute at the most."""
    for _ in range(1500):
        if file.exists():
            return
        if process.poll() is not None:
            break
        time.sleep(0.02)
    pytest.fail(f"{file.name} was not written; the process ended with {process.poll()}")


def assert_gone(pid: int) -> None:
    """The process has ended, or ends within some seconds."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return
        if state == "Z":
            return
        time.sleep(0.02)
    pytest.fail(f"process {pid} still runs")
