"""The port Schemas: the columns that a source has now; on the fake and on sources of every kind."""

import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from reconciler.adapters.fakes.schemas import FakeSchemas
from reconciler.adapters.sources.schemas import SourceSchemas
from reconciler.domain.data import FileFormat, FileSource, PythonSource, Source, SqlSource
from reconciler.errors import ObserveError
from reconciler.ports import Schemas

ROWS = pl.DataFrame(
    {
        "when": [datetime(2013, 3, 1, tzinfo=UTC), datetime(2013, 3, 2, tzinfo=UTC)],
        "carrier": ["UA", None],
        "distance": [100, 200],
        "delay": [1.5, None],
        "note": pl.Series([None, None], dtype=pl.Null),
    }
)
TEXT = {"when": "String", "carrier": "String", "distance": "Int64", "delay": "Float64", "note": "Null"}
TIMED = TEXT | {"when": "Datetime(time_unit='us', time_zone='UTC')"}
CODE = """
import polars as pl

def rows(columns, start, end):
    raise AssertionError("no rows are wanted")

def rows_columns():
    return {"when": pl.Datetime("us", "UTC"), "carrier": pl.String, "distance": pl.Int64(), "delay": "Float64", "note": pl.Null}
"""
Made = tuple[Schemas, Source, Mapping[str, str]]


def fake(folder: Path) -> Made:
    source = FileSource(path="rows.csv", format=FileFormat.CSV)
    return FakeSchemas({source: TEXT}), source, TEXT


def csv(folder: Path) -> Made:
    ROWS.write_csv(folder / "rows.csv", separator=";")
    return SourceSchemas([folder]), FileSource(path="rows.csv", format=FileFormat.CSV, separator=";"), TEXT


def parquet(folder: Path) -> Made:
    ROWS.write_parquet(folder / "rows.parquet")
    return SourceSchemas([folder]), FileSource(path="rows.parquet", format=FileFormat.PARQUET), TIMED


def url(folder: Path) -> Made:
    ROWS.write_parquet(folder / "rows.parquet")
    return SourceSchemas([]), FileSource(path=f"file://{folder}/*.parquet", format=FileFormat.PARQUET), TIMED


def csv_url(folder: Path) -> Made:
    ROWS.write_csv(folder / "rows.csv")
    return SourceSchemas([]), FileSource(path=f"file://{folder}/rows.csv", format=FileFormat.CSV), TEXT


def sql(folder: Path, query: str = "rows") -> Made:
    connection = sqlite3.connect(folder / "rows.db")
    connection.execute("CREATE TABLE rows ([when] TEXT, carrier TEXT, distance INTEGER, delay REAL, note TEXT)")
    connection.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?)", [(row[0].isoformat(), *row[1:]) for row in ROWS.rows()])
    connection.commit()
    connection.close()
    return SourceSchemas([folder]), SqlSource(url="sqlite:///rows.db", query=query), TEXT


def select(folder: Path) -> Made:
    return sql(folder, "SELECT * FROM rows WHERE carrier IS NOT ':x';")


def python(folder: Path) -> Made:
    (folder / "source.py").write_text(CODE)
    return SourceSchemas([folder]), PythonSource(function="source:rows"), TIMED


@pytest.fixture(params=[fake, csv, parquet, url, csv_url, sql, select, python], ids=lambda make: make.__name__)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    make: Callable[[Path], Made] = request.param
    return make(tmp_path)


def test_columns_come_in_order_with_their_types(made: Made) -> None:
    schemas, source, wanted = made

    assert list(schemas.columns(source).items()) == list(wanted.items())


def test_a_source_that_is_not_there_is_an_error(made: Made) -> None:
    with pytest.raises(ObserveError, match="there is no"):
        made[0].columns(FileSource(path="gone.csv", format=FileFormat.CSV))
