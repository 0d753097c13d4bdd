"""Canary: harm aborts at any time, proof and a pause that is over advance, everything else holds and says why."""

from datetime import timedelta

import pytest

from reconciler.domain.known import Missing
from reconciler.domain.rollouts import Abort, Advance, Finish, Hold, RolloutFacts
from reconciler.domain.tallies import Share
from tests.builders import NOW
from tests.cases import each
from tests.rollouts import HOUR, LIVE, NEW, a_canary, a_window, errors, progress, seen, share

GONE = Missing(code="gone", why="the monitoring is gone")
EQUAL = errors((100, 2000), (1900, 38000))
WORSE = errors((140, 2000), (1900, 38000))
ALIKE_AT_50 = errors((300, 6000), (300, 6000), 50)


@each(
    ("at", "facts", "kind", "code", "fragments"),
    [
        (progress(0), RolloutFacts(), Advance, "begin", ["step 1 of 2, 5 %"]),
        (progress(5), EQUAL, Advance, "proven", ["step 2 of 2, 50 %"]),
        (progress(5, HOUR), EQUAL, Advance, "proven", []),  # the pause is just over
        (
            progress(5),
            errors((1140, 20000), (19000, 380000)),
            Advance,
            "proven",
            [],
        ),  # surely worse, and surely within the margin
        (progress(50), ALIKE_AT_50, Finish, "proven", ["at 50 %"]),
        (progress(5), WORSE, Abort, "worse", ["0.07 of 2000 rows", "0.05 of 38000 rows", "margin 0.02"]),
        (progress(5, HOUR / 2), WORSE, Abort, "worse", []),  # harm does not wait for the pause
        (progress(5, HOUR / 2), EQUAL, Hold, "pausing", ["5 % since", "for 1h at least"]),
        (progress(5), errors((100, 500), (100, 9500)), Abort, "worse", []),
        (progress(5), errors((1, 50), (50, 950)), Hold, "tooFewRows", ["50 rows of the candidate", "950", "200 of each"]),
        (progress(5), errors((0, 0), (50, 950)), Hold, "tooFewRows", ["0 rows of the candidate"]),
        (progress(5), errors((10, 300), (190, 5700)), Hold, "tooFewRows", ["300 rows", "needed"]),
        (progress(5), errors((120, 2000), (1900, 38000)), Hold, "undecided", ["0.06 of 2000 rows"]),
        (progress(5), RolloutFacts(), Hold, "notMeasured", ["0 of 0 windows", "1 needed"]),
        (progress(5), seen(GONE, share(1, 9000)), Hold, "gone", ["the monitoring is gone"]),
        (progress(5), seen(share(1, 9000), GONE), Hold, "gone", ["the monitoring is gone"]),
        (progress(5), seen(share(1, 9000), share(1, 9000), key="other"), Hold, "notMeasured", ["errors was not measured"]),
        (progress(5), errors((900, 800), (1, 9000)), Hold, "impossible", ["hits=900"]),
        (progress(5), errors((-1, 800), (1, 9000)), Hold, "impossible", ["hits=-1"]),
        # everything that was seen is of another weight: nothing is known of this one yet
        (progress(50), EQUAL, Hold, "tooFewRows", ["0 rows at these weights", "200 needed"]),
    ],
)
def test_the_next_move(at, facts, kind, code, fragments):
    move = a_canary().next_move(at, facts, NOW)
    assert (type(move), move.code) == (kind, code), move.why
    for fragment in fragments:
        assert fragment in move.why


def test_the_chance_to_abort_for_nothing_is_shared():
    beside = a_canary().beside(progress(5), EQUAL, NEW, parts=5, steps=2)
    assert beside.trust.proof == pytest.approx(0.05)
    assert beside.trust.harm == pytest.approx(0.05 / 5)
    assert beside.stage_trust.harm == pytest.approx(0.05 / 5 / 2)
    assert a_canary(confidence=0.9).beside(progress(5), EQUAL, NEW, parts=1).trust.harm == pytest.approx(0.1)


def test_all_weights_add_up_and_the_rest_stays_live():
    move = a_canary().next_move(progress(5), EQUAL, NOW)
    assert move.weights == {NEW: 50, LIVE: 50}


def test_a_policy_that_was_edited_under_way_goes_on_from_the_weight_that_is_there():
    steps = [{"weight": weight, "pause": "1h"} for weight in (3, 4, 20)]
    assert a_canary(steps=steps).next_move(progress(5), EQUAL, NOW).weights[NEW] == 20


