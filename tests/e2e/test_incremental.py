"""A model that is trained further: after a promotion the loop goes on with the release, until a full training is due."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.repositories import git
from tests.teams import a_team, commit, perennial, write

TRAINING = {"estimator": "sgd", "holdout": "14d", "incremental": {"fullEvery": "30d"}}
CANDIDATE = "perennial/alpha/candidate"


def reconcile(root: Path, at: str) -> None:
    done = perennial(root, "reconcile", "--as-of", at, "--until-settled")
    assert (done.returncode, done.stderr) == (0, "")


def promote(root: Path, at: str) -> None:
    """To production, the only environment."""
    (pull,) = json.loads(perennial(root, "pr", "list", "-o", "json").stdout)
    assert perennial(root, "pr", "merge", str(pull["number"]), "--as-of", at).returncode == 0


def candidate(root: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The candidate's build, and its entry of params.yaml."""
    build = json.loads(git(root, "show", f"{CANDIDATE}:runs/alpha/candidate.json"))
    return build, yaml.safe_load(git(root, "show", f"{CANDIDATE}:params.yaml"))["models"]["alpha"]


@pytest.mark.slow
def test_it_goes_on_with_what_is_live_and_begins_anew_in_time(tmp_path: Path) -> None:
    root = a_team(tmp_path / "team", "alpha", rows=24 * 120)
    for path, changes in (
        ("models/alpha/model.yaml", {"environments": ["production"], "training": TRAINING}),
        ("policies/retrain/standard.yaml", {"triggers": {"type": "newLabels", "rows": 200}}),
        ("policies/gates/standard.yaml", {"gates": [{"type": "floor", "metric": "rocAuc", "atLeast": 0.5}]}),
    ):
        spec = yaml.safe_load((root / path).read_text())
        spec["spec"] |= changes
        write(root / path, spec)
    commit(root, "Train further")

    reconcile(root, "2013-03-01")
    first, entry = candidate(root)
    assert (entry["continues"], first["data"].get("lineage")) == ("none", None)
    promote(root, "2013-03-01")

    reconcile(root, "2013-03-20")
    second, entry = candidate(root)
    assert entry["continues"] == entry["champion"] == first["digest"]
    assert second["data"]["lineage"] == {"continues": first["digest"], "since": "2013-03-01"}
    assert second["data"]["trainFrom"] == first["data"]["trainUntil"]
    promote(root, "2013-03-20")
    release = yaml.safe_load(git(root, "show", "main:models/alpha/releases/production.yaml"))
    assert release["spec"]["data"]["lineage"]["continues"] == first["digest"]
    made_again = perennial(root, "audit", "alpha", "--reproduce")
    assert made_again.returncode == 0, made_again.stdout

    reconcile(root, "2013-04-05")  # 35 days after the full training
    third, entry = candidate(root)
    assert (entry["continues"], third["data"].get("lineage")) == ("none", None)
    assert third["data"]["trainRows"] > second["data"]["trainRows"]
