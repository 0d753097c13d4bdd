"""`perennial reconcile` with real trainings, killed at many moments and run again: the end is that of an undisturbed run."""

import json
import shutil
import time
from pathlib import Path

import pytest

from tests.repositories import git
from tests.teams import a_team, killed, killed_in_stage, perennial, refs, refs_but_interruptions

RECONCILE = ("reconcile", "--as-of", "2013-04-01", "--until-settled")
KILLS = 34


def test_killed_while_training_and_run_again(tmp_path: Path) -> None:
    root = a_team(tmp_path / "team", "alpha")
    killed_in_stage(root, "train@alpha", *RECONCILE)
    done = perennial(root, *RECONCILE)
    assert (done.returncode, done.stderr) == (0, "")
    after = refs(root)
    pulls = json.loads(perennial(root, "pr", "list", "-o", "json").stdout)
    assert [pull["branch"] for pull in pulls] == ["perennial/alpha/staging"]
    assert perennial(root, *RECONCILE).returncode == 0
    assert refs(root) == after
    assert_tidy(root)
    events = [json.loads(line) for line in git(root, "show", "perennial/ledger:alpha.jsonl").splitlines()]
    assert sorted(event["kind"] for event in events) == ["proposed", "trained", "trainingInterrupted"]
    told = next(event for event in events if event["kind"] == "trainingInterrupted")
    assert told["message"] == "the training as of 2013-04-01 that began at 2013-04-01 was cut short: its process is gone"
    assert not list((root / ".git/perennial").glob("interrupted/*"))


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_killed_at_any_moment(tmp_path: Path) -> None:
    team = a_team(tmp_path / "team", "alpha", "beta")
    undisturbed = shutil.copytree(team, tmp_path / "undisturbed", symlinks=True)
    start = time.monotonic()
    assert perennial(undisturbed, *RECONCILE).returncode == 0
    took = time.monotonic() - start
    for number in range(KILLS):
        root = shutil.copytree(team, tmp_path / str(number), symlinks=True)
        moment = took * (number + 0.5) / KILLS
        killed(root, moment, *RECONCILE, group=number % 2 == 0)
        again = perennial(root, *RECONCILE)
        assert (again.returncode, again.stderr) == (0, ""), f"killed after {moment:.1f} s"
        assert refs_but_interruptions(root) == refs_but_interruptions(undisturbed), f"killed after {moment:.1f} s"
        assert_tidy(root)
        shutil.rmtree(root)


def assert_tidy(root: Path) -> None:
    """No edit, no checkout and no lock is left."""
    assert git(root, "status", "--porcelain") == ""
    assert git(root, "worktree", "list").count("\n") == 0
    assert list((root / ".git/perennial/worktrees").iterdir()) == []
    assert list((root / ".git").rglob("*.lock")) == []
