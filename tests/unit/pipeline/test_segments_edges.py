"""Edges of columns, groups, partitions, bursts, folds and spoiled inputs: NaN, infinity, ties, doubles, and nothing at all."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import Contract
from reconciler.pipeline.bursts import bursts
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.folds import folds_of
from reconciler.pipeline.groups import groups_of
from reconciler.pipeline.partitions import by_time, categories, days, follows
from reconciler.pipeline.perturbed import moved, spoil
from reconciler.rules.perturbation import Kind, Perturbation, Relation
from reconciler.specs.model import Features
from reconciler.statistics.segments import Partition
from tests.cases import each

START = datetime(2013, 1, 1, tzinfo=UTC)
NAN, INFINITE = float("nan"), float("inf")


def spread_out(*hours: float) -> pl.DataFrame:
    return pl.DataFrame({"at": [START + timedelta(hours=hour) for hour in hours], "row": range(len(hours))})


def cut(rows: pl.DataFrame, count: int, hours: float = 0) -> list[tuple[list[int], list[int]]]:
    folds = folds_of(rows, "at", count, timedelta(hours=hours))
    return [(fold.train["row"].to_list(), fold.validation["row"].to_list()) for fold in folds]


@each(("value", "text"), [(-0.0, "0"), (-3.0, "-3"), (1e15, "1000000000000000"), (INFINITE, "inf"), (0.1, "0.1"), (NAN, None)])
def test_a_number_for_a_category_has_the_text_of_a_whole_number_where_it_is_one(value: float, text: str | None) -> None:
    assert features_of(pl.DataFrame({"c": [value]}), Features(categorical=("c",)))["c"].to_list() == [text]


def test_no_rows_have_features_of_the_same_types() -> None:
    empty = pl.DataFrame({"n": [], "c": []}, schema={"n": pl.Int8, "c": pl.Null})
    assert features_of(empty, Features(numeric=("n",), categorical=("c",))).schema == {"n": pl.Float64, "c": pl.String}


def test_edges_that_look_alike_when_shortened_are_written_with_more_digits() -> None:
    groups = groups_of(pl.DataFrame({"n": [1_362_139_200 + number for number in range(40)]}), ["n"])
    assert len(groups.names) == 4
    assert np.bincount(groups.codes).tolist() == [10, 10, 10, 10]


def test_infinity_lies_in_the_outer_parts_and_moves_no_edge() -> None:
    numbers = [float(number) for number in range(40)]
    groups = groups_of(pl.DataFrame({"n": [-INFINITE, INFINITE, NAN, None, *numbers]}), ["n"])
    names = [groups.names[code] for code in groups.codes[:4]]
    assert names == ["below 9.75", "29.25 or more", "(missing)", "(missing)"]


def test_no_rows_are_no_groups_and_every_absent_column_is_told() -> None:
    empty = groups_of(pl.DataFrame({"c": []}, schema={"c": pl.String}), ["c"])
    assert (empty.names, empty.codes.size) == ((), 0)
    with pytest.raises(ReconcilerError, match="no column a, b"):
        groups_of(pl.DataFrame({"c": ["x"]}), ["a", "c", "b"])


def test_categories_that_are_as_frequent_are_by_name_and_nothing_has_none() -> None:
    assert categories(pl.Series("c", ["b", "a", "c", "a", "b"])).names == ["c=a", "c=b", "c=c"]
    nothing = categories(pl.Series("c", [None, None], dtype=pl.String))
    assert (nothing.names, nothing.codes.tolist()) == ([], [-1, -1])
    assert not follows(nothing, Partition(kind="day", codes=np.array([0, 0]), names=["d"]))


@pytest.mark.parametrize(("wrong", "told"), [(0, True), (5, True), (6, False)])
def test_the_other_tells_it_where_it_saves_half_of_the_errors(wrong: int, *, told: bool) -> None:
    codes = np.repeat([0, 1], 20)
    strays = codes.copy()
    strays[:wrong] = 1
    strays[-wrong or 40 :] = 0
    other = Partition(kind="day", codes=codes, names=["one", "two"])
    assert follows(Partition(kind="category", codes=strays, names=["a", "b"]), other) is told


def test_a_row_in_no_segment_is_in_none_at_any_time() -> None:
    part = Partition(kind="c", codes=np.array([-1, 1, 0, -1]), names=["a", "b"])
    parts = by_time(part, np.array([1, 1, 0, 0]), ["early", "late"])
    assert (parts.codes.tolist(), parts.size) == ([-1, 3, 0, -1], 4)


def test_a_day_of_rows_that_all_differ_is_no_burst_and_nulls_repeat_each_other() -> None:
    fields = {"model": "m", "dataset": "d", "task": "binary", "estimator": "ridge", "label": "y", "classes": ("0", "1")}
    contract = Contract.model_validate(fields | {"features": {"numeric": ["x"]}, "types": {}})
    rows = pl.DataFrame({"x": [1.0, 2.0, None, None, 5.0], "y": [0, 0, 1, 1, 0]})
    at = pl.Series([START + timedelta(days=day) for day in (0, 0, 1, 1, 2)])
    read = bursts(contract, rows, days(at))
    assert read.observed.tolist() == [0.5, 1.0, 1.0]
    assert read.judged.tolist() == [False, True, False]
    assert (read.p[0], read.p[2]) == (1.0, 1.0)
    assert 0 < read.p[1] < 1
    assert (read.noise > 0).all()


def test_each_fold_is_judged_by_the_next_part_with_all_that_lies_before() -> None:
    assert cut(spread_out(*range(7)), 2) == [([0, 1], [2, 3]), ([0, 1, 2, 3], [4, 5, 6])]


def test_the_embargo_leaves_out_the_rows_whose_labels_were_not_known() -> None:
    assert cut(spread_out(*range(6)), 2, hours=1) == [([0], [2, 3]), ([0, 1, 2], [4, 5])]


def test_rows_of_the_very_time_at_which_judging_begins_are_not_learnt_from() -> None:
    assert cut(spread_out(0, 1, 1, 1, 1, 1), 1) == [([0], [3, 4, 5])]


@each(("hours", "count", "delay"), [((), 1, 0), ((0,), 1, 0), ((0, 0, 0, 0), 1, 0), ((0, 1, 2, 3), 1, 2)])
def test_a_fold_without_rows_on_either_side_is_refused(hours: tuple[float, ...], count: int, delay: float) -> None:
    rows = spread_out(*hours) if hours else spread_out(0).clear()
    with pytest.raises(ReconcilerError, match=f"fold 1 of {count} .* {rows.height} training rows are too few"):
        cut(rows, count, delay)


@pytest.mark.parametrize("kind", [Kind.NOISE, Kind.OUT_OF_RANGE, Kind.MISSING])
def test_nothing_is_spoiled_where_nothing_is_known(kind: Kind) -> None:
    rows = pl.DataFrame({"n": [NAN, NAN]})
    for some in (rows, rows.clear()):
        spoiled = spoil(some, Perturbation(kind=kind, share=1.0), ["n"], rows, seed=0)
        assert spoiled.values == 0
        assert spoiled.rows.equals(some)


def test_features_of_equal_values_are_spoiled_differently_and_no_feature_changes_nothing() -> None:
    rows = pl.DataFrame({"a": np.arange(100.0), "b": np.arange(100.0)})
    noise = Perturbation(kind=Kind.NOISE, share=0.5)
    spoiled = spoil(rows, noise, ["a", "b"], rows, seed=0).rows
    assert spoiled["a"].to_list() != spoiled["b"].to_list()
    assert spoil(rows, noise, [], rows, seed=0).rows.equals(rows)


def test_beyond_a_constant_of_nought_is_one_and_training_that_is_all_missing_counts_as_nought() -> None:
    beyond = Perturbation(kind=Kind.OUT_OF_RANGE, share=1.0, strength=3.0)
    rows = pl.DataFrame({"n": [7.0] * 30})
    for training in ([0.0, 0.0], [NAN]):
        assert set(spoil(rows, beyond, ["n"], pl.DataFrame({"n": training}), seed=0).rows["n"]) == {-3.0, 3.0}


def test_a_feature_is_not_raised_where_training_was_constant_and_gaps_stay() -> None:
    rows = pl.DataFrame({"n": [1.0, NAN]})
    raised = moved(rows, Relation.INCREASING, "n", pl.DataFrame({"n": [4.0, NAN, 4.0]}), seed=0)
    assert raised.equals(rows)
