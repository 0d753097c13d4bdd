"""Segments of rows: days, categories, categories by time; and days on which one row comes again and again."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from reconciler.pipeline.artifact import Contract
from reconciler.pipeline.bursts import bursts
from reconciler.pipeline.partitions import CATEGORIES, among, by_time, categories, days, follows
from reconciler.statistics.segments import distances

START = datetime(2013, 1, 1, 22, tzinfo=UTC)


def test_days_are_those_of_utc_in_their_order():
    found = days(pl.Series("at", [START + timedelta(hours=hour) for hour in (0, 1, 2, 60)]))
    assert found.names == ["day 2013-01-01", "day 2013-01-02", "day 2013-01-04"]
    assert found.codes.tolist() == [0, 0, 1, 2]


def test_categories_are_by_how_frequent_they_are_and_what_is_missing_is_in_none():
    found = categories(pl.Series("carrier", ["UA", None, "AA", "UA", "B6"]))
    assert found.names == ["carrier=UA", "carrier=AA", "carrier=B6"]
    assert found.codes.tolist() == [0, -1, 1, 0, 2]
    many = categories(pl.Series("tail", [f"N{number}" for number in range(CATEGORIES + 5)]))
    assert (many.size, int((many.codes < 0).sum())) == (CATEGORIES, 5)


def test_each_category_is_looked_at_by_time_too():
    whole = categories(pl.Series("carrier", ["UA", None, "AA", "UA"]))
    parts = by_time(whole, np.array([0, 0, 1, 1]), ["early", "late"])
    assert [parts.names[code] for code in parts.codes if code >= 0] == [
        "carrier=UA early",
        "carrier=AA late",
        "carrier=UA late",
    ]
    assert parts.kind != whole.kind == "category"
    assert categories(pl.Series("carrier", ["A", "B", "C", "D", "E"] * 50)).kind == "category of carrier"
    assert among(parts, np.array([False, False, True, True])).sums().tolist() == [0, 1, 0, 1]


def test_the_day_tells_the_weekday_but_not_the_carrier():
    day = np.repeat(np.arange(28), 50)
    every = days(pl.Series("at", [START + timedelta(days=int(one)) for one in day]))
    late = np.random.default_rng(0).random(day.size) < 0.15  # a local weekday begins within a day of UTC
    assert follows(categories(pl.Series("weekday", [str(one) for one in (day + late) % 7])), every)
    carrier = pl.Series("carrier", np.random.default_rng(1).choice(["AA", "B6"], day.size))
    assert not follows(categories(carrier), every)
    assert not follows(categories(carrier[:56]), days(pl.Series("at", [START + timedelta(days=one // 2) for one in range(56)])))
    assert not follows(categories(pl.Series("carrier", ["AA"] * day.size)), every)


def test_a_row_that_comes_again_all_day_is_a_burst_unless_it_does_so_every_day():
    contract = Contract(
        model="m",
        dataset="d",
        task="binary",
        estimator="ridge",
        label="y",
        classes=("0", "1"),
        features={"numeric": ["x"]},
        types={},
    )
    generator, day = np.random.default_rng(0), np.repeat(np.arange(20), 200)
    at = pl.Series([START + timedelta(days=int(one)) for one in day])
    usual = pl.DataFrame({"x": generator.integers(0, 10, day.size), "y": generator.integers(0, 2, day.size)})
    calm = bursts(contract, usual, days(at))
    assert np.abs(distances(calm.excess, calm.noise)).max() < 6
    copied = usual.with_columns(
        x=pl.when(pl.Series(day) == 7, pl.int_range(pl.len()) % 2 == 0).then(99).otherwise("x"), y=pl.lit(1)
    )
    read = bursts(contract, copied, days(at))
    assert int(read.excess.argmax()) == 7
    assert read.observed[7] == 0.5
    assert distances(read.excess, read.noise)[7] > 8
    assert read.p[7] < 1e-12
