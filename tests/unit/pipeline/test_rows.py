from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from reconciler.pipeline.rows import as_declared, labelled, read_rows
from reconciler.specs.dataset import Column
from tests.builders import a_dataset
from tests.cases import each
from tests.snapshots import FIRST, FrameData, hourly


def declared(type: str, *values: Any) -> tuple[pl.DataType, list[Any]]:
    column = as_declared(pl.Series("x", values, strict=False), Column.model_validate({"name": "x", "type": type}))
    return column.dtype, column.to_list()


@each(
    ("type", "values", "wanted"),
    [
        ("number", (1, None), (pl.Float64, [1.0, None])),
        ("number", ("1", "2.5"), (pl.Float64, [1.0, 2.5])),
        ("number", ("12345678901234567890",), (pl.Float64, [12345678901234567890.0])),
        ("integer", (1.0, None), (pl.Int64, [1, None])),
        ("integer", (1.0, float("nan")), (pl.Int64, [1, None])),
        ("boolean", (0, 1, None), (pl.Boolean, [False, True, None])),
        ("boolean", (1.0, float("nan"), 0.0), (pl.Boolean, [True, None, False])),
        ("boolean", (True, None), (pl.Boolean, [True, None])),
        ("boolean", (None, None), (pl.Boolean, [None, None])),
        ("number", (None, None), (pl.Float64, [None, None])),
        ("number", (Decimal("1.5"), None), (pl.Float64, [1.5, None])),
        ("number", (2**60,), (pl.Float64, [float(2**60)])),
        ("integer", ("7", None), (pl.Int64, [7, None])),
        ("integer", (None,), (pl.Int64, [None])),
        ("category", (True, None), (pl.String, ["true", None])),
        ("category", (float("nan"), 1.0), (pl.String, [None, "1"])),
        ("category", (), (pl.String, [])),
        ("text", ("\u202eevil", ""), (pl.String, ["\u202eevil", ""])),
        ("time", (date(2013, 3, 1), None), (pl.Datetime("us", "UTC"), [datetime(2013, 3, 1, tzinfo=UTC), None])),
        (
            "time",
            (datetime(2013, 3, 10, 3, tzinfo=ZoneInfo("America/New_York")),),
            (pl.Datetime("us", "UTC"), [datetime(2013, 3, 10, 7, tzinfo=UTC)]),
        ),
        ("time", ("2013-03-10T03:00:00-04:00",), (pl.Datetime("us", "UTC"), [datetime(2013, 3, 10, 7, tzinfo=UTC)])),
        ("category", (1.0, 2.0), (pl.String, ["1", "2"])),
        ("category", (7, None), (pl.String, ["7", None])),
        ("text", (1.5,), (pl.String, ["1.5"])),
        ("time", ("2013-03-01T12:00:00Z",), (pl.Datetime("us", "UTC"), [datetime(2013, 3, 1, 12, tzinfo=UTC)])),
        ("time", (datetime(2013, 3, 1, 12),), (pl.Datetime("us", "UTC"), [datetime(2013, 3, 1, 12, tzinfo=UTC)])),  # noqa: DTZ001
    ],
)
def test_values_get_the_type_of_the_contract(type: str, values: tuple[Any, ...], wanted: tuple[pl.DataType, list[Any]]) -> None:
    assert declared(type, *values) == wanted


@each(
    ("type", "values", "stays"),
    [
        ("number", ("1", "x"), pl.String),
        ("integer", (1.5,), pl.Float64),
        ("number", (True, False), pl.Boolean),
        ("number", (date(2013, 3, 1),), pl.Date),
        ("number", (timedelta(hours=1),), pl.Duration("us")),
        ("integer", (True,), pl.Boolean),
        ("integer", ("1.5", "2"), pl.String),
        ("integer", (float("inf"),), pl.Float64),
        ("integer", (date(2013, 3, 1),), pl.Date),
        ("boolean", (0, 2), pl.Int64),
        ("boolean", (0.5,), pl.Float64),
        ("boolean", ("true", "false"), pl.String),
        ("boolean", ([1], [0]), pl.List(pl.Int64)),
        ("time", ("soon",), pl.String),
        ("time", ("2013-03-01", "never"), pl.String),
    ],
)
def test_a_column_that_cannot_have_its_type_stays_for_validation_to_report(
    type: str, values: tuple[Any, ...], stays: pl.DataType
) -> None:
    assert declared(type, *values) == (stays, list(values))


def test_categories_are_asked_for_as_they_are_written() -> None:
    data = FrameData(hourly(2))
    found = read_rows(a_dataset(), data, ("carrier", "distance"), FIRST, None)

    assert data.asked[0].text == ("scheduled", "carrier")
    assert found.columns == ["scheduled", "carrier", "distance"]


@pytest.mark.parametrize(
    ("labels", "kept"),
    [
        ([1.0, None, 3.0], [1.0, 3.0]),
        ([1.0, float("nan"), 3.0], [1.0, 3.0]),
        ([float("inf"), None], [float("inf")]),
        (["yes", None, ""], ["yes", ""]),
        ([True, None, False], [True, False]),
        ([None, None], []),
        ([], []),
    ],
    ids=["gaps", "NaN says missing too", "an infinite label is not missing", "texts", "truth values", "no label", "no rows"],
)
def test_rows_without_a_label_are_left_out(labels: list[Any], kept: list[Any]) -> None:
    rows = pl.DataFrame({"row": range(len(labels)), "y": labels})
    assert labelled(rows, "y")["y"].to_list() == kept
