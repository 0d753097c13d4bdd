"""A real training's data reaches DVC's remote before the pull request, and somebody else's clone gets it from there."""

import json
from pathlib import Path

import pytest

from reconciler.adapters.artifacts import DvcArtifacts
from reconciler.pipeline.build_json import read_build
from tests.repositories import git
from tests.s3 import dvc_config
from tests.teams import a_team, commit, environment, perennial

AS_OF = ("--as-of", "2013-04-01")


@pytest.mark.slow
def test_trained_here_proposed_and_fetched_elsewhere(tmp_path: Path) -> None:
    root, storage = a_team(tmp_path / "team", "alpha"), tmp_path / "storage"
    (root / ".dvc/config").write_text(dvc_config(str(storage)))
    commit(root, "Share data")
    storage.write_text("no folder")
    first = perennial(root, "reconcile", *AS_OF)
    assert first.returncode == 5
    assert "the DVC remote storage did not take the data" in first.stdout
    assert json.loads(perennial(root, "pr", "list", "-o", "json").stdout) == []
    storage.unlink()
    again = perennial(root, "reconcile", *AS_OF, "--until-settled")
    assert (again.returncode, again.stderr) == (0, "")
    assert "train alpha" not in again.stdout, "what is trained is trained"
    assert [pull["number"] for pull in json.loads(perennial(root, "pr", "list", "-o", "json").stdout)] == [1]
    elsewhere = tmp_path / "elsewhere"
    git(tmp_path, "clone", "--quiet", "--branch", "perennial/alpha/staging", str(root), str(elsewhere))
    build = read_build((elsewhere / "runs/alpha/candidate.json").read_text())
    assert DvcArtifacts(elsewhere, environment()).fetch(build.artifact).stat().st_size == build.artifact.size
