import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from reconciler.adapters.sources import SourceData
from reconciler.adapters.sources.bounds import as_stored
from reconciler.adapters.sources.sql import filled, hidden
from reconciler.domain.data import RowQuery, SqlSource
from reconciler.errors import ObserveError

NOON = datetime(2013, 3, 1, 12, tzinfo=UTC)


def read(root: Path, url: str, query: str = "rows", **environment: str) -> list[tuple[object, ...]]:
    asked = RowQuery(source=SqlSource(url=url, query=query), time_column="t", columns=("a b",), start=NOON, end=None)
    return SourceData([root], environment).read(asked).rows()


def database(folder: Path, *times: object) -> None:
    connection = sqlite3.connect(folder / "x.db")
    connection.execute('CREATE TABLE rows (t, "a b")')
    connection.executemany("INSERT INTO rows VALUES (?, ?)", [(time, i) for i, time in enumerate(times)])
    connection.commit()
    connection.close()


def test_names_are_quoted_and_the_file_is_found_below_the_roots(tmp_path: Path) -> None:
    database(tmp_path, "2013-03-01", "2013-03-02", None)

    assert read(tmp_path, "sqlite:///x.db") == [(datetime(2013, 3, 2, tzinfo=UTC), 1)]
    assert read(tmp_path, "sqlite:///${FILE}", FILE="x.db") == [(datetime(2013, 3, 2, tzinfo=UTC), 1)]


def test_an_empty_table_has_no_rows(tmp_path: Path) -> None:
    database(tmp_path)

    assert read(tmp_path, "sqlite:///x.db") == []


def test_a_missing_database_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ObserveError, match=r"no file at gone\.db"):
        read(tmp_path, "sqlite:///gone.db")
    assert list(tmp_path.iterdir()) == []


def test_a_database_is_never_written(tmp_path: Path) -> None:
    database(tmp_path, "2013-03-01")
    with pytest.raises(ObserveError, match=r"cannot read sqlite:///x\.db"):
        read(tmp_path, "sqlite:///x.db", "SELECT 1; DROP TABLE rows")
    connection = sqlite3.connect(tmp_path / "x.db")
    assert connection.execute("SELECT count(*) FROM rows").fetchone() == (1,)
    connection.close()


@pytest.mark.parametrize("query", ["SELECT * FROM nowhere", "nowhere", "SELECT ("])
def test_a_bad_query_says_what_the_database_says(tmp_path: Path, query: str) -> None:
    database(tmp_path, "2013-03-01")
    with pytest.raises(ObserveError, match=r"cannot read sqlite:///x\.db: (no such table: nowhere|near|incomplete)"):
        read(tmp_path, "sqlite:///x.db", query)


def test_text_that_is_no_time_is_refused(tmp_path: Path) -> None:
    database(tmp_path, "yesterday")
    with pytest.raises(ObserveError, match="column t holds 'yesterday', which is no time"):
        read(tmp_path, "sqlite:///x.db")


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(ObserveError, match="needs the environment variable PASSWORD"):
        filled("postgresql://me:${PASSWORD}@host/x", {})


def test_an_absent_driver_is_named_and_the_password_is_not(tmp_path: Path) -> None:
    with pytest.raises(ObserveError) as caught:
        read(tmp_path, "postgresql://me:${PASSWORD}@host/x", PASSWORD="hush")
    assert "cannot read postgresql://***@host/x" in str(caught.value)
    assert "hush" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_secrets_vanish_from_messages() -> None:
    assert hidden("bad hush or open", ["hush"], "db://me:open@host") == "bad *** or ***"


@pytest.mark.parametrize(
    ("stored", "start", "end"),
    [
        (NOON, NOON, NOON),
        (NOON.replace(tzinfo=None), NOON.replace(tzinfo=None), NOON.replace(tzinfo=None)),
        (date(2000, 1, 1), date(2013, 2, 28), date(2013, 3, 3)),
        ("2000-01-01", "2013-02-28", "2013-03-03"),
        (1_300_000_000, 1362139200, 1362139201),
        (1_300_000_000_000, 1362139200000, 1362139200001),
    ],
)
def test_bounds_take_the_form_of_what_is_stored(stored: object, start: object, end: object) -> None:
    assert as_stored(NOON, stored, later=True) == start
    assert as_stored(NOON, stored, later=False) == end
