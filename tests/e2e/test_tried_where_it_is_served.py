"""The whole loop with gates on the finished package: proposed, then tried where the spec says now, and withdrawn for that."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.specs.policies import GatePolicy
from tests.builders import a_policy
from tests.repositories import git
from tests.teams import FLOOR, a_team, as_written, commit, perennial, write
from tests.venvs import CODE, PACKAGES, a_venv

MODEL = "models/alpha/model.yaml"
GATES = [
    FLOOR,
    {"type": "modelSize", "atMost": "50Mi"},
    {"type": "infra"},
    {"type": "parity"},
    {"type": "custom", "name": "smoke", "function": "policies.gates.checks:judge"},
]
CHECKS = """
def judge(given):
    return {"answer": "YES", "message": f"{given['model']} has {len(given['samples']['inputs'])} samples"}
"""


@pytest.fixture
def team(tmp_path: Path) -> Path:
    root = a_team(tmp_path / "team", "alpha")
    write(root / "policies/gates/standard.yaml", as_written(a_policy(GatePolicy, gates=GATES)))
    (root / "policies/gates/checks.py").write_text(CHECKS)
    commit(root, "Try the package")
    return root


def reconciled(root: Path) -> None:
    told = perennial(root, "reconcile", "--until-settled", "--as-of", "2013-04-01")
    assert told.returncode == 0, told.stderr


def pulls(root: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(perennial(root, "pr", "list", "--all", "-o", "json").stdout)
    return found


@pytest.mark.slow
def test_a_package_is_tried_again_where_the_spec_says_it_is_served(team: Path) -> None:
    reconciled(team)
    (proposed,) = pulls(team)
    assert proposed["state"] == "open"
    body = perennial(team, "pr", "view", "1").stdout
    for words in ("5 of 5 sample requests answered", "alpha has 5 samples", "the largest difference over 200 rows is 0"):
        assert words in " ".join(body.split())

    a_venv(team.parent / "serving", CODE, PACKAGES, scikit_learn="1.2.2")
    document = yaml.safe_load((team / MODEL).read_text())
    document["spec"]["serve"] = {"python": "../serving/bin/python"}
    write(team / MODEL, document)
    commit(team, "Serve elsewhere")
    reconciled(team)
    (withdrawn,) = pulls(team)
    assert withdrawn["state"] == "closed"
    ledger = [json.loads(line) for line in git(team, "show", "perennial/ledger:alpha.jsonl").splitlines()]
    refused = next(line for line in ledger if line["kind"] == "refused")
    assert refused["message"].startswith("infra: made with scikit-learn ")
    assert [line["kind"] for line in ledger].count("trained") == 1
