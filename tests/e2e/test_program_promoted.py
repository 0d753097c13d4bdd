"""A model that a program without scikit-learn trains and answers: the loop takes it to production, watches it, and compares."""

import json
from pathlib import Path

import pytest
import yaml

from tests.programs import PREDICT, TRAIN, training
from tests.repositories import git
from tests.teams import a_team, commit, perennial, write

WATCHED = {"any": [{"type": "specChanged"}, {"type": "performance", "metric": "rocAuc", "below": 0.1, "window": "30d"}]}


def reconcile(root: Path, at: str) -> None:
    done = perennial(root, "reconcile", "--as-of", at, "--until-settled")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_a_program_is_trained_promoted_watched_and_compared(tmp_path: Path) -> None:
    root = a_team(tmp_path / "team", "flight-delay")
    spec = yaml.safe_load((root / "models/flight-delay/model.yaml").read_text())
    spec["spec"] |= {"training": training(), "environments": ["production"]}
    write(root / "models/flight-delay/model.yaml", spec)
    policy = yaml.safe_load((root / "policies/retrain/standard.yaml").read_text())
    policy["spec"]["triggers"] = WATCHED
    write(root / "policies/retrain/standard.yaml", policy)
    (root / "models/flight-delay/train.py").write_text(TRAIN)
    (root / "models/flight-delay/predict.py").write_text(PREDICT)
    commit(root, "Train with a program")

    reconcile(root, "2013-03-15")
    assert perennial(root, "pr", "merge", "1", "--as-of", "2013-03-15").returncode == 0
    champion = yaml.safe_load(git(root, "show", "main:models/flight-delay/releases/production.yaml"))["spec"]["digest"]

    made_again = perennial(root, "audit", "flight-delay", "--reproduce")
    assert made_again.returncode == 0, made_again.stdout

    told = json.loads(perennial(root, "plan", "--as-of", "2013-04-05", "-o", "json").stdout)
    (decision,) = told["decisions"]
    watched = next(leaf for leaf in json.dumps(decision).split('"message": "') if "rocAuc 0." in leaf)
    assert "0.1" in watched

    (root / "models/flight-delay/predict.py").write_text(PREDICT.replace("8000", "4000"))
    commit(root, "Lean more on the distance")
    reconcile(root, "2013-04-05")
    candidate = json.loads(git(root, "show", "perennial/flight-delay/candidate:runs/flight-delay/evaluation.json"))
    assert candidate["comparison"]["champion"] == champion
    assert candidate["comparison"]["gains"]["rocAuc"]["gain"] != 0  # the champion was asked by the program of its own time
