"""Frames that are logged: the one shape that they get, and what is said of those that cannot have it."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import polars as pl
import pytest

from reconciler.adapters.logs.layout import Kind
from reconciler.adapters.logs.rows import EMPTY, UnfitRowsError, shaped
from tests.cases import each

AT = datetime(2013, 3, 1, 6, tzinfo=UTC)
ZONE = timezone(timedelta(hours=1))


def prediction(**changes: Any) -> pl.DataFrame:
    columns = {"id": ["a", "b"], "time": [AT, AT], "digest": ["sha256:a"] * 2, "prediction": [0.25, 0.5], "hour": [6, 7]}
    return pl.DataFrame({name: value for name, value in (columns | changes).items() if value is not None}, strict=False)


def label(**changes: Any) -> pl.DataFrame:
    columns = {"id": ["a", "b"], "label": [0, 1], "known": [AT, AT]} | changes
    return pl.DataFrame({name: value for name, value in columns.items() if value is not None}, strict=False)


SAME: dict[str, dict[str, Any]] = {
    "as it is": {},
    "times without a zone are UTC": {"time": [AT.replace(tzinfo=None)] * 2},
    "times of another zone": {"time": pl.Series([AT] * 2).dt.convert_time_zone("Europe/Paris")},
    "times as text": {"time": ["2013-03-01T06:00:00Z", "2013-03-01 07:00:00+01:00"]},
    "times in nanoseconds": {"time": pl.Series([AT] * 2).dt.cast_time_unit("ns")},
    "seconds since 1970": {"time": [int(AT.timestamp())] * 2},
    "predictions of 32 bits": {"prediction": pl.Series([0.25, 0.5], dtype=pl.Float32)},
    "categorical ids": {"id": pl.Series(["a", "b"], dtype=pl.Categorical)},
}


@each("changes", SAME.values())
def test_rows_get_one_shape_however_they_are_typed(changes: dict[str, Any]) -> None:
    assert shaped(prediction(**changes), Kind.PREDICTIONS, "x").equals(shaped(prediction(), Kind.PREDICTIONS, "x"))


def test_the_shape_is_that_of_the_empty_log_and_then_the_features() -> None:
    found = shaped(prediction().select("hour", "prediction", "digest", "time", "id"), Kind.PREDICTIONS, "x")

    assert found.columns == ["id", "time", "digest", "hour", "prediction"]
    assert {name: found.schema[name] for name in EMPTY[Kind.PREDICTIONS]} == dict(EMPTY[Kind.PREDICTIONS])
    assert shaped(label(extra=[1, 2]), Kind.LABELS, "x").columns == ["id", "label", "known"]


@pytest.mark.parametrize(
    ("changes", "values"),
    [
        ({"id": [7, 8]}, ["7", "8"]),
        ({"id": pl.Series([7, 8], dtype=pl.UInt64)}, ["7", "8"]),
        ({"id": ["007", " "]}, ["007", " "]),
    ],
)
def test_ids_are_text(changes: dict[str, Any], values: list[str]) -> None:
    assert shaped(prediction(**changes), Kind.PREDICTIONS, "x")["id"].to_list() == values


def test_a_prediction_may_be_of_classes_and_may_be_missing() -> None:
    rows = shaped(prediction(prediction=None, **{"prediction:a": [1, 0], "prediction:b": [None, None]}), Kind.PREDICTIONS, "x")

    assert rows.select("prediction:a", "prediction:b").rows() == [(1.0, None), (0.0, None)]
    assert {rows.schema[name] for name in ("prediction:a", "prediction:b")} == {pl.Float64}


@each(
    ("frame", "message"),
    [
        (prediction(id=None), "x has no column id; did you mean|x has no column id; there are"),
        (prediction(time=None, times=[AT, AT]), "x has no column time; did you mean times"),
        (prediction(digest=None), "x has no column digest"),
        (prediction(prediction=None), "x has no column prediction, nor prediction:<class>"),
        (prediction(id=["a", None]), "x: 1 of 2 rows have no id"),
        (prediction(id=["", ""]), "x: 2 of 2 rows have no id"),
        (prediction(id=[1.0, float("nan")]), "x: 1 of 2 rows have no id"),
        (prediction(id=[None, None]), "x: 2 of 2 rows have no id"),
        (prediction(id=[1.5, 2.0]), "x: column id holds Float64; text or whole numbers are wanted"),
        (prediction(id=[True, False]), "x: column id holds Boolean"),
        (prediction(time=[AT, None]), "x: 1 of 2 rows have no time"),
        (prediction(time=["2013-03-01", "soon"]), "x: column time holds 'soon', which is no time"),
        (prediction(time=[0.5, 1.5]), "x: column time holds Float64, which is no time"),
        (prediction(digest=["sha256:a", ""]), "x: 1 of 2 rows have no digest"),
        (prediction(prediction=["high", "low"]), "x: column prediction holds String; numbers are wanted"),
        (pl.DataFrame(), "x has no column id; there are: none"),
    ],
)
def test_predictions_that_cannot_be_logged_are_refused_with_the_reason(frame: pl.DataFrame, message: str) -> None:
    with pytest.raises(UnfitRowsError, match=message):
        shaped(frame, Kind.PREDICTIONS, "x")


@each(
    ("frame", "message"),
    [
        (label(label=None), "x has no column label"),
        (label(label=[0, None]), "x: 1 of 2 rows have no label"),
        (label(label=[0.0, float("nan")]), "x: 1 of 2 rows have no label"),
        (label(known=[AT, None]), "x: 1 of 2 rows have no known"),
        (label(known=None, knwon=[AT, AT]), "did you mean knwon"),
    ],
)
def test_labels_that_cannot_be_logged_are_refused_with_the_reason(frame: pl.DataFrame, message: str) -> None:
    with pytest.raises(UnfitRowsError, match=message):
        shaped(frame, Kind.LABELS, "x")
