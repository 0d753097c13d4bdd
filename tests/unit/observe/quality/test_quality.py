"""A whole window: a clean one has no findings, and what could not be seen was not evaluated."""

import polars as pl
import pytest

from reconciler.domain.facts import NOT_ASKED
from reconciler.domain.live import QualityCheck
from reconciler.observe.quality import live_quality
from tests.unit.observe.quality.windows import a_window, orders


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
