"""How often a canary aborts, told quickly: thirty looks each. The thorough runs are in tests/integration/simulation."""

from datetime import timedelta

import numpy as np
import pytest
from scipy import stats

from reconciler.domain.rollouts import Abort, Finish, Hold
from tests.builders import NOW
from tests.rollouts import a_canary, errors, progress

RUNS, LOOKS, ROWS = 120, 30, 160
"""Of each look the candidate's rows; the live release has nineteen times as many, and 5 % errors."""
PLANNED = 5000


def first_moves(worse, margin=0.02, rows=ROWS, runs=RUNS):
    """The first move of each run that is no Hold, or the last Hold, and the candidate's rows by then."""
    rng = np.random.default_rng([7, round(worse * 1000)])
    mine = rng.binomial(rows, 0.05 + worse, (runs, LOOKS)).cumsum(axis=1)
    live = rng.binomial(19 * rows, 0.05, (runs, LOOKS)).cumsum(axis=1)
    checks = [{"type": "errors", "margin": margin}]
    canary = a_canary(steps=[{"weight": 5, "pause": "1h"}], within="14d", plannedRows=PLANNED, analysis=checks)
    at = progress(5, timedelta(days=2))
    for hits, others in zip(mine.tolist(), live.tolist(), strict=True):
        for look, (failed, usual) in enumerate(zip(hits, others, strict=True), 1):
            move = canary.next_move(at, errors((failed, look * rows), (usual, 19 * look * rows)), NOW)
            if not isinstance(move, Hold):
                break
        yield move, look * rows


def at_most(rate):
    """More of the runs than this are no chance."""
    return int(stats.binom.ppf(1 - 1e-4, RUNS, rate))


def test_two_points_worse_is_aborted_before_the_planned_rows():
    aborted = sum(isinstance(move, Abort) and rows <= PLANNED for move, rows in first_moves(0.02))
    assert RUNS - aborted <= at_most(0.05)


@pytest.mark.parametrize(("margin", "finished"), [(0.02, RUNS * 0.8), (0.0001, 0)])
def test_an_equal_release_is_seldom_aborted_whether_it_can_be_proven_or_not(margin, finished):
    moves = [move for move, _ in first_moves(0.0, margin)]
    assert sum(isinstance(move, Abort) for move in moves) <= at_most(0.05)
    assert sum(isinstance(move, Finish) for move in moves) >= finished


def test_worse_by_the_margin_is_seldom_let_through():
    assert sum(isinstance(move, Finish) for move, _ in first_moves(0.02)) <= at_most(0.05)


@pytest.mark.parametrize("worse", [0.0, 0.02])
def test_too_little_traffic_never_advances(worse):
    assert {type(move) for move, _ in first_moves(worse, rows=4, runs=25)} == {Hold}
