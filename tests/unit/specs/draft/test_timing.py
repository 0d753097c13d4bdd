from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reconciler.domain.survey import TICKS, TableSurvey
from reconciler.specs.draft.target import target_of
from reconciler.specs.draft.timing import Timing, timing_of
from reconciler.specs.draft.wishes import UnfitDataError
from tests.cases import each
from tests.surveys import FIRST, a_table, a_text

DAY = timedelta(days=1)


def timing(table: TableSurvey, label_delay: timedelta | None = None) -> Timing:
    return timing_of(table, target_of(table.label, None), label_delay)


def test_a_year_is_judged_by_its_last_73_days() -> None:
    found = timing(a_table())

    assert (found.holdout, found.holdout_rows, found.label_delay) == (73 * DAY, 4000, DAY)
    assert found.as_of == datetime(2023, 1, 3, tzinfo=UTC), "the midnight when the newest label is known"
    assert (found.new_labels, found.minimum_new_labels) == (3000, 400)
    assert (found.window, found.cooldown, found.max_age) == (19 * DAY, 4 * DAY, 92 * DAY)


def test_rows_that_come_in_a_burst_are_counted_not_their_days() -> None:
    late = FIRST + 365 * DAY
    burst = tuple(FIRST + i * DAY if i < 50 else late - (TICKS - i) * timedelta(hours=1) for i in range(TICKS + 1))

    assert timing(replace(a_table(), ticks=burst)).holdout == timedelta(hours=20)


def test_a_table_of_five_hours_has_a_label_delay_of_minutes() -> None:
    found = timing(a_table(days=5 / 24))

    assert (found.label_delay, found.holdout) == (timedelta(minutes=15), timedelta(minutes=60))


def test_a_rare_class_asks_for_a_longer_holdout() -> None:
    rare = replace(a_table(), recent=(("no", 3990), ("yes", 9)))

    assert timing(rare).holdout == 110 * DAY


@each(
    ("table", "delay", "message"),
    [
        (a_table(label=a_text("bought", "no", "yes", present=99)), None, "has 99 rows with a time and a target, at least 100"),
        (a_table(days=0), None, "have one time"),
        (a_table(last=datetime(9999, 12, 31, tzinfo=UTC)), None, "when reaches to 9999-12-31"),
        (a_table(), 300 * DAY, "about 0 are older than hold-out and label delay (73d and 300d), and 50 are needed"),
    ],
)
def test_too_little_is_refused_with_both_numbers(table: TableSurvey, delay: timedelta | None, message: str) -> None:
    with pytest.raises(UnfitDataError) as refused:
        timing(table, delay)

    assert message in refused.value.message
