"""A reconcile that is killed (`kill -9`) around any of its pushes, and run again, ends where an undisturbed one ends."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.loops import Loop, a_loop, clones, loop_at
from tests.repositories import ENVIRONMENT, git

PUSHES = 4
DELAYS = (0.0, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16)
"""Seconds between the start of the push and the death. Git itself is not killed, so the push may still succeed after it."""
SOME = [(1, 0.02), (2, 0.0), (3, 0.08)]
ALL = [(number, delay) for number in range(1, PUSHES + 1) for delay in DELAYS]
MORTAL = textwrap.dedent(
    """
    import os, signal, sys, threading
    from pathlib import Path
    from tests.loops import loop_at

    def run(root, number, delay):
        pushes = 0

        def hook(event, args):
            nonlocal pushes
            if event == "subprocess.Popen" and "push" in args[1]:
                pushes += 1
                if pushes == number:
                    die = lambda: os.kill(os.getpid(), signal.SIGKILL)
                    threading.Timer(delay, die).start() if delay else die()

        sys.addaudithook(hook)
        loop_at(Path(root)).settle()

    for one in sys.argv[1:]:
        root, number, delay = one.split(":")
        child = os.fork()
        if not child:
            run(root, int(number), float(delay))
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    return a_loop(tmp_path_factory.mktemp("fresh") / "repo", "alpha")


@pytest.fixture(scope="module")
def undisturbed(fresh: Loop, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    (root,) = clones(fresh, tmp_path_factory.mktemp("undisturbed"), "clone")
    loop_at(root).settle()
    return refs(root)


@pytest.mark.parametrize("points", [SOME, pytest.param(ALL, marks=pytest.mark.slow)], ids=["some", "all"])
def test_killed_around_a_push(fresh: Loop, undisturbed: dict[str, str], tmp_path: Path, points: list[tuple[int, float]]) -> None:
    roots = [root for number, delay in points for root in clones(fresh, tmp_path / f"{number}-{delay}", "clone")]
    words = [f"{root}:{number}:{delay}" for root, (number, delay) in zip(roots, points, strict=True)]
    own = {**ENVIRONMENT, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", MORTAL, *words], env=own, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["-9"] * len(points), done.stderr
    for root, point in zip(roots, points, strict=True):
        loop_at(root).settle()
        assert refs(root) == undisturbed, f"killed {point[1]} s after push {point[0]}"
        assert git(root, "status", "--porcelain") == ""
        assert not list((root / ".git").rglob("*.lock"))


def refs(clone: Path) -> dict[str, str]:
    """What the remote has."""
    lines = git(clone.with_name("origin.git"), "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split(" ") for line in lines)
