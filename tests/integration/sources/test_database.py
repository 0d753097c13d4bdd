"""Numbers of a real SQLite database: what is bound, what is refused, and what is never told."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reconciler.adapters.database import SqlDatabase
from reconciler.errors import ObserveError

START, END = datetime(2013, 3, 1, tzinfo=UTC), datetime(2013, 3, 8, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> SqlDatabase:
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("CREATE TABLE t (a, b)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", [(1, "x:y"), (2, None)])
    connection.close()
    return SqlDatabase([tmp_path], {"SECRET": "hunter22"})


def ask(database: SqlDatabase, query: str, url: str = "sqlite:///shop.db") -> float:
    return database.number(url, query, START, END)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("SELECT 1", 1),
        ("SELECT 0.25;", 0.25),
        ("SELECT -1e300", -1e300),
        ("SELECT julianday(:end) - julianday(:start)", 7),
        ("SELECT :start = '2013-03-01 00:00:00'", 1),
        ("SELECT count(*) FROM t WHERE b = 'x:y' AND :end > '2013'", 1),
        ("SELECT count(*) FROM t WHERE b = 'x:started'", 0),
        ("SELECT (julianday(:end) - julianday(:start)) + (julianday(:end) - julianday(:start))", 14),
        ("WITH one AS (SELECT max(a) AS a FROM t) SELECT a FROM one", 2),
    ],
)
def test_times_are_bound_and_other_colons_are_left_alone(database: SqlDatabase, query: str, number: float) -> None:
    assert ask(database, query) == number


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT a FROM t", "returned more than 1 rows of 1 columns, not 1 row of 1 column"),
        ("SELECT a FROM t WHERE a > 5", "returned 0 rows of 1 columns"),
        ("SELECT a, b FROM t LIMIT 1", "returned 1 rows of 2 columns"),
        ("SELECT b FROM t WHERE a = 1", "returned 'x:y', which is no number"),
        ("SELECT b FROM t WHERE a = 2", "returned NULL, which is no number"),
        ("SELECT '5'", "returned '5', which is no number"),
        ("SELEKT 1", "syntax error"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("", "returns no rows"),
        ("DELETE FROM t", "readonly|returns no rows"),
        ("DROP TABLE t", "readonly|returns no rows"),
        ("CREATE TABLE u (a)", "readonly|returns no rows"),
    ],
)
def test_what_is_not_one_number_is_refused(database: SqlDatabase, tmp_path: Path, query: str, message: str) -> None:
    with pytest.raises(ObserveError, match=message):
        ask(database, query)
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)
    connection.close()


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite:///gone.db", "there is no file at gone.db"),
        ("sqlite:///../shop.db", "leads out of the repository"),
        ("unheard://ann:${SECRET}@127.0.0.1/x", "cannot read unheard://[*]{3}@127.0.0.1/x: no such database driver"),
        ("not a url", "cannot read not a url"),
        ("sqlite:///${NOWHERE}.db", "environment variable NOWHERE"),
    ],
)
def test_a_database_that_cannot_be_opened_is_named_without_secrets(database: SqlDatabase, url: str, message: str) -> None:
    with pytest.raises(ObserveError, match=message) as caught:
        ask(database, "SELECT 1", url)

    assert "hunter22" not in caught.value.message


def test_a_long_query_is_shown_by_its_begin(database: SqlDatabase) -> None:
    with pytest.raises(ObserveError, match=r"SELECT 1 \+ 1 .*\.\.\. returned NULL") as caught:
        ask(database, "SELECT " + "1 + " * 200 + "\nNULL")

    assert len(caught.value.message) < 250
