"""Two reconciles that start at the same instant, on one repository and on two clones of one remote: as if there had been one."""

import shutil
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.loops import Loop, a_loop, clones, reopened
from tests.repositories import ENVIRONMENT, git

ROUNDS = [3, pytest.param(50, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])]
RACE = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    from reconciler.errors import ConflictError
    from tests.loops import loop_at

    def run(root, gate):
        os.read(gate, 1)
        try:
            loop_at(Path(root)).settle()
        except ConflictError as error:
            print(error.message, file=sys.stderr)
            os._exit(error.exit_code)

    for round in sys.argv[1:]:
        gate, start = os.pipe()
        children = []
        for root in round.split(":"):
            child = os.fork()
            if not child:
                run(root, gate)
                os._exit(0)
            children.append(child)
        os.write(start, b"go")
        print(*(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))
    """
)
"""One process that has imported everything forks two for each round, and lets them go at once."""


def race(rounds: Sequence[Sequence[Path]]) -> list[set[int]]:
    """The exit codes of each round."""
    own = {**ENVIRONMENT, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", RACE, *(":".join(map(str, pair)) for pair in rounds)]
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return [set(map(int, line.split())) for line in done.stdout.splitlines()]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    return a_loop(tmp_path_factory.mktemp("fresh") / "repo", "alpha")


@pytest.fixture(scope="module")
def alone(fresh: Loop, tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """What one reconcile makes of it."""
    loop = reopened(fresh, tmp_path_factory.mktemp("alone") / "repo")
    loop.settle()
    assert [pull.marker.model for pull in loop.pulls() if pull.marker] == ["alpha"]
    return loop


@pytest.mark.parametrize("times", ROUNDS)
def test_on_one_repository(fresh: Loop, alone: Loop, tmp_path: Path, times: int) -> None:
    roots = [shutil.copytree(fresh.root, tmp_path / str(n), symlinks=True) for n in range(times)]
    for root, codes in zip(roots, race([(root, root) for root in roots]), strict=True):
        assert codes <= {0, 6}
        assert 0 in codes
        assert refs(root) == alone.refs()
        assert git(root, "status", "--porcelain") == ""


@pytest.mark.parametrize("times", ROUNDS)
def test_on_two_clones_of_one_remote(fresh: Loop, alone: Loop, tmp_path: Path, times: int) -> None:
    pairs = [clones(fresh, tmp_path / str(n), "one", "two") for n in range(times)]
    for (one, two), codes in zip(pairs, race(pairs), strict=True):
        assert codes <= {0, 6}
        assert 0 in codes
        assert refs(one.with_name("origin.git")) == alone.refs()
        assert git(one, "for-each-ref", "refs/heads", "refs/tags") == git(two, "for-each-ref", "refs/heads", "refs/tags")


def refs(root: Path) -> dict[str, str]:
    lines = git(root, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split(" ") for line in lines)
