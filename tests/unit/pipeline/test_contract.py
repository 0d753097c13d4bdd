"""What a contract promises, as checks; and rows in the pandas types that the checks are about."""

from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from reconciler.pipeline.contract import PANDAS_TYPES, Check, column_checks, contract_checks, to_pandas
from reconciler.specs.dataset import Column, ColumnType
from tests.builders import a_dataset
from tests.cases import each

EXISTS, TYPE, FULL = "expect_column_to_exist", "expect_column_values_to_be_in_type_list", "expect_column_values_to_not_be_null"
RANGE, SET = "expect_column_values_to_be_between", "expect_column_values_to_be_in_set"


def checks(**column: Any) -> list[tuple[str, dict[str, Any]]]:
    made = Column.model_validate({"name": "x", "type": "number"} | column)
    return [(check.type, {k: v for k, v in check.arguments.items() if k != "column"}) for check in column_checks(made)]


@pytest.mark.parametrize(
    ("column", "more"),
    [
        ({}, []),
        ({"nullable": False}, [(FULL, {})]),
        ({"minimum": 0}, [(RANGE, {"min_value": 0.0})]),
        ({"maximum": -1.5}, [(RANGE, {"max_value": -1.5})]),
        ({"minimum": 0, "maximum": 0}, [(RANGE, {"min_value": 0.0, "max_value": 0.0})]),
        ({"type": "category", "categories": ["b", "a"]}, [(SET, {"value_set": ["b", "a"]})]),
        ({"type": "category", "categories": []}, [(SET, {"value_set": []})]),
        (
            {"nullable": False, "minimum": 1, "categories": ["a"]},
            [(FULL, {}), (RANGE, {"min_value": 1.0}), (SET, {"value_set": ["a"]})],
        ),
    ],
    ids=["nothing more", "no gaps", "from", "until, below zero", "zero is a bound", "categories", "no category at all", "all"],
)
def test_a_column_promises_what_it_declares_and_no_more(column: dict[str, Any], more: list[Any]) -> None:
    names = [PANDAS_TYPES[ColumnType(column.get("type", "number"))]]
    assert checks(**column) == [(EXISTS, {}), (TYPE, {"type_list": [*names[0]]}), *more]


def test_only_the_columns_of_the_run_the_event_time_and_the_label_are_checked() -> None:
    used = {check.arguments["column"] for check in contract_checks(a_dataset(), ["distance"])}
    assert used == {"distance", "scheduled", "arr_delay"}


def test_the_order_is_that_of_the_contract() -> None:
    found = [check.arguments["column"] for check in contract_checks(a_dataset(), ["carrier", "distance"])]
    assert list(dict.fromkeys(found)) == ["scheduled", "distance", "carrier", "arr_delay"]


@each(
    ("arguments", "columns"),
    [
        ({"column": "a"}, {"a"}),
        ({"column_A": "a", "column_B": "b"}, {"a", "b"}),
        ({"column_list": ["a", "b"]}, {"a", "b"}),
        ({"min_value": 3}, set()),
    ],
)
def test_a_check_knows_its_columns(arguments: dict[str, Any], columns: set[str]) -> None:
    assert Check(type="x", arguments=arguments).columns == columns


def test_a_check_is_told_in_one_line() -> None:
    assert str(Check(type="expect_x", arguments={"column": "a", "min_value": 0})) == "expect_x(column=a, min_value=0)"
    many = Check(type="expect_x", arguments={"value_set": list(range(9))})
    assert str(many) == "expect_x(value_set=[9 values])"
    assert str(Check(type="expect_x", arguments={"value_set": [1]})) == "expect_x(value_set=[1])"
    assert str(Check(type="expect_x")) == "expect_x()"


@each(
    ("type", "values"),
    [
        (ColumnType.NUMBER, [1.5, None]),
        (ColumnType.INTEGER, [2**60 + 1, None]),
        (ColumnType.BOOLEAN, [True, None]),
        (ColumnType.CATEGORY, ["a", None]),
        (ColumnType.TEXT, ["", "\u202e"]),
        (ColumnType.TIME, [datetime(2013, 3, 1, tzinfo=UTC), None]),
    ],
)
def test_a_column_that_keeps_its_type_has_it_in_pandas_too(type: ColumnType, values: list[Any]) -> None:
    kinds = {ColumnType.TIME: pl.Datetime("us", "UTC"), ColumnType.CATEGORY: pl.String, ColumnType.TEXT: pl.String}
    series = pl.Series("x", values, dtype=kinds.get(type))
    column = to_pandas(series.to_frame())["x"]
    assert column.dtype.__class__.__name__ in PANDAS_TYPES[type] or str(column.dtype) in PANDAS_TYPES[type]
    assert int(column.isna().sum()) == series.null_count()
    if type is ColumnType.INTEGER:
        assert column[0] == 2**60 + 1


@pytest.mark.parametrize(
    "values",
    [[1, 2], [1.5], [True], ["a"], [datetime(2013, 3, 1, tzinfo=UTC)], [datetime(2013, 3, 1)], [b"x"], [[1]]],  # noqa: DTZ001
    ids=["whole", "number", "truth", "text", "UTC", "no zone", "bytes", "lists"],
)
def test_rows_and_gaps_are_kept_whatever_the_type(values: list[Any]) -> None:
    frame = to_pandas(pl.DataFrame({"x": [*values, None]}))
    assert len(frame) == len(values) + 1
    assert bool(frame["x"].isna().iloc[-1])


def test_no_rows_are_no_rows() -> None:
    empty = pl.DataFrame(schema={"a": pl.Float64, "b": pl.String, "c": pl.Boolean, "d": pl.Int64, "e": pl.Datetime("us", "UTC")})
    assert to_pandas(empty).shape == (0, 5)
