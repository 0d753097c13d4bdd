"""Several merges of one pull request at once: as if there had been one."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.loops import Loop, a_loop, reopened
from tests.repositories import ENVIRONMENT, git

MERGE = [sys.executable, "-m", "reconciler.cli.main", "pr", "merge", "1", "--as-of", "2013-03-01"]


def at_once(root: Path, *commands: list[str]) -> list[tuple[int, str]]:
    """Exit code and complaint of each."""
    own = {"env": {**ENVIRONMENT, "PYTHONPATH": str(Path(__file__).parents[2])}, "cwd": root, "text": True}
    running = [subprocess.Popen(c, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **own) for c in commands]  # type: ignore[call-overload]
    said = [process.communicate(timeout=120)[1] for process in running]
    return [(process.returncode, text) for process, text in zip(running, said, strict=True)]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    return a_loop(tmp_path_factory.mktemp("fresh") / "repo", "alpha", "beta")


@pytest.mark.parametrize("times", [1, pytest.param(12, marks=pytest.mark.slow)])
def test_two_merges_of_one_pull_request_at_once(fresh: Loop, tmp_path: Path, times: int) -> None:
    waiting = reopened(fresh, tmp_path / "waiting")
    waiting.settle()
    alone = reopened(waiting, tmp_path / "alone")
    alone.merge(1)
    for number in range(times):
        shared = reopened(waiting, tmp_path / str(number))
        answers = at_once(shared.root, MERGE, MERGE)
        assert {code for code, _ in answers} <= {0, 6}, answers
        assert not any("Traceback" in said for _, said in answers)
        assert shared.refs() == alone.refs()
        assert git(shared.root, "status", "--porcelain") == ""
