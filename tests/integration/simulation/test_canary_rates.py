"""How often a canary is aborted that should be, and that should not, with a look every minute: by simulation, with fixed seeds.

Every look asks the rollout itself. Rates are compared with binomial bounds that a right procedure breaks less than once in ten
thousand runs.
"""

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest
from scipy import stats

from reconciler.domain.rollouts import Abort, Advance, Finish, RolloutFacts
from tests.builders import NOW
from tests.rollouts import LIVE, NEW, a_canary, a_window, progress, share

MINUTE = timedelta(minutes=1)
PER_MINUTE = 200
"""Requests, of both releases together."""
EXPOSURE = 5000
"""Rows of the candidate: what it may have had at most when it is aborted, which is what `plannedRows` says."""
STEPS = [{"weight": 5, "pause": "10m"}, {"weight": 25, "pause": "10m"}, {"weight": 50, "pause": "10m"}]
CHECKS = [{"type": "errors", "margin": 0.02}, {"type": "metric", "metric": "accuracy", "margin": 0.02}]


def at_most(runs, rate):
    """More than this is no chance."""
    return int(stats.binom.ppf(1 - 1e-4, runs, rate))


def live_rate(minute):
    """Errors come and go with the hour, for both releases alike."""
    return 0.05 + 0.03 * np.sin(minute / 90)


def rolled_out(policy, worse, seed, minutes, per_minute=PER_MINUTE):
    """The last move, and the candidate's rows by then; the traffic follows the moves."""
    rng = np.random.default_rng(seed)
    changed, weight, rows = NOW, policy.steps[0].weight, 0
    counts, spans, windows = {}, {}, {}
    for minute in range(1, minutes + 1):
        now, rate = NOW + minute * MINUTE, live_rate(minute)
        mine = int(rng.binomial(per_minute, weight / 100))
        rows += mine
        drawn = (mine, per_minute - mine), (rate + worse, rate)
        new = np.array([[count, rng.binomial(count, p), rng.binomial(count, 0.9)] for count, p in zip(*drawn, strict=True)])
        counts[weight] = counts.get(weight, 0) + new
        spans.setdefault(weight, (now - MINUTE, now))
        spans[weight] = (spans[weight][0], now)
        tallies = [{"errors": share(int(f), int(n)), "metric/accuracy": share(int(g), int(n))} for n, f, g in counts[weight]]
        windows[weight] = a_window(*tallies, weight, *spans[weight])
        at = progress(weight, changed_at=changed)
        move = policy.next_move(at, RolloutFacts(windows=tuple(windows.values())), now)
        match move:
            case Abort() | Finish():
                return move, rows
            case Advance(weights=weights):
                weight, changed = weights[NEW], now
                assert weights[LIVE] == 100 - weight
    return move, rows


def ends(policy, worse, runs, minutes, **more):
    """How the runs ended: `Abort` counts only before the exposure."""
    told = Counter()
    for seed in range(runs):
        move, rows = rolled_out(policy, worse, [seed, 7], minutes, **more)
        told[type(move).__name__ if rows <= EXPOSURE or not isinstance(move, Abort) else "too late"] += 1
    return told


@pytest.mark.slow
def test_two_points_worse_is_aborted_before_the_exposure():
    told = ends(a_canary(steps=STEPS, analysis=CHECKS), worse=0.02, runs=400, minutes=720)
    assert 400 - told["Abort"] <= at_most(400, 0.05), told


@pytest.mark.slow
def test_an_equal_release_is_seldom_aborted_and_mostly_gets_through():
    told = ends(a_canary(steps=STEPS, analysis=CHECKS), worse=0.0, runs=400, minutes=720)
    assert told["Abort"] + told["too late"] <= at_most(400, 0.05), told
    assert told["Finish"] > 300, told


@pytest.mark.slow
def test_an_equal_release_that_can_never_be_proven_is_seldom_aborted_however_long_one_looks():
    checks = [CHECKS[0] | {"margin": 0.0001}]
    told = ends(a_canary(steps=STEPS, analysis=checks), worse=0.0, runs=200, minutes=1440)
    assert told["Abort"] + told["too late"] <= at_most(200, 0.05), told


@pytest.mark.slow
def test_too_little_traffic_never_advances():
    told = ends(a_canary(steps=STEPS, analysis=CHECKS), worse=0.0, runs=100, minutes=720, per_minute=5)
    assert told["Finish"] == 0, told
