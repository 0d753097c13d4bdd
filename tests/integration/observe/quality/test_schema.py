"""Columns and types of the source now against those of the contract."""

import polars as pl
import pytest

from reconciler.domain.live import QualityCheck
from tests.integration.observe.quality.windows import PARQUET, SOURCE, found, is_evaluated, messages, orders

MISSING, NEW, RENAMED, RETYPED = (
    QualityCheck.MISSING_COLUMN,
    QualityCheck.NEW_COLUMN,
    QualityCheck.RENAMED_COLUMN,
    QualityCheck.RETYPED_COLUMN,
)


def source(*gone, **come):
    return {"columns": {name: dtype for name, dtype in SOURCE.items() if name not in gone} | come}


@pytest.mark.parametrize(
    ("columns", "missing", "new", "renamed"),
    [
        (source(), [], [], []),
        (source("price"), ["price"], [], []),
        (source(weight="Float64"), [], ["weight"], []),
        (source("price", weight="Float64"), ["price"], ["weight"], []),
        (source("price", Price_="Float64"), ["price"], [], ["price"]),
        (source("price", prices="String"), ["price"], ["prices"], []),
        (source("colour", color="String"), ["colour"], [], ["colour"]),
        (source("colour", color="Categorical", colours="String"), ["colour"], ["color"], ["colour"]),
        ({"columns": {}}, list(SOURCE), [], []),
    ],
    ids=str,
)
def test_columns_come_and_go(columns, missing, new, renamed):
    told = [sorted(one.column for one in found(check, **columns)) for check in (MISSING, NEW, RENAMED)]
    assert told == [sorted(missing), new, renamed]


def test_a_message_has_both_numbers_and_both_names():
    columns = source("price", prices="Float64")
    assert messages(MISSING, **columns) == ["the source has no column price: the contract has 5 columns, the source 5"]
    assert messages(RENAMED, **columns) == [
        "price is missing and prices is new and like it: the contract has 5 columns, the source 5"
    ]


@pytest.mark.parametrize(("scale", "renamed"), [(1.0, ["price"]), (3.0, [])])
def test_equal_values_tell_a_renaming_whatever_the_name(scale, renamed):
    rows = orders().select(pl.exclude("price"), (pl.col("price") * scale).alias("z"))
    assert [one.column for one in found(RENAMED, rows, **source("price", z="Float64"))] == renamed


def test_categories_tell_a_renaming_too():
    rows = orders().rename({"colour": "z"})
    assert [one.column for one in found(RENAMED, rows, **source("colour", z="String"))] == ["colour"]


@pytest.mark.parametrize(
    ("column", "dtype", "is_wrong"),
    [
        ("price", "Int64", False),
        ("price", "String", True),
        ("price", "Boolean", True),
        ("colour", "Int32", False),
        ("colour", "Float64", False),
        ("colour", "List(String)", True),
        ("at", "Date", False),
        ("at", "Boolean", True),
    ],
)
def test_a_type_that_the_source_changed(column, dtype, is_wrong):
    told = [one.column for one in found(RETYPED, columns=SOURCE | {column: dtype})]
    assert told == ([column] if is_wrong else [])


def test_rows_that_could_not_be_read_as_declared_are_retyped_in_any_format():
    rows = orders().with_columns(price=pl.lit("cheap"))
    for form in ("csv", "parquet"):
        told = messages(RETYPED, rows, dataset={"source": PARQUET | {"format": form}})
        assert told == ["price holds String, the contract says number"]


def test_a_csv_file_has_no_types_of_its_own():
    columns = dict.fromkeys(SOURCE, "String")
    assert found(RETYPED, columns=columns, dataset={"source": PARQUET | {"format": "csv"}}) == []
    assert [one.column for one in found(RETYPED, columns=columns)] == ["price"]


def test_without_the_source_s_columns_nothing_is_told():
    from reconciler.domain.facts import NOT_ASKED

    assert not any(is_evaluated(check, columns=NOT_ASKED) for check in (MISSING, NEW, RENAMED, RETYPED))
