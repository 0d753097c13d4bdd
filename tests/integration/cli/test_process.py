"""`perennial` as a process of its own: what it imports, and how it ends when nobody reads."""

import json
import subprocess
import sys
from importlib.metadata import version

import pytest

from reconciler.cli.main import COMMANDS

PERENNIAL = (sys.executable, "-m", "reconciler.cli.main")
HEAVY = (
    "numpy",
    "scipy",
    "polars",
    "pandas",
    "pyarrow",
    "sklearn",
    "skops",
    "great_expectations",
    "dvc",
    "git",
    "sqlalchemy",
    "fsspec",
    "argocd_python_client",
    "kr8s",
)
LOADED = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"


def loaded(*lines: str) -> set[str]:
    """The packages that a new process has loaded after these lines."""
    done = subprocess.run([sys.executable, "-c", "\n".join([*lines, LOADED])], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_program_starts_without_any_heavy_library():
    packages = loaded("import reconciler.cli.main")
    assert packages & {*HEAVY, "rich", "jinja2", "pydantic", "yaml"} == set()


def test_commands_that_read_only_specs_load_no_heavy_library():
    commands = ("validate", "schema", "hold", "doctor", "new")
    lines = [f"import {COMMANDS[command][0].partition(':')[0]}" for command in commands]
    assert loaded(*lines) & set(HEAVY) == set()


def test_help_needs_no_command():
    lines = [
        "import sys",
        "sys.argv = ['perennial', '--help']",
        "from reconciler.cli.main import main",
        "try: main()\nexcept SystemExit as end: assert end.code == 0",
    ]
    done = loaded(*lines)
    assert done & {*HEAVY, "rich", "jinja2", "pydantic", "yaml"} == set()


@pytest.mark.parametrize(
    ("command", "code"), [(("schema", "--write"), 1), (("plan", "-o", "json"), 141)], ids=["a result", "an error"]
)
def test_a_reader_that_went_away_ends_it_without_a_traceback(tmp_path, command, code):
    program = [*PERENNIAL, "--repo", str(tmp_path), *command]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    process.stdout.close()
    _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (code, "")


def test_the_version_is_told(tmp_path):
    done = subprocess.run([*PERENNIAL, "--version"], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout == f"perennial, version {version('perennial')}\n"
