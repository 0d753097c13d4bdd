from datetime import datetime

import polars as pl
import pytest

from reconciler.adapters.sources.columns import column_survey, kind_of, texts_of
from reconciler.domain.survey import Kind
from tests.cases import each


@each(
    ("values", "kind"),
    [
        ([1, None], Kind.INTEGER),
        ([1.5], Kind.NUMBER),
        ([True, None], Kind.BOOLEAN),
        (["a", None], Kind.TEXT),
        (["2022-01-01", "2022-01-02 10:00:00"], Kind.TIME),
        ([datetime(2022, 1, 1)], Kind.TIME),  # noqa: DTZ001
    ],
)
def test_kinds(values: list[object], kind: Kind) -> None:
    assert column_survey(pl.Series("x", values)).kind is kind


def test_lists_structures_and_bytes_cannot_be_features() -> None:
    assert {kind_of(dtype) for dtype in (pl.List(pl.Int64), pl.Struct({"a": pl.Int64}), pl.Binary, pl.Null)} == {Kind.OTHER}


def test_counts_of_all_and_of_the_newer_half() -> None:
    seen = column_survey(pl.Series("x", ["a", "b", "a", None, "a", "c", None, None]))

    assert (seen.present, seen.missing, seen.distinct, seen.complete) == (5, 3, 3, True)
    assert seen.values == (("a", 3), ("b", 1), ("c", 1))
    assert (seen.late_values, seen.late_missing) == (1, 2)


def test_many_values_are_not_kept() -> None:
    seen = column_survey(pl.Series("x", [f"v{i}" for i in range(101)]))

    assert (len(seen.values), seen.complete) == (5, False)


def test_numbers_are_those_that_are_finite() -> None:
    numbers = column_survey(pl.Series("x", [3.0, 1.0, None, float("inf"), 2.0, 8.0])).numbers

    assert numbers is not None
    assert (numbers.minimum, numbers.maximum, numbers.early_minimum, numbers.early_maximum) == (1, 8, 1, 3)
    assert (numbers.infinite, numbers.whole, numbers.ordered) == (1, True, False)


@pytest.mark.parametrize(("step", "cycle", "ordered"), [(1, 300, True), (-1, 300, True), (1, 7, False)])
def test_a_counter_is_seen(step: int, cycle: int, ordered: bool) -> None:
    numbers = column_survey(pl.Series("x", [step * (row % cycle) for row in range(300)])).numbers

    assert numbers is not None
    assert numbers.ordered is ordered


@each(
    ("texts", "example"),
    [
        (["1,234", "999", "2,000,000"], "1,234"),
        (["1,5", "2,5"], "1,5"),
        (["12%", "5%"], "12%"),
        (["$1", "$2.50"], "$1"),
        (["red", "1,234"], ""),
        (["10", "x"], ""),
    ],
)
def test_numbers_in_disguise_are_seen(texts: list[str], example: str) -> None:
    assert column_survey(pl.Series("x", texts)).punctuated == example


def test_classes_have_the_texts_that_the_pipeline_gives_them() -> None:
    assert texts_of(pl.Series([1.0, 2.0, None])).to_list() == ["1", "2", None]
    assert texts_of(pl.Series([True, False])).to_list() == ["true", "false"]
    assert texts_of(pl.Series(["1.0", " a"])).to_list() == ["1.0", " a"]
