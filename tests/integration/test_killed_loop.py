"""A reconcile or a merge that dies between any two moves of refs, and is run again, ends where an undisturbed one ends."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.domain.changes import PullState
from reconciler.domain.names import LEDGER_BRANCH
from reconciler.reconcile import publish, reconcile
from tests.loops import T2, KilledError, Loop, a_gate, a_loop, reopened
from tests.repositories import git

Work = Callable[[Loop], object]


def settle(loop: Loop) -> None:
    loop.settle()


def one_pass(loop: Loop) -> None:
    """`perennial reconcile`."""
    reconcile(loop.readers(), loop.writers())


def merge_first(loop: Loop) -> None:
    """`perennial pr merge 1`, however often it is said."""
    if loop.pull(1).state is PullState.OPEN:
        loop.merge(1)
    else:
        publish(loop.readers(), loop.writers(), ["alpha"])


def settle_later(loop: Loop) -> None:
    loop.settle(T2)


def kill_everywhere(start: Loop, scratch: Path, work: Work, finish: Work) -> int:
    """Die after each number of moves of refs in turn, finish in a new process, and compare. Returns how many there were."""
    undisturbed = reopened(start, scratch / "undisturbed")
    work(undisturbed)
    finish(undisturbed)
    for moves in range(100):
        victim = reopened(start, scratch / f"after-{moves}", last=moves)
        try:
            work(victim)
        except KilledError:
            survivor = reopened(victim)
            finish(survivor)
            assert survivor.refs() == undisturbed.refs(), f"killed after {moves} moves"
            assert git(survivor.root, "status", "--porcelain") == ""
        else:
            return moves
    raise AssertionError("it does not end")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    return a_loop(tmp_path_factory.mktemp("fresh") / "repo", "alpha", "beta")


@pytest.fixture(scope="module")
def proposed(fresh: Loop, tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """Both models wait for a merge into staging."""
    loop = reopened(fresh, tmp_path_factory.mktemp("proposed") / "repo")
    loop.settle()
    return loop


def test_first_trainings_and_their_proposals(fresh: Loop, tmp_path: Path) -> None:
    assert kill_everywhere(fresh, tmp_path, settle, settle) == 8


@pytest.mark.slow
def test_one_pass_may_be_finished_by_another_command(fresh: Loop, tmp_path: Path) -> None:
    assert kill_everywhere(fresh, tmp_path, one_pass, settle) == 8


@pytest.mark.slow
def test_a_merge_that_is_said_again(proposed: Loop, tmp_path: Path) -> None:
    assert kill_everywhere(proposed, tmp_path, merge_first, lambda loop: (merge_first(loop), loop.settle())) == 5


@pytest.mark.slow
def test_a_merge_that_the_next_reconcile_finishes(proposed: Loop, tmp_path: Path) -> None:
    def finish(loop: Loop) -> None:
        if loop.pull(1).state is PullState.OPEN:
            loop.merge(1)
        loop.settle()

    assert kill_everywhere(proposed, tmp_path, merge_first, finish) == 5


@pytest.mark.slow
def test_withdrawn_proposals(proposed: Loop, tmp_path: Path) -> None:
    strict = reopened(proposed, tmp_path / "strict")
    strict.commit(**{"policies/gates/standard.yaml": a_gate(0.9)})
    assert kill_everywhere(strict, tmp_path, settle, settle) >= 6


@pytest.mark.slow
def test_withdrawn_proposals_and_new_trainings_that_are_refused(proposed: Loop, tmp_path: Path) -> None:
    strict = reopened(proposed, tmp_path / "strict")
    strict.commit(**{"policies/gates/standard.yaml": a_gate(0.9)})
    assert kill_everywhere(strict, tmp_path, settle_later, settle_later) >= 8


def test_no_line_of_the_ledger_is_lost_or_said_twice(proposed: Loop, tmp_path: Path) -> None:
    for moves in range(5):
        victim = reopened(proposed, tmp_path / str(moves), last=moves)
        with pytest.raises(KilledError):
            merge_first(victim)
        survivor = reopened(victim)
        merge_first(survivor)
        survivor.settle()
        assert survivor.kinds("alpha") == ["trained", "proposed", "promoted", "proposed"]
        assert survivor.kinds("beta") == ["trained", "proposed"]
        lines = git(survivor.root, "rev-list", "--count", f"refs/heads/{LEDGER_BRANCH}")
        assert int(lines) == 6


def test_the_second_reconcile_writes_nothing(proposed: Loop, tmp_path: Path) -> None:
    loop = reopened(proposed, tmp_path / "again")
    before, objects = loop.refs(), git(loop.root, "count-objects", "-v")
    passes = loop.settle()
    assert [made.outcome.steps for made in passes] == [()]
    assert (loop.refs(), git(loop.root, "count-objects", "-v")) == (before, objects)
    assert loop.trainer.orders == []
    assert git(loop.root, "status", "--porcelain") == ""
