"""Missing values, ranges and categories of a window."""

import polars as pl
import pytest

from reconciler.domain.facts import NOT_ASKED
from reconciler.domain.live import QualityCheck
from tests.integration.observe.quality.windows import COLUMNS, found, is_evaluated, messages, orders

NULLS, RANGE, CATEGORIES = QualityCheck.NULL_SPIKE, QualityCheck.OUT_OF_RANGE, QualityCheck.UNSEEN_CATEGORY


def with_gaps(column, count, gap=None, rows=1008):
    """The first `count` values of the column are the gap."""
    index = pl.int_range(pl.len())
    return orders(rows=rows).with_columns(pl.when(index < count).then(pl.lit(gap)).otherwise(pl.col(column)).alias(column))


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (with_gaps("price", 0), []),
        (with_gaps("price", 40), []),
        (with_gaps("price", 60), ["price"]),
        (with_gaps("price", 60, float("nan")), ["price"]),
        (with_gaps("price", 60, float("inf")), ["price"]),
        (with_gaps("colour", 1008), ["colour"]),
        (with_gaps("price", 1, rows=10), []),
        (with_gaps("price", 8, rows=10), ["price"]),
    ],
)
def test_a_spike_is_large_and_sure(rows, columns):
    assert [one.column for one in found(NULLS, rows)] == columns


def test_a_spike_tells_both_shares():
    assert messages(NULLS, with_gaps("price", 504)) == ["50.0% of 1,008 values of price are missing, 0.0% in the reference"]


def test_the_contract_may_forbid_gaps():
    assert messages(NULLS, with_gaps("order", 2)) == ["2 of 1,008 values of order are missing, the contract allows 0"]


def test_gaps_that_the_reference_has_too_are_usual():
    from reconciler.pipeline.profile_rows import reference_of_frame
    from tests.integration.observe.quality.windows import FEATURES

    gaps = with_gaps("price", 500)
    assert found(NULLS, gaps, reference=reference_of_frame(gaps, FEATURES)) == []
    assert not is_evaluated(NULLS, gaps, reference=NOT_ASKED)


@pytest.mark.parametrize(
    ("price", "told"),
    [
        (0.0, []),
        (100.0, []),
        (-0.5, ["5 of 1,008 values of price are below 0, the least is -0.5"]),
        (1e6, ["5 of 1,008 values of price are above 100, the greatest is 1e+06"]),
        (float("inf"), ["5 of 1,008 values of price are above 100, the greatest is inf"]),
        (float("nan"), []),
    ],
)
def test_a_value_out_of_range(price, told):
    assert messages(RANGE, with_gaps("price", 5, price)) == told


def test_no_bounds_are_never_left_and_text_has_no_range():
    free = {"columns": [{"name": column["name"], "type": column["type"]} for column in COLUMNS]}
    assert messages(RANGE, with_gaps("price", 5, -1.0), dataset=free) == []
    assert messages(RANGE, orders().with_columns(price=pl.lit("cheap"))) == []


def test_unseen_categories_are_counted_and_the_commonest_named():
    rows = with_gaps("colour", 30, "violet")
    assert messages(CATEGORIES, rows) == ["30 of 1,008 values of colour are none of the contract's 3 categories: violet"]


def test_many_unseen_categories_are_not_all_named():
    rows = orders().with_columns(colour=pl.int_range(pl.len()).cast(pl.String))
    (told,) = messages(CATEGORIES, rows)
    assert told.startswith("1,008 of 1,008 values")
    assert told.count(",") == 6


def test_missing_values_are_no_category():
    assert messages(CATEGORIES, with_gaps("colour", 30)) == []
