"""The same specs give the same bytes in every process: whatever its hash seed, language and time zone."""

import hashlib
import os
import subprocess
import sys

PRINT = """
import hashlib
from reconciler.render.environment import load_templates
from reconciler.render.models import render_model
from tests.builders import shipped_templates
from tests.golden.served import CASES

templates = load_templates(shipped_templates())
files = [f"{case}/{path}={text}" for case, served in CASES.items() for path, text in render_model(templates, served).items()]
print(hashlib.sha256("".join(files).encode()).hexdigest())
"""
PROCESSES = {
    "seed 1": {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "LANG": "C"},
    "seed 2": {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "LANG": "tr_TR.UTF-8"},
}


def printed(python: str, variables: dict[str, str]) -> str:
    environment = {**os.environ, **variables}  # noqa: TID251 - the process is given this one, changed
    done = subprocess.run([python, "-c", PRINT], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_processes_agree():
    made = {name: printed(sys.executable, variables) for name, variables in PROCESSES.items()}
    assert len(set(made.values())) == 1
    assert len(made["seed 1"]) == hashlib.sha256().digest_size * 2
