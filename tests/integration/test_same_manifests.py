"""The same specs give the same bytes in every process: whatever its hash seed, language, time zone and version of Python."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

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
RENDERING = (
    "annotated-types",
    "jinja2",
    "markupsafe",
    "pydantic",
    "pydantic-core",
    "pyyaml",
    "typing-extensions",
    "typing-inspection",
)
TESTING = ("hypothesis", "iniconfig", "packaging", "pluggy", "pygments", "pytest", "pytest-timeout", "sortedcontainers")


def printed(python: str, variables: dict[str, str]) -> str:
    environment = {**os.environ, **variables}  # noqa: TID251 - the process is given this one, changed
    done = subprocess.run([python, "-c", PRINT], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_processes_agree():
    made = {name: printed(sys.executable, variables) for name, variables in PROCESSES.items()}
    assert len(set(made.values())) == 1
    assert len(made["seed 1"]) == hashlib.sha256().digest_size * 2


def interpreter(version: str) -> Path:
    """A Python of this version that runs here. Skips the test where there is none."""
    found = [Path(path)] if (path := shutil.which(f"python{version}")) else []
    found += sorted(Path.home().glob(f".pyenv/versions/{version}*/bin/python{version}"))
    for python in found:  # a shim of pyenv is there for versions that it would not start
        if subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:
            return python
    pytest.skip(f"no python{version} runs on this machine")


def with_packages(python: Path, where: Path) -> Path:
    """A virtual environment of the interpreter that has what rendering needs, in the versions of the lock file."""
    wanted = where / "wanted.txt"
    lock = re.split(r"\n(?=\S)", (ROOT / "requirements/lock.txt").read_text())
    wanted.write_text("\n".join(pin for pin in lock if pin.split("==")[0] in RENDERING + TESTING) + "\n")
    subprocess.run([python, "-m", "venv", "--without-pip", where / "venv"], check=True)
    made = where / "venv/bin/python"
    command = [
        Path(sys.executable).with_name("uv"),
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--require-hashes",
        "--python",
        made,
    ]
    done = subprocess.run([*command, "-r", wanted], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"its packages cannot be had: {done.stderr.strip().splitlines()[0]}")
    return made


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_other_versions_of_python_render_the_golden_files(version, tmp_path):
    python = with_packages(interpreter(version), tmp_path)
    golden = [ROOT / "tests/golden" / name for name in ("test_manifests.py", "test_runtimes.py")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # noqa: TID251 - the process is given this one, changed
    command = [python, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", *golden]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
