"""The port Database: one number of a range, and an error for anything else; on the fake and on SQLite."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from reconciler.adapters.database import SqlDatabase
from reconciler.adapters.fakes.database import FakeDatabase
from reconciler.errors import ObserveError
from reconciler.ports import Database

START = datetime(2013, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ORDERS = [(START + i * DAY / 4, i + 0.5) for i in range(40)]
URL = "sqlite:///shop.db"
REVENUE = "SELECT sum(worth) FROM orders WHERE at >= :start AND at < :end"
COUNT = "SELECT count(*) FROM orders WHERE at >= :start AND at < :end;"


def fake(folder: Path) -> Database:
    def within(start: datetime, end: datetime) -> list[float]:
        return [worth for at, worth in ORDERS if start <= at < end]

    return FakeDatabase({REVENUE: lambda a, b: sum(within(a, b)) or None, COUNT: lambda a, b: len(within(a, b))})


def sqlite(folder: Path) -> Database:
    connection = sqlite3.connect(folder / "shop.db")
    connection.execute("CREATE TABLE orders (at TEXT, worth REAL)")
    rows = [(at.strftime("%Y-%m-%d %H:%M:%S"), worth) for at, worth in ORDERS]
    connection.executemany("INSERT INTO orders VALUES (?, ?)", rows)
    connection.commit()
    connection.close()
    return SqlDatabase([folder])


@pytest.fixture(params=[fake, sqlite], ids=["fake", "sqlite"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    made: Callable[[Path], Database] = request.param
    return made(tmp_path)


ZONE = timezone(timedelta(hours=-6))


@pytest.mark.parametrize(
    ("query", "start", "end", "number"),
    [
        (REVENUE, START, START + DAY, 0.5 + 1.5 + 2.5 + 3.5),
        (REVENUE, START + DAY, START + DAY + DAY / 4, 4.5),
        (COUNT, START, START + 100 * DAY, 40),
        (COUNT, START - DAY, START, 0),
        (COUNT, START.astimezone(ZONE), (START + DAY).astimezone(ZONE), 4),
        (COUNT, START + timedelta(milliseconds=1), START + DAY, 3),
    ],
)
def test_the_number_is_that_of_the_range(database: Database, query: str, start: datetime, end: datetime, number: float) -> None:
    found = database.number(URL, query, start, end)

    assert found == number
    assert isinstance(found, float | int)


def test_nothing_is_no_number(database: Database) -> None:
    with pytest.raises(ObserveError, match=r"sqlite:///shop\.db: SELECT sum\(worth\) .* returned NULL"):
        database.number(URL, REVENUE, START - DAY, START)


def test_what_the_database_does_not_know_is_an_error_in_its_words(database: Database) -> None:
    with pytest.raises(ObserveError, match="no such table"):
        database.number(URL, "SELECT 1 FROM nowhere", START, START + DAY)
