"""The rows behind the facts: each span read once, from the source or the log, with the labels that had come by now."""

from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain.known import Known, Missing
from reconciler.observe.frames import Frames, logged_answers, of_release
from reconciler.specs.model import Task
from tests.builders import DAY
from tests.observing import Unreadable
from tests.scoring import a_contract
from tests.snapshots import FIRST, FrameData, hourly
from tests.subjects import ARRIVED, HOUR, NOW, TIME, a_subject, frames_of, labels, logs_of, predictions

WEEK_AGO = NOW - 7 * DAY


def rows_of(found: Known[pl.DataFrame]) -> pl.DataFrame:
    assert isinstance(found, pl.DataFrame)
    return found


def asked(frames: Frames) -> list[tuple[datetime | None, datetime | None]]:
    assert isinstance(frames.data, FrameData)
    return [(query.start, query.end) for query in frames.data.asked]


SPANS = st.tuples(st.integers(-20, 80), st.integers(0, 40)).map(
    lambda span: (FIRST + span[0] * 12 * HOUR, FIRST + sum(span) * 12 * HOUR)
)


@given(spans=st.lists(SPANS, min_size=1, max_size=5), back=st.integers(0, 40))
def test_whatever_was_asked_before_a_span_is_its_own_rows(spans: list[tuple[datetime, datetime]], back: int) -> None:
    frames = frames_of(a_subject())
    frames.expect(back * DAY)
    for start, end in spans:
        times = rows_of(frames.between(start, end))["scheduled"].to_list()
        assert times == [at for at in hourly(60)["scheduled"] if start <= at < end]


def test_a_smaller_span_is_cut_and_a_wider_one_is_read_with_what_was_there() -> None:
    frames = frames_of(a_subject())
    frames.expect(10 * DAY)
    for start, end in ((WEEK_AGO, NOW), (NOW - 10 * DAY, WEEK_AGO), (NOW - 12 * DAY, NOW - 11 * DAY), (NOW - 12 * DAY, NOW)):
        frames.between(start, end)
    assert asked(frames) == [(NOW - 10 * DAY, NOW), (NOW - 12 * DAY, NOW)]


def test_nothing_after_now_is_read() -> None:
    frames = frames_of(a_subject())
    frames.expect(10 * DAY)
    frames.between(NOW - 20 * DAY, NOW)
    assert all(end is not None and end <= NOW for _, end in asked(frames))


def test_a_source_that_cannot_be_read_is_asked_once() -> None:
    frames = frames_of(a_subject())
    frames.data = Unreadable(hourly(60), "carrier")
    for start in (NOW - 10 * DAY, WEEK_AGO):
        assert frames.between(start, NOW) == Missing(code="rowsUnreadable", why="data/flights.csv has no column carrier")


def test_another_column_is_read_apart_so_that_its_lack_hides_nothing() -> None:
    frames = frames_of(a_subject())
    frames.data = Unreadable(hourly(60), "price")
    assert isinstance(frames.only("price").between(WEEK_AGO, NOW), Missing)
    assert rows_of(frames.between(WEEK_AGO, NOW)).height == 168
    assert frames.only("distance") is frames


@pytest.mark.parametrize(
    ("came", "known"),
    [(NOW - HOUR, True), (NOW, True), (NOW + timedelta(microseconds=1), False), (None, True)],
    ids=["before", "now", "after", "not told"],
)
def test_a_label_that_came_after_now_is_missing(came: datetime | None, known: bool) -> None:
    rows = hourly(60).with_columns(pl.lit(1.0).alias("arr_delay"), pl.lit(came, dtype=TIME).alias("came"))
    found = rows_of(frames_of(a_subject(**ARRIVED), rows).between(WEEK_AGO, NOW))
    assert (found["arr_delay"].null_count() == 0) is known
    assert found.height == 168


def test_an_arrival_that_is_no_time_hides_no_label() -> None:
    rows = hourly(60).with_columns(pl.lit("soon").alias("came"))
    found = rows_of(frames_of(a_subject(**ARRIVED), rows).between(WEEK_AGO, NOW))
    assert found["arr_delay"].null_count() == 24


def joined(predicted: pl.DataFrame, labelled: pl.DataFrame | None = None, **dataset: Any) -> pl.DataFrame:
    frames = frames_of(a_subject(logged=True, **dataset), logs=logs_of(predicted, labelled))
    return rows_of(frames.between(WEEK_AGO, NOW))


