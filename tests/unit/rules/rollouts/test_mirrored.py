"""Shadow and blue-green: nobody sees what is compared, time alone proves nothing, and going back is one move."""

from datetime import timedelta

import pytest

from reconciler.domain.rollouts import Abort, Advance, Finish, Hold, RolloutFacts
from tests.builders import NOW
from tests.cases import each
from tests.rollouts import HOUR, LIVE, NEW, a_rollout, a_window, progress, seen, share

ERRORS = {"type": "errors", "margin": 0.02}
EQUAL, HARM, FEW = (share(250, 5000), share(250, 5000)), (share(400, 5000), share(250, 5000)), (share(5, 100), share(5, 100))
DAY = timedelta(days=1)


def beside(weight, since):
    """A candidate that has pods."""
    return progress(weight, since, weights={NEW: weight, LIVE: 100 - weight})


def mirrored(counts, weight):
    mine, live = counts
    return seen(mine, live, weight=weight)


@each(
    ("since", "counts", "kind", "code"),
    [
        (2 * DAY, EQUAL, Finish, "proven"),
        (HOUR, EQUAL, Hold, "mirroring"),
        (HOUR, HARM, Abort, "worse"),
        (2 * DAY, HARM, Abort, "worse"),
        (2 * DAY, FEW, Hold, "tooFewRows"),
        (9 * DAY, FEW, Hold, "overdue"),
    ],
)
def test_shadow(since, counts, kind, code):
    shadow = a_rollout(type="shadow", analysis=[ERRORS])
    move = shadow.next_move(beside(0, since), mirrored(counts, 0), NOW)
    assert (type(move), move.code) == (kind, code)


@each(
    ("weight", "since", "counts", "kind", "code"),
    [
        (0, HOUR, EQUAL, Advance, "proven"),
        (0, HOUR / 3, EQUAL, Hold, "previewing"),
        (0, HOUR, FEW, Hold, "tooFewRows"),
        (0, HOUR / 3, HARM, Abort, "worse"),
        (100, HOUR, EQUAL, Hold, "keepingOld"),
        (100, HOUR, HARM, Abort, "worse"),
        (100, 2 * DAY, EQUAL, Finish, "proven"),
        (100, 2 * DAY, FEW, Hold, "tooFewRows"),
    ],
)
def test_blue_green(weight, since, counts, kind, code):
    rollout = a_rollout(type="blueGreen", analysis=[ERRORS])
    move = rollout.next_move(beside(weight, since), mirrored(counts, weight), NOW)
    assert (type(move), move.code) == (kind, code)
    if isinstance(move, Advance):
        assert move.weights == {NEW: 100, LIVE: 0}


def test_what_was_proven_before_the_switch_is_not_proven_after_it():
    before = a_window({"errors": EQUAL[0]}, {"errors": EQUAL[1]}, 0, NOW - 3 * DAY, NOW - 2 * DAY)
    after = a_window({"errors": FEW[0]}, {"errors": FEW[1]}, 100, NOW - 2 * DAY, NOW)
    rollout = a_rollout(type="blueGreen", analysis=[ERRORS])
    move = rollout.next_move(progress(100, 2 * DAY), RolloutFacts(windows=(before, after)), NOW)
    assert (type(move), move.code) == (Hold, "tooFewRows")
    assert "100 rows at these weights" in move.why


@pytest.mark.parametrize("kind", ["shadow", "blueGreen"])
def test_it_begins_with_pods_that_serve_nobody(kind):
    move = a_rollout(type=kind, analysis=[ERRORS]).next_move(progress(0), RolloutFacts(), NOW)
    assert (type(move), move.code, move.weights) == (Advance, "begin", {NEW: 0, LIVE: 100})


def test_direct_is_over_at_once():
    assert a_rollout(type="direct").next_move(progress(0), RolloutFacts(), NOW).release == NEW
