"""A team's own pipeline that fails, in ways from civil to rude: recorded once, backed off, nothing else is touched."""

import json
from pathlib import Path

import pytest
import yaml

from tests.repositories import git
from tests.teams import a_team, commit, perennial, refs, write

RECONCILE = ("reconcile", "--as-of", "2013-04-01", "--until-settled", "--model", "alpha")
GOOD = """\
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer

def build(spec, seed):
    return make_pipeline(make_column_transformer((SimpleImputer(), ["distance"])), LogisticRegression(random_state=seed))
"""
FAILURES = {
    "it raises": ("raise RuntimeError('no luck today')", "RuntimeError: no luck today"),
    "it exits": ("import os; os._exit(1)", "exited with 1"),
}


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = a_team(tmp_path_factory.mktemp("team") / "repo", "alpha")
    path = root / "models/alpha/model.yaml"
    model = yaml.safe_load(path.read_text())
    model["spec"]["training"] = {"estimator": "custom", "holdout": "14d"}
    write(path, model)
    return root


def lines(root: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in git(root, "show", "perennial/ledger:alpha.jsonl").splitlines()]


@pytest.mark.slow
def test_failures_are_recorded_once_and_mending_lifts_the_backoff(team: Path) -> None:
    for number, (code, cause) in enumerate(FAILURES.values(), start=1):
        (team / "models/alpha/pipeline.py").write_text(f"def build(spec, seed):\n    {code}\n")
        commit(team, "Break it")
        told = perennial(team, *RECONCILE)
        assert told.returncode == 5
        assert (
            f"training failed in train@alpha: {'' if cause.startswith('exited') else 'models/alpha/pipeline.py'}" in told.stdout
        )
        assert cause in " ".join(told.stdout.split())
        after = refs(team)
        assert sorted(after) == ["refs/heads/main", "refs/heads/perennial/ledger"]
        assert perennial(team, *RECONCILE).returncode == 0
        assert refs(team) == after
        assert [line["kind"] for line in lines(team)] == ["trainingFailed"] * number
        assert cause in str(lines(team)[-1]["message"])
    (team / "models/alpha/pipeline.py").write_text(GOOD)
    commit(team, "Mend it")
    told = perennial(team, *RECONCILE)
    assert (told.returncode, told.stderr) == (0, "")
    assert [line["kind"] for line in lines(team)][len(FAILURES) :] == ["trained", "proposed"]


@pytest.mark.slow
def test_a_runaway_is_ended_and_recorded_with_both_numbers(tmp_path: Path) -> None:
    root = a_team(tmp_path / "team", "alpha")
    path = root / "models/alpha/model.yaml"
    model = yaml.safe_load(path.read_text())
    model["spec"]["training"] = {"estimator": "custom", "holdout": "14d", "limits": {"memory": "1Gi"}, "retries": {"limit": 2}}
    write(path, model)
    (root / "models/alpha/pipeline.py").write_text(
        "def build(spec, seed):\n    kept = []\n    while True:\n        kept.append(bytearray(1 << 24))\n"
    )
    commit(root, "Run away")
    told = perennial(root, *RECONCILE)
    assert told.returncode == 5
    assert sorted(refs(root)) == ["refs/heads/main", "refs/heads/perennial/ledger"]
    (line,) = lines(root)
    details = line["details"]
    assert isinstance(details, dict)
    assert (line["kind"], details["limit"], details["allowed"]) == ("trainingFailed", "memory", 1 << 30)
    assert details["used"] > 1 << 30
    assert "tries" not in details  # the same again would run away again
    assert "1,024 MiB are allowed" in str(line["message"])
