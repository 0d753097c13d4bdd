"""Timing at its edges: what rounds where, what is capped, what is refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from reconciler.domain.survey import TICKS, TableSurvey
from reconciler.specs.draft.target import target_of
from reconciler.specs.draft.timing import FEWEST_ROWS, Timing, timing_of
from reconciler.specs.draft.wishes import UnfitDataError
from tests.cases import each
from tests.surveys import FIRST, a_number, a_table, a_text

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def timing(table: TableSurvey, label_delay: timedelta | None = None) -> Timing:
    return timing_of(table, target_of(table.label, None), label_delay)


@each(
    ("days", "delay"),
    [(365, DAY), (20, DAY), (19, 22 * HOUR), (5, 6 * HOUR), (1, 72 * MINUTE), (1 / 24, 3 * MINUTE), (1 / 24 / 6, MINUTE)],
)
def test_the_guessed_delay_is_a_twentieth_of_a_short_span_and_a_day_of_a_long_one(days, delay):
    assert timing(a_table(days=days)).label_delay == delay


@pytest.mark.parametrize("delay", [MINUTE, 36 * HOUR, 30 * DAY])
def test_a_delay_that_was_given_is_taken_as_it_is(delay):
    assert timing(a_table(), delay).label_delay == delay


@each(
    ("days", "unit"),
    [(365, DAY), (12, DAY), (9, HOUR), (1, HOUR), (0.25, MINUTE)],
)
def test_a_holdout_is_whole_units_of_a_sensible_size(days, unit):
    holdout = timing(a_table(days=days)).holdout
    assert holdout % unit == timedelta()
    assert holdout >= timedelta(days=days) / 5


@pytest.mark.parametrize(
    ("days", "cooldown", "max_age"),
    [(36_500, 7 * DAY, 180 * DAY), (365, 4 * DAY, 92 * DAY), (1, HOUR, DAY)],
    ids=["at most a week and half a year", "in between", "at least an hour and a day"],
)
def test_pauses_have_limits(days, cooldown, max_age):
    found = timing(a_table(days=days))
    assert (found.cooldown, found.max_age) == (cooldown, max_age)


def test_a_window_holds_enough_rows_to_tell_drift():
    label = a_text("y", "no", "yes", present=1000, values=(("no", 500), ("yes", 500)))
    assert timing(a_table(label=label)).window >= timedelta(days=365) / 2
    assert timing(a_table()).window == 19 * DAY


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=13)), timezone(timedelta(hours=-11))])
def test_as_of_is_a_midnight_of_utc_after_everything_is_known(zone):
    table = a_table()
    moved = replace(table, last=table.last.astimezone(zone))
    assert timing(moved).as_of == datetime(2023, 1, 3, tzinfo=UTC)


def test_unlabelled_rows_at_the_end_count_for_as_of():
    assert timing(replace(a_table(), last=FIRST + 500 * DAY)).as_of == FIRST + 501 * DAY


@pytest.mark.parametrize(
    ("label", "recent", "days"),
    [
        (a_text("y", "no", "yes"), (("no", 3000), ("yes", 10)), 73),
        (a_text("y", "no", "yes"), (("no", 3000), ("yes", 9)), 110),
        (a_text("y", "no", "yes"), (("no", 3000),), 110),
        (a_number("y"), (), 73),
    ],
    ids=["ten of the rarest", "nine of the rarest", "a class that is not there", "a quantity has no classes"],
)
def test_a_class_that_is_rare_of_late_needs_a_longer_holdout(label, recent, days):
    assert timing(replace(a_table(label=label), recent=recent)).holdout == days * DAY


@pytest.mark.parametrize("present", [0, 1, FEWEST_ROWS - 1])
def test_too_few_rows_are_refused_with_both_numbers(present):
    with pytest.raises(UnfitDataError, match=f"has {present} rows with a time and a target, at least {FEWEST_ROWS} are needed"):
        timing(a_table(label=a_text("y", "no", "yes", present=present)))


@each(
    ("changes", "said"),
    [
        ({"first": datetime(1, 1, 1, tzinfo=UTC)}, "when reaches to"),
        ({"first": datetime(1899, 12, 31, tzinfo=UTC)}, "reaches to 1899-12-31, years 1900 to 2189 are allowed"),
        ({"last": datetime(2190, 1, 1, tzinfo=UTC)}, "reaches to 2190-01-01"),
        ({"last": datetime(9999, 12, 31, 23, tzinfo=UTC)}, "reaches to 9999-12-31"),
    ],
)
def test_a_placeholder_for_no_time_is_refused(changes, said):
    with pytest.raises(UnfitDataError) as refused:
        timing(a_table(**changes))
    assert said in refused.value.message
    assert "leave the field empty" in refused.value.help


def test_a_delay_as_long_as_the_table_leaves_nothing_to_learn_from():
    with pytest.raises(UnfitDataError) as refused:
        timing(a_table(), 365 * DAY)
    assert "about 0 are older than hold-out and label delay (73d and 365d), and 50 are needed" in refused.value.message
    assert refused.value.help == "a shorter --label-delay, or a table that covers a longer time"


def test_rows_that_nearly_all_have_one_time_leave_nothing_older_to_learn_from():
    ticks = (*[FIRST] * TICKS, FIRST + DAY)
    with pytest.raises(UnfitDataError, match="about 0 are older than hold-out and label delay"):
        timing(replace(a_table(), ticks=ticks), MINUTE)
