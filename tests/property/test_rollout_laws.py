"""Laws of rollouts: harm is never rewarded, what is missing never advances, and how the counting was cut up changes nothing."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain.known import Missing
from reconciler.domain.rollouts import Abort, Advance, Finish, Hold, Observed, RolloutFacts, Window
from reconciler.domain.tallies import Buckets, Share, Sums
from tests.builders import NOW
from tests.rollouts import HOUR, LIVE, NEW, THIRD, a_rollout, a_window, errors, progress, share, weights

ERRORS, ACCURACY = {"type": "errors", "margin": 0.02}, {"type": "metric", "metric": "accuracy", "margin": 0.02}
REVENUE, PREDICTIONS = {"type": "businessMetric", "metric": "revenue", "margin": 2}, {"type": "predictions"}
CHECKS = [ERRORS, ACCURACY, REVENUE, PREDICTIONS]
STEPS = [{"weight": 5, "pause": "1h"}, {"weight": 50, "pause": "1h"}]
CANARY = a_rollout(type="canary", steps=STEPS, analysis=CHECKS)
ONE = a_rollout(type="canary", steps=STEPS, analysis=[ERRORS])
SHADOW = a_rollout(type="shadow", analysis=[ERRORS, ACCURACY, PREDICTIONS])
GREEN = a_rollout(type="blueGreen", analysis=[ERRORS, ACCURACY, PREDICTIONS])
TEST = a_rollout(type="abTest", unit="id", metric="revenue", gain=1, analysis=[ERRORS])
BANDIT = a_rollout(type="bandit", metric="revenue", margin=1, releases=3, analysis=[ERRORS])
ALL = [CANARY, ONE, SHADOW, GREEN, TEST, BANDIT]
NAMES = [one.type for one in ALL]
ROWS = st.integers(0, 30_000)
GONE = Missing(code="gone", why="the monitoring is gone")


@st.composite
def shares(draw, rows=ROWS, least=0.0, most=1.0):
    """Rows with any share of hits."""
    count = draw(rows)
    return share(round(count * draw(st.floats(least, most))), count)


@st.composite
def tallies(draw, rows=ROWS):
    """Everything that a release is looked at for, over one window; rates and means near each other, so that all answers occur."""
    count = draw(rows)
    spread = draw(st.integers(1, 8))
    total = Fraction(count * draw(st.integers(8, 12)))
    first = round(count * draw(st.floats(0.25, 0.35)))
    return {
        "errors": share(round(count * draw(st.floats(0.02, 0.08))), count),
        "metric/accuracy": share(round(count * draw(st.floats(0.85, 0.95))), count),
        "businessMetric/revenue": Sums(rows=count, total=total, squares=total * total / max(count, 1) + count * spread),
        "predictions": Buckets(counts=(first, count - first)),
    }


@st.composite
def facts(draw, weight=5):
    """One window with this weight, and perhaps an earlier one with another."""
    windows = [a_window(draw(tallies()), draw(tallies()), weight)]
    if draw(st.booleans()):
        windows.append(a_window(draw(tallies()), draw(tallies()), 2, NOW - 9 * HOUR, NOW - 2 * HOUR))
    return RolloutFacts(windows=tuple(windows))


def moves_on(move):
    return isinstance(move, Advance | Finish)


def at(weight):
    return progress(weight, timedelta(days=10))


def changed(facts, release, change):
    """The facts with other counts of one release, in the newest window."""
    newest, *rest = facts.windows
    seen = newest.releases[release]
    other = replace(seen, tallies={key: change(key, one) for key, one in seen.tallies.items()})
    return RolloutFacts(windows=(replace(newest, releases={**newest.releases, release: other}), *rest))


def halves(window):
    """The same window in two that follow each other, its counts divided between them."""
    middle = NOW - HOUR
    first, second = {}, {}
    for release, seen in window.releases.items():
        parts = {key: cut(one) for key, one in seen.tallies.items()}
        first[release] = Observed(since=seen.since, until=middle, tallies={key: part[0] for key, part in parts.items()})
        second[release] = Observed(since=middle, until=seen.until, tallies={key: part[1] for key, part in parts.items()})
    return replace(window, releases=first), replace(window, releases=second)


def cut(one):
    """Two counts that add up to this one."""
    match one:
        case Share(rows=rows, hits=hits):
            return share(hits // 3, rows // 3), share(hits - hits // 3, rows - rows // 3)
        case Sums(rows=rows, total=total, squares=squares):
            return Sums(rows=rows // 3, total=total / 7, squares=squares / 7), Sums(
                rows=rows - rows // 3, total=total - total / 7, squares=squares - squares / 7
            )
        case Buckets(counts=counts):
            few = tuple(count // 3 for count in counts)
            return Buckets(counts=few), Buckets(counts=tuple(count - less for count, less in zip(counts, few, strict=True)))


@pytest.mark.parametrize("rollout", ALL, ids=NAMES)
@given(seen=facts())
def test_the_same_world_has_one_move_however_its_windows_are_listed_or_cut(rollout, seen):
    newest, *rest = seen.windows
    move = rollout.next_move(at(5), seen, NOW)
    assert rollout.next_move(at(5), seen, NOW) == move
    assert rollout.next_move(at(5), RolloutFacts(windows=seen.windows[::-1]), NOW) == move
    assert rollout.next_move(at(5), RolloutFacts(windows=(*halves(newest), *rest)), NOW) == move


@given(st.data())
def test_more_harm_never_turns_an_abort_into_an_advance(data):
    mine, live = data.draw(shares(st.integers(200, 30_000))), data.draw(shares(st.integers(200, 30_000)))
    before = ONE.next_move(at(5), errors((mine.hits, mine.rows), (live.hits, live.rows)), NOW)
    more = data.draw(st.integers(0, mine.rows - mine.hits))
    after = ONE.next_move(at(5), errors((mine.hits + more, mine.rows), (live.hits, live.rows)), NOW)
    assert not (isinstance(before, Abort) and moves_on(after))


@given(st.data())
def test_failures_that_come_on_top_never_turn_an_abort_into_an_advance(data):
    mine, live = (data.draw(shares(st.integers(200, 30_000), most=0.5)) for _ in range(2))
    more = data.draw(st.integers(0, 3000))
    before = ONE.next_move(at(5), errors((mine.hits, mine.rows), (live.hits, live.rows)), NOW)
    after = ONE.next_move(at(5), errors((mine.hits + more, mine.rows + more), (live.hits, live.rows)), NOW)
    assert not (isinstance(before, Abort) and moves_on(after))


@given(seen=facts(), loss=st.integers(0, 9))
def test_a_loss_of_every_customer_never_turns_an_abort_into_an_advance(seen, loss):
    def poorer(key, one):
        if not isinstance(one, Sums):
            return one
        return Sums(
            rows=one.rows, total=one.total - loss * one.rows, squares=one.squares - 2 * loss * one.total + loss**2 * one.rows
        )

    for rollout in (CANARY, TEST):
        before = rollout.next_move(at(5), seen, NOW)
        after = rollout.next_move(at(5), changed(seen, NEW, poorer), NOW)
        assert not (isinstance(before, Abort) and before.code != "noGain" and moves_on(after))


@pytest.mark.parametrize("rollout", ALL, ids=NAMES)
@given(seen=facts(), data=st.data())
def test_what_is_missing_never_advances(rollout, seen, data):
    release = data.draw(st.sampled_from([LIVE, NEW]))
    wanted = {check.key for check in rollout.analysis} | ({rollout.key} if rollout in (TEST, BANDIT) else set())
    lost = data.draw(st.sampled_from(sorted(wanted)))
    gone = changed(seen, release, lambda key, one: GONE if key == lost else one)
    move = rollout.next_move(at(5), gone, NOW)
    assert not moves_on(move)


@pytest.mark.parametrize("rollout", ALL, ids=NAMES)
@given(seen=st.tuples(tallies(st.integers(0, 199)), tallies()), days=st.integers(0, 400))
def test_time_is_no_evidence(rollout, seen, days):
    now = NOW + timedelta(days=days)
    move = rollout.next_move(at(5), RolloutFacts(windows=(a_window(*seen),)), now)
    assert isinstance(move, Hold)
    assert move.code
    assert move.why


@given(counted=tallies(st.integers(0, 5000)))
def test_releases_of_which_the_same_was_counted_may_change_names(counted):
    seen = RolloutFacts(windows=(a_window(counted, counted, 50),))
    named = CANARY.next_move(progress(50), seen, NOW)
    swapped = CANARY.next_move(replace(progress(50), live=NEW, candidates=(LIVE,)), seen, NOW)
    assert (type(named), named.code) == (type(swapped), swapped.code)


@given(first=tallies(st.integers(200, 2000)), second=tallies(st.integers(200, 2000)))
def test_two_arms_of_a_bandit_may_change_places(first, second):
    given = weights(live=34, new=33, third=33)
    under_way = replace(progress(33, timedelta(days=1)), candidates=(NEW, THIRD), weights=given)

    def moved(order, counted):
        releases = {one: Observed(since=NOW - HOUR, until=NOW, tallies=counted[one]) for one in order}
        return BANDIT.next_move(under_way, RolloutFacts(windows=(Window(weights=given, releases=releases),)), NOW)

    counted = {LIVE: first, NEW: second, THIRD: second}
    move = moved([LIVE, NEW, THIRD], counted)
    assert move == moved([THIRD, NEW, LIVE], counted)
    if isinstance(move, Advance) and {NEW, THIRD} <= move.weights.keys():
        assert abs(move.weights[NEW] - move.weights[THIRD]) <= 1
        assert sum(move.weights.values()) == 100
        assert min(move.weights.values()) >= BANDIT.floor
