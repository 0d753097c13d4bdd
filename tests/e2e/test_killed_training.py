"""`kill -9` in the middle of a training that keeps checkpoints: the next pass goes on, and ends as if nothing had happened."""

import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
import yaml

from tests.repositories import git
from tests.teams import BIN, a_team, commit, environment, perennial, refs_but_interruptions, write

RECONCILE = ("reconcile", "--as-of", "2013-04-01", "--until-settled")


def checkpoints(root: Path) -> list[Path]:
    """Files that unfinished trainings keep."""
    return sorted((root / ".git/perennial/unfinished").glob("*/rounds/*.skops"))


def killed_after_a_checkpoint(root: Path) -> None:
    """Reconcile, and kill it with all that it runs once a checkpoint is there."""
    command = [str(BIN / "perennial"), *RECONCILE]
    with subprocess.Popen(command, cwd=root, env=environment(), start_new_session=True, stderr=subprocess.DEVNULL) as process:
        while not checkpoints(root):
            assert process.poll() is None, "it ended before the first checkpoint"
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)


@pytest.mark.slow
def test_it_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    root = a_team(tmp_path / "team", "alpha")
    path = root / "models/alpha/model.yaml"
    spec = yaml.safe_load(path.read_text())
    spec["spec"]["training"] |= {"parameters": {"max_iter": 300, "max_leaf_nodes": 7}, "checkpoint": {"every": 20}}
    write(path, spec)
    commit(root, "Keep checkpoints")
    undisturbed = shutil.copytree(root, tmp_path / "undisturbed", symlinks=True)
    assert perennial(undisturbed, *RECONCILE).returncode == 0

    killed_after_a_checkpoint(root)
    assert git(root, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
    done = perennial(root, *RECONCILE)
    assert (done.returncode, done.stderr) == (0, "")
    assert checkpoints(root) == []  # they were found: only the training that they belong to removes them
    assert refs_but_interruptions(root) == refs_but_interruptions(undisturbed)
    told = [json.loads(line)["kind"] for line in git(root, "show", "perennial/ledger:alpha.jsonl").splitlines()]
    assert told.count("trainingInterrupted") == 1
