"""Labels that look poisoned."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from reconciler.domain.facts import NOT_ASKED
from reconciler.domain.live import QualityCheck
from tests.integration.observe.quality.windows import END, is_evaluated, messages, orders

PATTERN = QualityCheck.LABEL_PATTERN
DAY = timedelta(days=1)


def flipped(days, share=1.0, seed=3, rows=1008):
    """So many labels of the days (numbers back from the end) say yes."""
    at, random = pl.col("at"), np.random.default_rng(seed)
    chosen = pl.any_horizontal((at >= END - DAY * (day + 1)) & (at < END - DAY * day) for day in days)
    lot = pl.Series("lot", random.random(rows) < share)
    return orders(rows=rows).with_columns(returned=pl.when(chosen & lot).then(pl.lit("yes")).otherwise(pl.col("returned")))


def test_a_day_whose_labels_jump_is_named():
    (told,) = messages(PATTERN, flipped([2]))
    assert told == "100% of 144 labels of the day 2024-05-05 are yes, 20% of the other 864"


@pytest.mark.parametrize(("share", "count"), [(0.1, 0), (0.8, 1)])
def test_a_small_jump_is_none(share, count):
    assert len(messages(PATTERN, flipped([2], share))) == count


def test_dense_rows_are_looked_at_hour_by_hour():
    rows = orders(rows=2000).with_columns(at=pl.Series([END - timedelta(seconds=10) * (2000 - i) for i in range(2000)]))
    rows = rows.with_columns(returned=pl.when(pl.col("at") >= END - timedelta(hours=1)).then(pl.lit("yes")).otherwise("returned"))
    assert messages(PATTERN, rows)[0].startswith("100% of 354 labels of the hour 2024-05-07T23:00:00Z are yes")


def by_the_hour(jump):
    """Three days of two rows a minute; at night all are returned, and in one hour of an afternoon as the jump says."""
    at = pl.Series([END - timedelta(seconds=30) * (8640 - i) for i in range(8640)], dtype=pl.Datetime("us", "UTC"))
    rows = orders(rows=8640).with_columns(at=at)
    hour = pl.col("at").dt.truncate("1h") == END - timedelta(hours=33)
    night = pl.when(pl.col("at").dt.hour() < 6).then(pl.lit("yes")).otherwise("returned")
    return rows.with_columns(returned=pl.when(hour & jump).then(pl.lit("yes")).otherwise(night))


def test_hours_are_held_against_the_same_hours_of_other_days():
    assert messages(PATTERN, by_the_hour(pl.lit(value=False))) == []
    (told,) = messages(PATTERN, by_the_hour(pl.lit(value=True)))
    assert told.startswith("100% of 120 labels of the hour 2024-05-06T15:00:00Z are yes, 2")
    assert told.endswith("% of the other 240")


def test_one_label_for_all_of_the_newest():
    told = messages(PATTERN, flipped([0, 1]))
    assert any(one.startswith("100% of the newest 200 labels are yes, 2") and one.endswith("% in the reference") for one in told)
    told = messages(PATTERN, flipped([0, 1]), outcomes=NOT_ASKED)
    assert any(one.startswith("100% of the newest 200 labels are yes") and one.endswith("% before") for one in told)


def test_a_label_that_was_always_the_same_is_no_pattern():
    rows = orders().with_columns(returned=pl.lit("no"))
    assert messages(PATTERN, rows, outcomes=NOT_ASKED) == []


def test_ever_more_contradictions():
    """Prices of few values, which decide the label in the older half and do not in the newer."""
    newer = pl.int_range(pl.len()) >= 504
    price = (pl.int_range(pl.len()) % 20).cast(pl.Float64)
    truth = pl.when(price > 15).then(pl.lit("yes")).otherwise(pl.lit("no"))
    rows = orders().with_columns(price=price, colour=pl.lit("red"))
    clean = rows.with_columns(returned=truth)
    assert messages(PATTERN, clean) == []
    (told,) = messages(PATTERN, clean.with_columns(returned=pl.when(newer).then(rows["returned"]).otherwise(truth)))
    assert told.startswith("100% of the newer 504 rows have a label")
    assert told.endswith("0% of the older 504")


def test_contradictions_that_were_always_there_are_none():
    assert messages(PATTERN, orders().with_columns(price=pl.lit(1.0), colour=pl.lit("red"))) == []


@pytest.mark.parametrize(("known", "is_made"), [(199, False), (200, True)])
def test_two_hundred_labels_are_needed(known, is_made):
    classes = pl.Series([*(["no"] * known), *([None] * (1008 - known))], dtype=pl.String)
    assert is_evaluated(PATTERN, classes=classes) is is_made


def test_numbers_are_not_looked_at():
    assert not is_evaluated(PATTERN, classes=NOT_ASKED)


@pytest.mark.parametrize(("delay", "is_found"), [("1m", True), ("1d", False)])
def test_labels_that_are_not_mature_make_no_pattern(delay, is_found):
    """Of the last day only returns are known by now."""
    label = {"label": {"column": "returned", "delay": delay}}
    assert bool(messages(PATTERN, flipped([0]), dataset=label)) is is_found


def test_without_mature_labels_the_check_is_not_made():
    assert not is_evaluated(PATTERN, dataset={"label": {"column": "returned", "delay": "7d"}})
