"""However a database keeps its times, the rows of a range are the same as when all rows are read and then cut."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reconciler.adapters.sources import SourceData
from reconciler.domain.data import RowQuery, SqlSource
from reconciler.errors import ObserveError

START = datetime(2013, 3, 1, tzinfo=UTC)
TIMES = [START + timedelta(hours=7 * step) for step in range(-30, 31)]
FORMS = {
    "ISO with Z": lambda t: t.strftime("%Y-%m-%dT%H:%M:%SZ"),
    "ISO with a blank": lambda t: t.strftime("%Y-%m-%d %H:%M:%S"),
    "Postgres' offset": lambda t: t.strftime("%Y-%m-%d %H:%M:%S+00"),
    "an offset far ahead": lambda t: (t + timedelta(hours=14)).strftime("%Y-%m-%dT%H:%M:%S+14:00"),
    "an offset far behind": lambda t: (t - timedelta(hours=12)).strftime("%Y-%m-%dT%H:%M:%S-12:00"),
    "slashes": lambda t: t.strftime("%Y/%m/%d %H:%M:%S"),
    "no padding": lambda t: f"{t.year}-{t.month}-{t.day} {t:%H:%M:%S}",
    "digits as text": lambda t: str(int(t.timestamp())),
    "a blank before": lambda t: t.strftime(" %Y-%m-%d %H:%M:%S"),
    "seconds": lambda t: int(t.timestamp()),
    "milliseconds": lambda t: int(t.timestamp()) * 1000,
    "microseconds": lambda t: int(t.timestamp()) * 10**6,
    "nanoseconds": lambda t: int(t.timestamp()) * 10**9,
    "one of each": lambda t: t.isoformat() if t.hour % 2 else int(t.timestamp()),
}
RANGES = {
    "a week": (START - timedelta(days=3), START + timedelta(days=4)),
    "until": (None, START),
    "from": (START, None),
    "exactly one": (TIMES[10], TIMES[10] + timedelta(seconds=1)),
    "none": (START + timedelta(minutes=1), START + timedelta(minutes=2)),
    "backwards": (START, START - timedelta(days=1)),
}


def database(folder: Path, times: Sequence[object], name: str = "x.db") -> None:
    with sqlite3.connect(folder / name) as connection:
        connection.execute("CREATE TABLE rows (t, a)")
        connection.executemany("INSERT INTO rows VALUES (?, ?)", [(time, i) for i, time in enumerate(times)])
    connection.close()


def read(root: Path, start: datetime | None = None, end: datetime | None = None, **changes: str) -> list[int]:
    source = SqlSource(**{"url": "sqlite:///x.db", "query": "rows", **changes})
    rows = SourceData([root]).read(RowQuery(source=source, time_column="t", columns=("a",), start=start, end=end))
    return rows["a"].to_list()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS.keys())
def test_the_rows_of_a_range_are_all_of_them_whatever_the_form(tmp_path: Path, form: object) -> None:
    database(tmp_path, [form(time) for time in TIMES])  # type: ignore[operator]
    for name, (start, end) in RANGES.items():
        wanted = [i for i, t in enumerate(TIMES) if (start is None or start <= t) and (end is None or t < end)]
        assert read(tmp_path, start, end) == wanted, name


def test_bounds_may_be_given_in_any_zone(tmp_path: Path) -> None:
    database(tmp_path, [int(time.timestamp()) for time in TIMES])
    summer = datetime.fromisoformat("2013-03-31T02:00:00+02:00") - timedelta(days=30)

    assert read(tmp_path, summer, summer + timedelta(days=1)) == [i for i, t in enumerate(TIMES) if 0 <= (t - START).days < 1]


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ([1362139200.5], "Float64"),
        (["01/03/2013"], "'01/03/2013'"),
        (["2013-03-01", "soon"], "'soon'"),
        (["2013-13-45"], "'2013-13-45'"),
        ([b"2013-03-01"], "Binary"),
        (["2013-03-01", ""], "''"),
    ],
    ids=["fractions", "day first", "a word among times", "no day of the calendar", "bytes", "an empty text"],
)
@pytest.mark.parametrize("bounded", [True, False], ids=["in a range", "unbounded"])
def test_what_is_no_time_is_refused_and_never_just_left_out(
    tmp_path: Path, times: list[object], said: str, bounded: bool
) -> None:
    database(tmp_path, times)
    start, end = (datetime(2013, 1, 1, tzinfo=UTC), datetime(2014, 1, 1, tzinfo=UTC)) if bounded else (None, None)
    with pytest.raises(ObserveError, match="which is no time") as caught:
        read(tmp_path, start, end)

    assert said in caught.value.message


def test_only_rows_without_a_time_are_left_out(tmp_path: Path) -> None:
    database(tmp_path, [None, "2013-03-01", None])

    assert read(tmp_path) == [1]
    assert read(tmp_path, START, None) == [1]


def test_a_table_of_only_rows_without_a_time_is_empty(tmp_path: Path) -> None:
    database(tmp_path, [None, None])

    assert read(tmp_path, START, None) == []


def test_a_range_is_cut_by_the_database_and_not_after_everything_was_sent(tmp_path: Path) -> None:
    database(tmp_path, [time.isoformat() for time in TIMES])
    refuses = "SELECT t, CASE WHEN t < '2013-02-25' THEN abs(-9223372036854775808) ELSE a END AS a FROM rows"

    assert read(tmp_path, START, None, query=refuses) == [i for i, t in enumerate(TIMES) if t >= START]
    with pytest.raises(ObserveError, match="integer overflow"):
        read(tmp_path, None, None, query=refuses)


@pytest.mark.parametrize(
    "query",
    [
        "rows",
        "main.rows",
        " rows ; ",
        "SELECT * FROM rows",
        "WITH x AS (SELECT * FROM rows) SELECT t, a FROM x",
        "SELECT * FROM 'rows'",
    ],
)
def test_a_table_or_a_query(tmp_path: Path, query: str) -> None:
    database(tmp_path, ["2013-03-01"])

    assert read(tmp_path, query=query) == [0]


@pytest.mark.parametrize("text", ["a:b", ":x", "12:30:00", "::", "%s", "{x}", "it''s"])
def test_signs_in_a_query_are_the_users_text(tmp_path: Path, text: str) -> None:
    database(tmp_path, ["2013-03-01"])
    rows = SourceData([tmp_path]).read(
        RowQuery(
            source=SqlSource(url="sqlite:///x.db", query=f"SELECT t, '{text}' AS a FROM rows"),
            time_column="t",
            columns=("a",),
            start=START,
            end=None,
            text=("a",),
        )
    )

    assert rows["a"].to_list() == [text.replace("''", "'")]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:${PASSWORD}@host:port/x",
        "nonsense ${PASSWORD}",
        "nosuch+driver://ann:${PASSWORD}@host/x",
    ],
    ids=["no port", "no URL", "no driver"],
)
def test_an_address_that_is_none_is_an_error_without_its_password(tmp_path: Path, url: str) -> None:
    database(tmp_path, ["2013-03-01"])
    asked = RowQuery(source=SqlSource(url=url, query="rows"), time_column="t", columns=("a",), start=None, end=None)
    with pytest.raises(ObserveError) as caught:
        SourceData([tmp_path], {"PASSWORD": "hunter22"}).read(asked)

    assert "hunter22" not in caught.value.message + caught.value.help
    assert caught.value.__cause__ is None


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"no database" * 1000)
    with pytest.raises(ObserveError, match="file is not a database"):
        read(tmp_path)

    assert (tmp_path / "x.db").read_bytes() == b"no database" * 1000


def test_a_database_that_another_locks_is_an_error_and_not_a_hang(tmp_path: Path) -> None:
    database(tmp_path, ["2013-03-01"])
    writer = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    writer.execute("PRAGMA locking_mode = EXCLUSIVE")
    writer.execute("BEGIN EXCLUSIVE")
    with pytest.raises(ObserveError, match="database is locked"):
        read(tmp_path, url="sqlite:///x.db?timeout=0.05")
    writer.close()

    assert read(tmp_path) == [0]