def test_a_log_is_joined_with_the_newest_label_that_had_come() -> None:
    at = [WEEK_AGO + hour * HOUR for hour in range(5)]
    come = labels([0, 1, 1, 2, 3, 9], [1, 2, 3, 4, 5, 6], [at[0], at[1], NOW - HOUR, NOW, NOW + HOUR, NOW - HOUR])
    found = joined(predictions(range(5), at), come)
    assert found["scheduled"].to_list() == at
    assert found["arr_delay"].to_list() == [1.0, 3.0, None, None, None]
    assert found["prediction"].to_list() == [0.25] * 5


def test_the_borders_of_a_log_are_those_of_the_window() -> None:
    at = [WEEK_AGO - timedelta(microseconds=1), WEEK_AGO, NOW - timedelta(microseconds=1), NOW]
    assert joined(predictions(range(4), at))["id"].to_list() == ["1", "2"]


def test_what_serving_logged_of_the_label_and_the_time_does_not_count() -> None:
    at = [WEEK_AGO + HOUR]
    predicted = predictions([0], at, arr_delay=[99.0], scheduled=["never"], known=["yes"])
    found = joined(predicted, labels([0], [7.0], [NOW - HOUR]))
    assert found["arr_delay"].to_list() == [7.0]
    assert found["scheduled"].to_list() == at


def test_types_are_those_of_the_contract() -> None:
    found = joined(predictions([0], [WEEK_AGO], distance=["12.5"], carrier=[7]), labels([0], ["3"], [NOW - HOUR]))
    assert found.select("distance", "carrier", "arr_delay").row(0) == (12.5, "7", 3.0)


def test_an_event_time_that_is_called_time_stays() -> None:
    columns = [{"name": "time", "type": "time"}, {"name": "arr_delay", "type": "number", "known": "after"}]
    found = joined(predictions([0], [WEEK_AGO]), eventTime="time", columns=columns)
    assert found["time"].to_list() == [WEEK_AGO]


def test_an_empty_log_has_the_columns_of_the_model_and_no_rows() -> None:
    found = rows_of(frames_of(a_subject(logged=True), logs=logs_of()).between(WEEK_AGO, NOW))
    assert found.height == 0
    assert {"distance", "carrier", "arr_delay", "scheduled"} <= set(found.columns)
    assert (found.schema["distance"], found.schema["carrier"]) == (pl.Float64(), pl.String())


def test_a_log_of_a_model_without_logs_is_not_configured() -> None:
    found = frames_of(a_subject(logged=True)).between(WEEK_AGO, NOW)
    assert isinstance(found, Missing)
    assert found.code == "notConfigured"


def test_only_what_the_champion_answered_is_judged_and_only_of_a_log() -> None:
    subject = a_subject(logged=True)
    rows = predictions([0, 1], [WEEK_AGO, WEEK_AGO], digest=[subject.champion.digest, "sha256:before"])  # type: ignore[union-attr]
    assert of_release(rows, subject)["id"].to_list() == ["0"]
    assert of_release(rows, a_subject()).height == 2


@pytest.mark.parametrize(
    ("task", "columns", "answers"),
    [
        (Task.BINARY, ("prediction",), ["prediction"]),
        (Task.BINARY, ("prediction:a", "prediction:b"), []),
        (Task.MULTICLASS, ("prediction:a", "prediction:b", "prediction:c"), ["prediction:b", "prediction:a"]),
        (Task.MULTICLASS, ("prediction", "prediction:a"), []),
        (Task.REGRESSION, ("prediction",), ["prediction"]),
    ],
    ids=str,
)
def test_answers_are_found_by_the_classes_of_the_model(task: Task, columns: tuple[str, ...], answers: list[str]) -> None:
    contract = a_contract(task=task, classes=() if task is Task.REGRESSION else ("b", "a"), bounds=())
    assert logged_answers(contract, pl.DataFrame(schema=dict.fromkeys(columns, pl.Float64()))) == answers


def test_a_span_apart_is_read_by_itself_unless_more_will_be_read_anyway() -> None:
    frames = frames_of(a_subject())
    for start in (NOW - 10 * DAY, NOW - DAY):
        times = rows_of(frames.apart(start, start + 2 * HOUR))["scheduled"].to_list()
        assert times == [at for at in hourly(60)["scheduled"] if start <= at < start + 2 * HOUR]
    assert asked(frames) == [(start, start + 2 * HOUR) for start in (NOW - 10 * DAY, NOW - DAY)]
    frames = frames_of(a_subject())
    frames.expect(10 * DAY)
    for start in (NOW - 10 * DAY, NOW - DAY):
        frames.apart(start, start + 2 * HOUR)
    assert asked(frames) == [(NOW - 10 * DAY, NOW)]
