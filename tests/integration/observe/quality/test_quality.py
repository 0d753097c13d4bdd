"""A whole window: a clean one has no findings, and what could not be seen was not evaluated."""

from datetime import date, timedelta
from decimal import Decimal

import polars as pl
import pytest

from reconciler.domain.facts import NOT_ASKED
from reconciler.domain.live import QualityCheck
from reconciler.observe.quality import live_quality
from tests.integration.observe.quality.windows import a_window, orders


@pytest.mark.parametrize("seed", range(5))
def test_a_clean_window_has_no_findings_and_all_checks_were_made(seed):
    quality = live_quality(a_window(orders(seed)))
    assert quality.findings == ()
    assert quality.evaluated == tuple(QualityCheck)
    assert quality.rows == 1008


def test_checks_whose_facts_are_missing_are_not_evaluated():
    blind = a_window(reference=NOT_ASKED, columns=NOT_ASKED, classes=NOT_ASKED, volumes=())
    assert live_quality(blind).evaluated == (
        QualityCheck.OUT_OF_RANGE,
        QualityCheck.UNSEEN_CATEGORY,
        QualityCheck.FRESHNESS,
        QualityCheck.DUPLICATES,
    )


def test_of_no_rows_only_their_absence_is_told():
    quality = live_quality(a_window(orders().clear()))
    assert [one.check for one in quality.findings] == [QualityCheck.FRESHNESS, QualityCheck.VOLUME]
    assert quality.findings[0].message == "0 rows in the window that ends at 2024-05-08, at least 1 needed"
    assert QualityCheck.NULL_SPIKE not in quality.evaluated


def test_the_order_of_rows_means_nothing():
    spoiled = orders().with_columns(price=pl.col("price") * 2)
    shuffled = spoiled.sample(fraction=1, shuffle=True, seed=3)
    assert live_quality(a_window(spoiled)) == live_quality(a_window(shuffled))
    assert live_quality(a_window(spoiled)).findings


def test_rows_that_could_not_be_read_leave_only_the_schema():
    quality = live_quality(a_window(pl.DataFrame(), columns={"order": "String"}))
    assert quality.evaluated == tuple(QualityCheck)[:4]
    assert {one.column for one in quality.findings} == {"at", "price", "colour", "returned"}


ODD = {
    "null": pl.lit(None),
    "list": pl.lit([1, 2]),
    "decimal": pl.lit(Decimal("300.5")),
    "categorical": pl.lit("x").cast(pl.Categorical),
    "date": pl.lit(date(2020, 1, 1)),
    "boolean": pl.lit(value=True),
    "struct": pl.struct(pl.lit(1).alias("inner")),
    "binary": pl.lit(b"x"),
    "duration": pl.lit(timedelta(days=1)),
    "infinite": pl.lit(float("-inf")),
    "large": pl.lit(2**63, dtype=pl.UInt64),
    "text": pl.lit("x"),
}


@pytest.mark.parametrize(
    ("column", "identifier"), [("order", "order"), ("price", None), ("colour", "order"), ("returned", "order"), ("order", None)]
)
@pytest.mark.parametrize("value", ODD)
def test_a_column_of_any_type_is_judged(column, value, identifier):
    rows = orders(rows=300).with_columns(ODD[value].alias(column))
    columns = {name: str(dtype) for name, dtype in rows.schema.items()}
    quality = live_quality(a_window(rows, columns=columns, dataset={"identifier": identifier}))
    assert len(quality.evaluated) >= 9
    assert quality.findings


def test_times_that_are_all_missing_leave_freshness_open():
    rows = orders().with_columns(at=pl.lit(None, dtype=pl.Datetime("us", "UTC")))
    assert not {QualityCheck.FRESHNESS, QualityCheck.LABEL_PATTERN} & set(live_quality(a_window(rows)).evaluated)
