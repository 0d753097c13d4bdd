"""Whether rows still come, as many as usual, each once."""

from datetime import timedelta

import polars as pl
import pytest

from reconciler.domain.live import QualityCheck
from tests.integration.observe.quality.windows import END, found, is_evaluated, messages, orders

FRESHNESS, VOLUME, DUPLICATES = QualityCheck.FRESHNESS, QualityCheck.VOLUME, QualityCheck.DUPLICATES
HOUR = timedelta(hours=1)


def aged(age, every=timedelta(minutes=10), rows=20):
    """Rows whose newest is so old at the window's end."""
    return orders(rows=rows).with_columns(
        at=pl.Series([END - age - every * i for i in range(rows)][::-1], dtype=pl.Datetime("us", "UTC"))
    )


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (aged(23 * HOUR), []),
        (aged(25 * HOUR), ["the newest row is 25.0 hours old at 2024-05-08, 24.0 hours are usual at most"]),
        (aged(47 * HOUR, every=24 * HOUR), []),
        (aged(50 * HOUR, every=24 * HOUR), ["the newest row is 50.0 hours old at 2024-05-08, 48.0 hours are usual at most"]),
    ],
)
def test_rows_stopped_coming(rows, told):
    assert messages(FRESHNESS, rows) == told


def test_three_gaps_tell_what_is_usual():
    assert not is_evaluated(FRESHNESS, aged(100 * HOUR, rows=3))
    assert is_evaluated(FRESHNESS, aged(100 * HOUR, rows=4))


@pytest.mark.parametrize(
    ("rows", "before", "is_odd"),
    [
        (1008, (1000, 1000, 1000), False),
        (335, (1000, 1000, 1000), False),
        (330, (1000, 1000, 1000), True),
        (330, (1000, 300, 310), False),
        (1008, (300, 310, 290), True),
        (1008, (340, 340, 340), False),
        (1, (4, 4, 4), False),
        (0, (12, 12, 12), True),
    ],
)
def test_a_volume_far_from_usual(rows, before, is_odd):
    assert bool(found(VOLUME, orders(rows=rows), volumes=before)) is is_odd


def test_a_volume_tells_what_is_usual():
    told = messages(VOLUME, orders(rows=30), volumes=(900, 1000, 1100, 1000))
    assert told == ["30 rows, [333, 3,000] is usual: 1,000 in the median of 4 windows"]


@pytest.mark.parametrize("before", [(), (1000, 1000), (0, 0, 0)])
def test_no_usual_volume(before):
    assert not is_evaluated(VOLUME, volumes=before)


def test_an_identifier_that_comes_twice():
    rows = pl.concat([orders(), orders()[:3]])
    assert messages(DUPLICATES, rows) == ["3 of 1,011 rows repeat an identifier in order, 0 may"]


@pytest.mark.parametrize(("again", "count"), [(10, 0), (11, 1)])
def test_without_an_identifier_a_share_of_equal_rows(again, count):
    rows = pl.concat([orders(), orders()[:again]])
    assert len(found(DUPLICATES, rows, dataset={"identifier": None})) == count


def test_rows_that_were_not_read_whole_tell_nothing_of_equal_ones():
    assert not is_evaluated(DUPLICATES, orders().drop("order"))
    assert not is_evaluated(DUPLICATES, orders().drop("price"), dataset={"identifier": None})