def test_evidence_of_earlier_steps_counts_but_not_alone():
    step = {"errors": share(10, 250)}
    earlier = a_window({"errors": share(100, 2000)}, {"errors": share(1900, 38000)}, 5, NOW - 9 * HOUR, NOW - 2 * HOUR)
    facts = RolloutFacts(windows=(earlier, a_window(step, step, 50)))
    assert isinstance(a_canary().next_move(progress(50), facts, NOW), Finish)
    few = {"errors": share(2, 50)}
    move = a_canary().next_move(progress(50), RolloutFacts(windows=(earlier, a_window(few, few, 50))), NOW)
    assert move.code == "tooFewRows"


def test_a_bad_hour_that_had_more_of_the_candidate_blames_nobody():
    """Errors of both releases rose from 1 to 10 % just as the weight did: added up, the candidate would look far worse."""
    night = a_window({"errors": share(20, 2000)}, {"errors": share(380, 38000)}, 5, NOW - 9 * HOUR, NOW - 2 * HOUR)
    day = a_window({"errors": share(600, 6000)}, {"errors": share(600, 6000)}, 50)
    move = a_canary().next_move(progress(50), RolloutFacts(windows=(night, day)), NOW)
    assert isinstance(move, Finish), move.why


@pytest.mark.parametrize(
    ("windows", "code"),
    [
        ([(NOW - 2 * HOUR, NOW), (NOW - HOUR, NOW + HOUR)], "overlappingWindows"),
        ([(NOW - 2 * HOUR, NOW), (NOW - 2 * HOUR, NOW)], "overlappingWindows"),
    ],
)
def test_rows_are_not_counted_twice(windows, code):
    counted = {"errors": share(100, 2000)}
    facts = RolloutFacts(windows=tuple(a_window(counted, counted, 5, *span) for span in windows))
    assert a_canary().next_move(progress(5), facts, NOW).code == code


def test_releases_that_were_seen_at_other_times_are_not_compared():
    window = EQUAL.windows[0]
    late = {LIVE: window.releases[LIVE], NEW: seen(share(0, 9000), share(0, 9000)).windows[0].releases[NEW]}
    moved = type(late[NEW])(since=NOW - HOUR, until=NOW, tallies=late[NEW].tallies)
    facts = RolloutFacts(windows=(type(window)(weights=window.weights, releases=late | {NEW: moved}),))
    move = a_canary().next_move(progress(5), facts, NOW)
    assert (type(move), move.code) == (Hold, "otherTimes")
    assert move.why.count(" until ") == 2


STEPS = [{"weight": 5, "pause": "1h", "prove": ["errors"]}, {"weight": 50, "pause": "1h"}]
BOTH = [{"type": "errors", "margin": 0.02}, {"type": "metric", "metric": "accuracy", "margin": 0.02}]


def test_a_step_wants_only_what_it_is_to_prove_and_the_last_one_all():
    canary = a_canary(steps=STEPS, analysis=BOTH)
    assert isinstance(canary.next_move(progress(5), EQUAL, NOW), Advance)
    assert canary.next_move(progress(50), ALIKE_AT_50, NOW).code == "notMeasured"


def test_what_a_step_need_not_prove_still_aborts():
    tallies = [{"errors": one, "metric/accuracy": right} for one, right in zip(*_counted(), strict=True)]
    move = a_canary(steps=STEPS, analysis=BOTH).next_move(progress(5), RolloutFacts(windows=(a_window(*tallies),)), NOW)
    assert isinstance(move, Abort)
    assert move.why.startswith("accuracy: 0.3 of 2000 rows beside 0.1 of 38000")


def _counted() -> tuple[list[Share], list[Share]]:
    return [share(100, 2000), share(1900, 38000)], [share(1400, 2000), share(34200, 38000)]


@pytest.mark.parametrize(("otherwise", "kind", "overdue"), [("hold", Hold, True), ("abort", Abort, None)])
def test_who_gets_no_rows_in_time_is_told(otherwise, kind, overdue):
    canary = a_canary(within="1d", otherwise=otherwise)
    few = errors((1, 50), (50, 950))
    early = canary.next_move(progress(5, 23 * HOUR), few, NOW)
    assert (early.code, early.overdue, early.until) == ("tooFewRows", False, NOW + HOUR)
    late = canary.next_move(progress(5, 24 * HOUR), few, NOW)
    assert (type(late), late.code) == (kind, "overdue")
    assert getattr(late, "overdue", None) == overdue
    assert "no answer within 1d" in late.why
    assert "50 rows of the candidate" in late.why


def test_what_is_proven_late_still_advances():
    assert isinstance(a_canary(within="1d").next_move(progress(5, timedelta(days=9)), EQUAL, NOW), Advance)
