"""How often experiments and the checks of latency and answers err, with many looks: by simulation, with fixed seeds."""

from datetime import timedelta
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from reconciler.domain.rollouts import Abort, Advance, Finish, Observed, RolloutFacts, Window
from reconciler.domain.tallies import Buckets, Sums
from tests.builders import NOW
from tests.rollouts import EDGES, HOUR, LIVE, NEW, THIRD, a_canary, a_rollout, progress, seen, share

pytestmark = pytest.mark.slow
RUNS, LOOKS = 200, 60


def at_most(rate, runs=RUNS):
    """More of the runs than this are no chance."""
    return int(stats.binom.ppf(1 - 1e-4, runs, rate))


def ended(rollout, at, tallies):
    """The first move that ends it, over looks at the counts so far."""
    for facts in tallies:
        move = rollout.next_move(at, facts, NOW)
        if isinstance(move, Abort | Finish | Advance):
            return move
    return move


def spent(rng, mean, rows=300):
    """What customers spent, with the many that spent nothing."""
    some = np.round(rng.exponential(mean / 0.3, (LOOKS, rows)), 2)
    return summed_up(np.where(rng.random(some.shape) < 0.7, 0, some))


def summed_up(numbers):
    """Numbers (looks, rows) as what was counted by each look."""
    totals, squares = (part.sum(axis=1).cumsum() for part in (numbers, numbers**2))
    for look, (total, square) in enumerate(zip(totals.tolist(), squares.tolist(), strict=True), 1):
        yield Sums(rows=look * numbers.shape[1], total=Fraction(total), squares=Fraction(square))


def ab_tests(gain, decide):
    test = a_rollout(type="abTest", unit="id", metric="revenue", gain=1, plannedRows=10000, decide=decide)
    at = progress(50, timedelta(days=8))
    for run in range(RUNS):
        rng = np.random.default_rng([run, round(10 * gain), len(decide)])
        counts = zip(spent(rng, 10 + gain), spent(rng, 10), strict=True)
        yield ended(test, at, (seen(mine, live, "businessMetric/revenue", 50) for mine, live in counts))


@pytest.mark.parametrize("decide", ["sequential", "fixedHorizon"])
def test_no_gain_is_seldom_found_to_be_one(decide):
    assert sum(isinstance(move, Finish) for move in ab_tests(0, decide)) <= at_most(0.05)


@pytest.mark.parametrize("decide", ["sequential", "fixedHorizon"])
def test_a_gain_is_mostly_found(decide):
    assert sum(isinstance(move, Finish) for move in ab_tests(2, decide)) > 0.9 * RUNS


def slower(median, run):
    """Lognormal answering times of a candidate around its median in seconds, beside live ones around a tenth, look by look."""
    rng = np.random.default_rng([run, round(1000 * median)])
    counts = [np.zeros(len(EDGES) + 1, dtype=int) for _ in range(2)]
    for _ in range(LOOKS):
        for one, middle, rows in zip(counts, (median, 0.1), (100, 1900), strict=True):
            buckets = np.searchsorted(EDGES, rng.lognormal(np.log(middle), 0.5, rows))
            np.add(one, np.bincount(buckets, minlength=one.size), out=one)
        yield seen(*(Buckets(counts=tuple(one.tolist()), edges=EDGES) for one in counts), "latency")


@pytest.mark.parametrize(
    ("median", "kind", "often"),
    [
        (0.1, Abort, False),
        (0.125, Advance, False),  # as many times as long as the check allows
        (0.1, Advance, True),
        (0.15, Abort, True),
    ],
)
def test_slower_answers_abort_and_equal_ones_advance(median, kind, often):
    canary = a_canary(analysis=[{"type": "latency"}])
    found = sum(isinstance(ended(canary, progress(5), slower(median, run)), kind) for run in range(RUNS))
    assert found >= 0.95 * RUNS if often else found <= at_most(0.05)


def test_answers_that_are_spread_alike_seldom_abort():
    canary = a_canary(analysis=[{"type": "predictions"}])
    shares, aborted = np.full(10, 0.1), 0
    for run in range(RUNS):
        rng = np.random.default_rng([run, 3])
        mine, live = (rng.multinomial(rows, shares, LOOKS).cumsum(axis=0).tolist() for rows in (100, 1900))
        facts = (seen(*(Buckets(counts=tuple(one)) for one in pair), "predictions") for pair in zip(mine, live, strict=True))
        aborted += isinstance(ended(canary, progress(5), facts), Abort)
    assert aborted <= at_most(0.05)


def test_rare_errors_seldom_abort_an_equal_release():
    """One in a thousand, and of the candidate only every twentieth request: hits are skewed, and few."""
    canary, aborted = a_canary(analysis=[{"type": "errors", "margin": 0.001}]), 0
    for run in range(RUNS):
        rng = np.random.default_rng([run, 4])
        mine, live = (rng.binomial(rows, 0.001, LOOKS).cumsum().tolist() for rows in (100, 1900))
        facts = (seen(share(a, 100 * look), share(b, 1900 * look)) for look, (a, b) in enumerate(zip(mine, live, strict=True), 1))
        aborted += isinstance(ended(canary, progress(5), facts), Abort)
    assert aborted <= at_most(0.05)


TAILS = {
    "skewed": lambda rng, rows: rng.lognormal(0, 1.5, rows),
    "few orders": lambda rng, rows: np.where(rng.random(rows) < 0.98, 0, rng.exponential(500, rows)),
}


@pytest.mark.parametrize("tail", TAILS)
@pytest.mark.parametrize("better", ["higher", "lower"])
def test_heavy_tails_seldom_abort_an_equal_release(tail, better):
    check = {"type": "businessMetric", "metric": "revenue", "better": better, "margin": 0.0001}  # too small ever to be proven
    canary, aborted = a_canary(analysis=[check]), 0
    for run in range(RUNS):
        rng = np.random.default_rng([run, 9])
        numbers = [TAILS[tail](rng, rows * LOOKS).reshape(LOOKS, rows) for rows in (100, 1900)]
        counts = zip(*map(summed_up, numbers), strict=True)
        facts = (seen(*pair, "businessMetric/revenue") for pair in counts)
        aborted += isinstance(ended(canary, progress(5), facts), Abort)
    assert aborted <= at_most(0.05)


def test_a_bandit_finds_the_best_of_three_and_gives_it_the_traffic():
    bandit = a_rollout(type="bandit", metric="bookings", margin=0.02, releases=3, floor=5)
    rates, best = {LIVE: 0.10, NEW: 0.14, THIRD: 0.10}, 0
    for run in range(40):
        rng = np.random.default_rng([run, 5])
        at, windows = progress(0, candidates=(NEW, THIRD), changed_at=NOW - HOUR), []
        for hour in range(300):
            now = NOW + hour * HOUR
            move = bandit.next_move(at, RolloutFacts(windows=tuple(windows)), now)
            if isinstance(move, Finish | Abort):
                break
            if isinstance(move, Advance):
                at = progress(0, candidates=(NEW, THIRD), weights=move.weights, changed_at=now)
            rows = {one: int(rng.binomial(500, weight / 100)) for one, weight in at.weights.items()}
            counted = {one: {"businessMetric/bookings": share(int(rng.binomial(n, rates[one])), n)} for one, n in rows.items()}
            releases = {one: Observed(since=now, until=now + HOUR, tallies=counts) for one, counts in counted.items()}
            windows.append(Window(weights=at.weights, releases=releases))
        best += isinstance(move, Finish) and move.release == NEW
    assert best >= 36
