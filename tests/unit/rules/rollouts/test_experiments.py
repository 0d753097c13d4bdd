"""A/B tests and bandits: the business decides, at the agreed time, and the same world gives the same move."""

from datetime import timedelta

import pytest

from reconciler.domain.known import Missing
from reconciler.domain.rollouts import Abort, Advance, Finish, Hold, Observed, RolloutFacts, Window
from tests.builders import NOW
from tests.cases import each
from tests.rollouts import HOUR, LIVE, NEW, THIRD, a_rollout, a_window, progress, seen, share, sums, weights

KEY = "businessMetric/revenue"
TEST = {"type": "abTest", "unit": "customerId", "metric": "revenue", "gain": 0.5, "plannedRows": 4000}
GONE = Missing(code="gone", why="the database is gone")
DAY, WEEK = timedelta(days=1), timedelta(days=8)


def money(mine, live, rows=5000):
    return seen(sums(mine, 5, rows), sums(live, 5, rows), KEY, 50)


@each(
    ("changes", "since", "facts", "kind", "code"),
    [
        ({}, WEEK, money(11, 10), Finish, "better"),
        ({}, HOUR, money(11, 10), Hold, "running"),
        ({}, WEEK, money(10, 10), Abort, "noGain"),
        ({}, WEEK, money(9, 10), Abort, "worse"),
        ({}, HOUR, money(9, 10), Abort, "worse"),
        ({}, WEEK, money(10.3, 10, 1000), Hold, "undecided"),
        ({}, WEEK, money(20, 10, 150), Hold, "tooFewRows"),
        ({}, WEEK, seen(GONE, GONE, KEY, 50), Hold, "gone"),
        ({}, WEEK, seen(sums(1, 0, 900), sums(1, 0, 900), KEY, 50), Hold, "noSpread"),
        ({}, WEEK, seen(share(300, 3000), share(150, 3000), KEY, 50), Finish, "better"),
        ({"better": "lower"}, WEEK, money(9, 10), Finish, "better"),
        ({"better": "lower"}, WEEK, money(11, 10), Abort, "worse"),
        ({"decide": "fixedHorizon"}, WEEK, money(10.3, 10), Finish, "better"),
        ({"decide": "fixedHorizon"}, WEEK, money(10.1, 10), Abort, "noGain"),
        ({"decide": "fixedHorizon"}, WEEK, money(20, 10, 3999), Hold, "tooFewRows"),
        ({"decide": "fixedHorizon", "better": "lower"}, WEEK, money(9.7, 10), Finish, "better"),
        ({"analysis": [{"type": "errors"}]}, WEEK, money(11, 10), Hold, "notMeasured"),
    ],
)
def test_an_ab_test(changes, since, facts, kind, code):
    move = a_rollout(**TEST | changes).next_move(progress(50, since), facts, NOW)
    assert (type(move), move.code) == (kind, code), move.why
    if isinstance(move, Finish):
        assert move.release == NEW


def test_it_begins_with_its_weight():
    segments = {"column": "country", "values": ["DE", "FR"]}
    move = a_rollout(**TEST, weight=30, segments=segments).next_move(progress(0), RolloutFacts(), NOW)
    assert move.weights == weights(new=30, live=70)
    assert "country DE, FR" in move.why


def test_a_segment_that_is_harmed_ends_it_whatever_the_rest_gains():
    segments = {"column": "country", "values": ["DE", "FR"]}
    mine = {KEY: sums(12, 5, 5000), f"{KEY}/country=DE": sums(16, 5, 2500), f"{KEY}/country=FR": sums(8, 5, 2500)}
    live = {KEY: sums(10, 5, 5000), f"{KEY}/country=DE": sums(10, 5, 2500), f"{KEY}/country=FR": sums(10, 5, 2500)}
    facts = RolloutFacts(windows=(a_window(mine, live, 50),))
    move = a_rollout(**TEST, segments=segments).next_move(progress(50, WEEK), facts, NOW)
    assert (type(move), move.code) == (Abort, "worse")
    assert move.why.startswith("abTest country=FR: revenue 8 of 2500 rows beside 10")


BANDIT = {"type": "bandit", "metric": "revenue", "margin": 0.5, "releases": 3}


