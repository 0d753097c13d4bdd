"""A rollout whose pass dies between any two moves of refs, and is run again, ends where an undisturbed one ends."""

from pathlib import Path

import pytest

from tests.integration.rollouts.live import BAD, GOOD, HOUR, canary, live
from tests.integration.test_killed_loop import kill_everywhere
from tests.loops import T2, Loop
from tests.traffic import Served


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    return canary(tmp_path_factory.mktemp("merged") / "repo")


@pytest.mark.slow
@pytest.mark.parametrize(("new", "hours"), [(BAD, 0.5), (GOOD, 1.1)], ids=["taken back", "a step on"])
def test_a_pass_that_dies_anywhere_ends_the_same(merged: Loop, tmp_path: Path, new: Served, hours: float) -> None:
    def work(loop: Loop) -> None:
        live(loop, new).settle(T2 + hours * HOUR)

    assert kill_everywhere(merged, tmp_path, work, work) >= 1


@pytest.mark.slow
def test_a_merge_that_dies_before_its_rollout_begins_is_followed_by_it(tmp_path: Path) -> None:
    start = canary(tmp_path / "repo", merged=False)

    def merge(loop: Loop) -> None:
        number = loop.pulls()[-1].number
        if loop.pull(number).state == "open":
            loop.merge(number, T2)

    def finish(loop: Loop) -> None:
        merge(loop)
        loop.settle(T2)

    def work(loop: Loop) -> None:
        merge(loop)
        loop.settle(T2)

    assert kill_everywhere(start, tmp_path, work, finish) >= 3
