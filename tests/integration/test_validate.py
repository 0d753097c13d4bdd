"""`perennial validate` and `perennial schema`, as people call them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.specs import ROOT

PERENNIAL = (sys.executable, "-m", "reconciler.cli.main")


def perennial(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PERENNIAL, "--repo", str(root), *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, text in ROOT.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def test_a_valid_tree_is_counted(root):
    done = perennial(root, "validate")
    assert (done.returncode, done.stdout, done.stderr) == (0, "ok: 1 model, 1 dataset, 3 policies\n", "")
    assert json.loads(perennial(root, "validate", "-o", "json").stdout) == {"ok": True, "models": 1, "datasets": 1, "policies": 3}


def test_problems_are_listed_on_stderr_with_exit_code_3(root):
    (root / "params.yaml").write_text(ROOT["params.yaml"].replace("seed", "sead"))
    (root / "models/flight-delay/model.yaml").write_bytes(b"\xff")
    done = perennial(root, "validate")
    assert (done.returncode, done.stdout) == (3, "")
    first, second, *rest = done.stderr.splitlines()
    assert first == "models/flight-delay/model.yaml:1:1 byte 0xff is not UTF-8"
    assert second == 'params.yaml:5:5 models.flight-delay.sead: unknown key (did you mean "seed"?)'
    assert "2 problems in the specs" in rest[0]


def test_problems_are_json_on_request(root):
    (root / "params.yaml").write_text(ROOT["params.yaml"].replace("seed: 7", "seed: seven"))
    done = perennial(root, "validate", "-o", "json")
    (problem,) = json.loads(done.stdout)["error"]["problems"]
    assert done.returncode == 3
    assert (problem["file"], problem["line"], problem["column"], problem["field"]) == (
        *("params.yaml", 5, 11, "models.flight-delay.seed"),
    )


def test_schemas_are_written_once_and_then_current(tmp_path):
    assert perennial(tmp_path, "schema").returncode == 1
    assert perennial(tmp_path, "schema", "--write").stdout == "ok: 9 schemas, 9 written\n"
    assert perennial(tmp_path, "schema", "--check").stdout == "ok: 9 schemas\n"
    (tmp_path / "schemas/model.json").write_text("{}\n")
    assert "schemas/model.json" in perennial(tmp_path, "schema").stderr
    assert json.loads(perennial(tmp_path, "schema", "--write", "-o", "json").stdout)["written"] == ["schemas/model.json"]