def three(live, new, third, rows=600, **given):
    counts = {LIVE: live, NEW: new, THIRD: third}
    releases = {
        one: Observed(since=NOW - 2 * HOUR, until=NOW, tallies={KEY: sums(mean, 5, rows)})
        for one, mean in counts.items()
        if mean is not None
    }
    return RolloutFacts(windows=(Window(weights=given or weights(live=34, new=33, third=33), releases=releases),))


def under_way(**changes):
    given = {"candidates": (NEW, THIRD), "weights": weights(live=34, new=33, third=33)}
    return progress(33, **given | changes)


def test_a_bandit_begins_alike():
    move = a_rollout(**BANDIT).next_move(under_way(weights={}), RolloutFacts(), NOW)
    assert (move.code, sorted(move.weights.values())) == ("begin", [33, 33, 34])


@each(
    ("facts", "since", "kind", "code"),
    [
        (three(10, 10.5, 10), 2 * HOUR, Advance, "reweighed"),
        (three(10, 10.5, 10), HOUR / 2, Hold, "everySoOften"),
        (three(10, 10.5, 10, rows=150), 2 * HOUR, Hold, "tooFewRows"),
        (three(10, 10.5, None), 2 * HOUR, Hold, "notMeasured"),
        (three(10, 14, 10, rows=6000), HOUR / 2, Finish, "best"),
        (three(14, 10, 10, rows=6000), HOUR / 2, Abort, "liveIsBest"),
    ],
)
def test_a_bandit(facts, since, kind, code):
    at = under_way(changed_at=NOW - since)
    move = a_rollout(**BANDIT).next_move(at, facts, NOW)
    assert (type(move), move.code) == (kind, code), move.why
    assert a_rollout(**BANDIT).next_move(at, facts, NOW) == move


def test_the_better_release_gets_more_and_the_worst_keeps_the_floor():
    move = a_rollout(**BANDIT).next_move(under_way(), three(10, 11, 8, rows=300), NOW)
    assert move.weights[NEW] > 80
    assert move.weights[THIRD] == 5
    assert sum(move.weights.values()) == 100


def test_a_release_that_fails_more_often_loses_its_traffic():
    bandit = a_rollout(**BANDIT, analysis=[{"type": "errors"}])
    facts = three(10, 10.2, 10)
    failing = {LIVE: share(6, 600), NEW: share(6, 600), THIRD: share(120, 600)}
    releases = {
        one: Observed(since=seen.since, until=seen.until, tallies={**seen.tallies, "errors": failing[one]})
        for one, seen in facts.windows[0].releases.items()
    }
    facts = RolloutFacts(windows=(Window(weights=facts.windows[0].weights, releases=releases),))
    move = bandit.next_move(under_way(changed_at=NOW - HOUR / 2), facts, NOW)
    assert isinstance(move, Advance)
    assert set(move.weights) == {LIVE, NEW}


@pytest.mark.parametrize(("otherwise", "kind"), [("hold", Hold), ("abort", Abort)])
def test_a_bandit_that_moves_all_the_time_is_late_all_the_same(otherwise, kind):
    bandit = a_rollout(**BANDIT, within="5d", otherwise=otherwise)
    late = bandit.next_move(under_way(started_at=NOW - 5 * DAY), three(10, 10.2, 10), NOW)
    assert (type(late), late.code) == (kind, "overdue")
    early = bandit.next_move(under_way(started_at=NOW - 4 * DAY), three(10, 10.2, 10), NOW)
    assert early.code == "reweighed"


def test_a_bandit_does_not_weigh_what_was_seen_at_other_times():
    seen = three(10, 10.5, 10)
    releases = dict(seen.windows[0].releases)
    releases[LIVE] = Observed(since=NOW - 3 * HOUR, until=NOW, tallies=releases[LIVE].tallies)
    facts = RolloutFacts(windows=(Window(weights=seen.windows[0].weights, releases=releases),))
    move = a_rollout(**BANDIT).next_move(under_way(), facts, NOW)
    assert (type(move), move.code) == (Hold, "otherTimes")


def test_more_releases_than_declared_do_not_begin():
    bandit = a_rollout(**BANDIT | {"releases": 2})
    move = bandit.next_move(under_way(weights={}), RolloutFacts(), NOW)
    assert (type(move), move.code) == (Hold, "tooManyReleases")
    assert "3 releases, at most 2" in move.why
