"""Labels: which are new, how long they took, how much of a window has them; and nothing that came after now."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from reconciler.domain.facts import LabelFacts
from reconciler.domain.known import Missing
from reconciler.domain.live import LabelLag, Maturity
from reconciler.domain.needs import Lookback, MaturityNeed
from reconciler.observe.labels import count_new, label_lag, maturity
from tests.builders import DAY
from tests.snapshots import FIRST, FrameData, hourly
from tests.subjects import (
    ARRIVED,
    HOUR,
    NOW,
    TIME,
    a_subject,
    frames_of,
    labels,
    logs_of,
    predictions,
    readers,
)

WEEK = MaturityNeed(window=Lookback(length=7 * DAY))
MATURE = NOW - DAY


def came_after(lag: Any, rows: pl.DataFrame | None = None) -> pl.DataFrame:
    """The usual rows, whose labels came so long after their events."""
    frame = hourly(60) if rows is None else rows
    return frame.with_columns((pl.col("scheduled") + lag).cast(TIME).alias("came"))


def event(at: datetime, label: float | None = 1.0, came: datetime | None = None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "scheduled": pl.Series([at], dtype=TIME),
            "distance": [1.0],
            "carrier": ["AA"],
            "arr_delay": pl.Series([label], dtype=pl.Float64),
            "came": pl.Series([came], dtype=TIME),
        }
    )


SINCE = FIRST + 29 * DAY
"""Where the data of the newest build ends."""
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("at", "new", "rows"),
    [
        (SINCE - TICK, 0, 0),
        (SINCE, 1, 1),
        (MATURE - TICK, 1, 1),
        (MATURE, 0, 1),
        (NOW - TICK, 0, 1),
        (NOW, 0, 0),
        (NOW + DAY, 0, 0),
    ],
    ids=["seen by the build", "just after", "just mature", "not mature yet", "just now", "not yet", "tomorrow"],
)
def test_a_row_on_the_border_counts_once(at: datetime, new: int, rows: int) -> None:
    found = count_new(a_subject(), FrameData(event(at)))
    assert found.labels == LabelFacts(delay=DAY, new=new, newest=at if new else None)
    assert found.rows == rows


@pytest.mark.parametrize(
    ("came", "new"), [(NOW - TICK, 1), (NOW, 1), (NOW + TICK, 0), (None, 1)], ids=["before", "now", "later", "not told"]
)
def test_a_label_that_came_after_now_is_not_new_yet(came: datetime | None, new: int) -> None:
    found = count_new(a_subject(**ARRIVED), FrameData(event(MATURE - HOUR, came=came)))
    assert isinstance(found.labels, LabelFacts)
    assert (found.labels.new, found.rows) == (new, 1)


def test_lag_is_the_median_and_the_95th_of_a_hundred() -> None:
    rows = hourly(60).with_columns(pl.lit(1.0).alias("arr_delay"))
    rows = rows.filter((pl.col("scheduled") >= MATURE - 100 * HOUR) & (pl.col("scheduled") < MATURE))
    lags = pl.Series([timedelta(minutes=15 * (row + 1)) for row in range(100)])
    found = label_lag(a_subject(**ARRIVED), readers(came_after(lags, rows)))
    assert found == LabelLag(median=timedelta(minutes=15 * 51), p95=timedelta(minutes=15 * 95), rows=100)


def test_quick_labels_of_events_that_are_not_mature_do_not_make_the_lag_look_short() -> None:
    slow = came_after(pl.duration(hours=20))
    quick = slow.with_columns(
        pl.when(pl.col("scheduled") >= MATURE)
        .then(pl.col("scheduled") + pl.duration(minutes=1))
        .otherwise(pl.col("came"))
        .alias("came")
    )
    found = label_lag(a_subject(**ARRIVED), readers(quick))
    assert isinstance(found, LabelLag)
    assert found.median == found.p95 == 20 * HOUR


def test_a_lag_of_more_than_the_declared_delay_is_seen() -> None:
    found = label_lag(a_subject(**ARRIVED), readers(came_after(pl.duration(days=10))))
    assert isinstance(found, LabelLag)
    assert found.median == 10 * DAY
    assert found.rows < 22 * 24  # of the newest nine days before maturity no label has come


@pytest.mark.parametrize(
    ("rows", "dataset", "code", "word"),
    [
        (hourly(60), {}, "notDeclared", "spec.label.arrived"),
        (
            came_after(pl.duration(days=90)),
            ARRIVED,
            "insufficientData",
            "0 labels came for events of the 30 days before 2013-02-09",
        ),
        (hourly(60).with_columns(pl.lit("soon").alias("came")), ARRIVED, "notATime", "column came holds String"),
    ],
    ids=["not declared", "none came", "no times"],
)
def test_a_lag_that_cannot_be_told_says_why(rows: pl.DataFrame, dataset: Any, code: str, word: str) -> None:
    found = label_lag(a_subject(**dataset), readers(rows))
    assert isinstance(found, Missing)
    assert found.code == code
    assert word in found.why


def test_of_a_log_the_lag_is_from_prediction_to_label() -> None:
    at = [MATURE - 3 * DAY, MATURE - 2 * DAY, MATURE, NOW - HOUR]
    logs = logs_of(predictions(range(4), at), labels(range(4), [1.0] * 4, [at[0] + HOUR, at[1] + 2 * DAY, NOW - HOUR, NOW]))
    found = label_lag(a_subject(logged=True), readers(logs=logs))
    assert found == LabelLag(median=2 * DAY, p95=2 * DAY, rows=2)


def test_without_logs_the_lag_of_a_log_is_not_configured() -> None:
    found = label_lag(a_subject(logged=True), readers())
    assert isinstance(found, Missing)
    assert found.code == "notConfigured"


@pytest.mark.parametrize("index", [0, 1, 2])
def test_maturity_counts_the_window_that_ends_where_labels_are_mature(index: int) -> None:
    subject, need = a_subject(), MaturityNeed(window=Lookback(length=7 * DAY, index=index))
    frame = hourly(60)
    end = MATURE - 7 * index * DAY
    rows = frame.filter([end - 7 * DAY <= at < end for at in frame["scheduled"]])
    found = maturity(subject, frames_of(subject), frozenset({need, WEEK}))
    assert found[need] == Maturity(rows=7 * 24, labelled=rows["arr_delay"].drop_nulls().len())


def test_labels_that_came_late_are_not_there_yet() -> None:
    subject = a_subject(**ARRIVED)
    found = maturity(subject, frames_of(subject, came_after(pl.duration(days=4))), frozenset({WEEK}))[WEEK]
    assert isinstance(found, Maturity)
    frame = hourly(60)
    there = frame.filter([MATURE - 7 * DAY <= at <= NOW - 4 * DAY for at in frame["scheduled"]])
    assert (found.rows, found.labelled) == (168, there["arr_delay"].drop_nulls().len())


def test_what_cannot_be_read_is_missing() -> None:
    subject = a_subject(logged=True)
    found = maturity(subject, frames_of(subject), frozenset({WEEK}))[WEEK]
    assert isinstance(found, Missing)
    assert found.code == "notConfigured"
