"""The port Data: the same rows give the same frame, wherever they come from."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from reconciler.adapters.sources import SourceData
from reconciler.domain.data import FileFormat, FileSource, PythonSource, RowQuery, Source, SqlSource
from reconciler.errors import ObserveError

START = datetime(2013, 3, 1, tzinfo=UTC)
TIES = [START + timedelta(hours=i // 2) for i in range(200)]
ROWS = pl.DataFrame(
    {
        "when": pl.Series(TIES, dtype=pl.Datetime("us", "UTC")),
        "carrier": ["UA", "AA", "B6", None] * 50,
        "distance": [(i * 37) % 101 for i in range(200)],
        "delay": [None if i % 7 == 0 else i / 2 for i in range(200)],
    }
)
ISO = pl.col("when").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
CODE = """
import polars as pl
from pathlib import Path

def rows(columns, start, end):
    return pl.scan_parquet(Path(__file__).with_name("rows.parquet"))
"""


def csv(folder: Path) -> Source:
    ROWS.with_columns(ISO).write_csv(folder / "rows.csv")
    return FileSource(path="rows.csv", format=FileFormat.CSV)


def parquet(folder: Path) -> Source:
    ROWS.sample(fraction=1, shuffle=True, seed=1).write_parquet(folder / "rows.parquet")
    return FileSource(path="rows.parquet", format=FileFormat.PARQUET)


def parquet_elsewhere(folder: Path) -> Source:
    """Another zone and unit, and text instead of times: the instants are the same."""
    other = pl.col("when").dt.convert_time_zone("America/New_York").cast(pl.Datetime("ns", "America/New_York"))
    ROWS.with_columns(other).write_parquet(folder / "zoned.parquet")
    return FileSource(path="zoned.parquet", format=FileFormat.PARQUET)


def parquet_text(folder: Path) -> Source:
    ROWS.with_columns(ISO).write_parquet(folder / "text.parquet")
    return FileSource(path="text.parquet", format=FileFormat.PARQUET)


def glob(folder: Path, format: FileFormat) -> Source:
    (folder / "parts").mkdir()
    for i in range(4):
        part = ROWS.slice(i * 50, 50).with_columns(ISO if format is FileFormat.CSV else pl.col("when"))
        (part.write_csv if format is FileFormat.CSV else part.write_parquet)(folder / f"parts/{i}.{format}")  # type: ignore[operator]
    return FileSource(path=f"parts/*.{format}", format=format)


def url(folder: Path, format: FileFormat) -> Source:
    made = csv(folder) if format is FileFormat.CSV else parquet(folder)
    assert isinstance(made, FileSource)
    return FileSource(path=f"file://{folder}/{made.path}", format=format)


def sql(folder: Path, time: Callable[[datetime], object], query: str = "flights") -> Source:
    connection = sqlite3.connect(folder / "rows.db")
    connection.execute("CREATE TABLE flights ([when], carrier TEXT, distance INTEGER, delay REAL)")
    connection.executemany("INSERT INTO flights VALUES (?, ?, ?, ?)", [(time(row[0]), *row[1:]) for row in ROWS.rows()])
    connection.commit()
    connection.close()
    return SqlSource(url="sqlite:///rows.db", query=query)


def python(folder: Path) -> Source:
    parquet(folder)
    (folder / "source.py").write_text(CODE)
    return PythonSource(function="source:rows")


SOURCES: dict[str, Callable[[Path], Source]] = {
    "csv": csv,
    "parquet": parquet,
    "parquet, zoned nanoseconds": parquet_elsewhere,
    "parquet, text": parquet_text,
    "csv glob": partial(glob, format=FileFormat.CSV),
    "parquet glob": partial(glob, format=FileFormat.PARQUET),
    "csv url": partial(url, format=FileFormat.CSV),
    "parquet url": partial(url, format=FileFormat.PARQUET),
    "sql, ISO text": partial(sql, time=lambda t: t.isoformat()),
    "sql, text with a blank": partial(sql, time=lambda t: t.strftime("%Y-%m-%d %H:%M:%S")),
    "sql, seconds": partial(sql, time=lambda t: int(t.timestamp())),
    "sql, milliseconds": partial(sql, time=lambda t: int(t.timestamp() * 1000)),
    "sql, query": partial(sql, time=lambda t: t.isoformat(), query="SELECT *, 'a:b' AS more FROM flights WHERE 1 = 1;"),
    "python": python,
}
READ = [
    (START + timedelta(hours=10), START + timedelta(hours=20)),
    (None, START + timedelta(hours=3)),
    (START, None),
    (None, None),
]


@pytest.fixture(params=SOURCES.values(), ids=SOURCES.keys())
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    made: Source = request.param(tmp_path)
    return made


def ask(source: Source, *columns: str, start: datetime | None = None, end: datetime | None = None) -> RowQuery:
    return RowQuery(source=source, time_column="when", columns=columns, start=start, end=end)


@pytest.mark.parametrize(("start", "end"), READ)
def test_rows_of_the_range_come_sorted_and_typed(
    source: Source, tmp_path: Path, start: datetime | None, end: datetime | None
) -> None:
    found = SourceData([tmp_path]).read(ask(source, "distance", "carrier", "delay", start=start, end=end))

    wanted = ROWS.filter((pl.col("when") >= (start or TIES[0])) & (pl.col("when") < (end or TIES[-1] + timedelta(1))))
    columns = ["when", "distance", "carrier", "delay"]
    assert found.equals(wanted.select(columns).sort(columns))
    assert found.schema == wanted.select(columns).schema


def test_only_the_asked_columns_come(source: Source, tmp_path: Path) -> None:
    assert SourceData([tmp_path]).read(ask(source, "delay", "when", "delay")).columns == ["when", "delay"]


def test_a_range_without_rows_gives_no_rows(source: Source, tmp_path: Path) -> None:
    found = SourceData([tmp_path]).read(ask(source, "carrier", start=START - timedelta(days=9), end=START))

    assert found.height == 0
    assert found.columns == ["when", "carrier"]
    assert found.schema["when"] == pl.Datetime("us", "UTC")


def test_a_missing_column_is_named_with_the_nearest(source: Source, tmp_path: Path) -> None:
    with pytest.raises(ObserveError, match=r"no column distanse; did you mean distance\?"):
        SourceData([tmp_path]).read(ask(source, "distanse"))
