"""What spoiling inputs changes, and what it leaves alone."""

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from reconciler.pipeline.perturbed import UNSEEN, concerned, moved, spoil
from reconciler.rules.perturbation import Kind, Perturbation, Relation
from reconciler.specs.model import Features
from tests.cases import each

FEATURES = Features(numeric=("size", "weight"), categorical=("colour",))
GENERATOR = np.random.default_rng(0)
ROWS = pl.DataFrame(
    {
        "size": [float("nan"), *GENERATOR.uniform(0, 10, 999)],
        "weight": [5.0] * 1000,
        "colour": [None, *GENERATOR.choice(["red", "blue"], 999).tolist()],
    }
)


def spoilt(kind: Kind, **fields):
    perturbation = Perturbation.model_validate({"kind": kind} | fields)
    return spoil(ROWS, perturbation, concerned(perturbation, FEATURES), ROWS, seed=1)


@each(
    ("kind", "names"),
    [
        (Kind.NOISE, ("size", "weight")),
        (Kind.OUT_OF_RANGE, ("size", "weight")),
        (Kind.MISSING, ("size", "weight", "colour")),
        (Kind.PERMUTED_CATEGORIES, ("colour",)),
        (Kind.UNSEEN_CATEGORIES, ("colour",)),
    ],
)
def test_a_kind_is_for_features_of_its_sort(kind, names):
    assert concerned(Perturbation(kind=kind), FEATURES) == names
    assert concerned(Perturbation(kind=kind, features=("colour", "size")), FEATURES) == tuple(
        name for name in names if name != "weight"
    )
    untouched = set(ROWS.columns) - set(names)
    assert_frame_equal(spoilt(kind).rows.select(sorted(untouched)), ROWS.select(sorted(untouched)))


@each("kind", Kind)
def test_a_share_is_spoiled_the_same_way_each_time_and_gaps_stay(kind):
    once, again = spoilt(kind, share=0.3), spoilt(kind, share=0.3)
    assert_frame_equal(once.rows, again.rows)
    there = 1999 if kind in (Kind.NOISE, Kind.OUT_OF_RANGE) else 2998 if kind is Kind.MISSING else 999
    assert once.values == pytest.approx(0.3 * there, rel=0.1)
    assert once.rows["size"].is_nan()[0]
    assert once.rows["colour"][0] is None
    assert once.rows.schema == ROWS.schema


def test_noise_is_a_share_of_the_spread_and_a_constant_has_none():
    noisy = spoilt(Kind.NOISE, strength=0.5).rows
    added = (noisy["size"] - ROWS["size"])[1:].to_numpy()
    assert added.std() == pytest.approx(0.5 * ROWS["size"][1:].to_numpy().std(), rel=0.1)
    assert abs(added.mean()) < 0.1
    assert noisy["weight"].to_list() == ROWS["weight"].to_list()


def test_values_leave_the_range_at_either_end():
    size, weight = (spoilt(Kind.OUT_OF_RANGE, share=1, strength=2).rows[name][1:].to_numpy() for name in ("size", "weight"))
    low, high = ROWS["size"][1:].to_numpy().min(), ROWS["size"][1:].to_numpy().max()
    assert sorted(set(size.round(9))) == pytest.approx([low - 2 * (high - low), high + 2 * (high - low)])
    assert set(weight) == {-5.0, 15.0}


def test_categories_become_others_or_one_that_nobody_has_seen():
    permuted = spoilt(Kind.PERMUTED_CATEGORIES, share=1).rows["colour"]
    assert permuted.value_counts(sort=True)["count"][0] == pytest.approx(500, abs=50)
    assert 300 < (permuted != ROWS["colour"]).sum() < 700
    assert set(spoilt(Kind.UNSEEN_CATEGORIES, share=1).rows["colour"][1:]) == {UNSEEN}


def test_a_missing_number_is_nan_and_a_missing_category_is_null():
    rows = spoilt(Kind.MISSING, share=1).rows
    assert rows["size"].is_nan().all()
    assert rows["colour"].is_null().all()


def test_a_feature_is_raised_by_its_spread_or_takes_the_value_of_another_row():
    raised = moved(ROWS, Relation.INCREASING, "size", ROWS, seed=0)["size"] - ROWS["size"]
    assert raised[1:].to_numpy() == pytest.approx(ROWS["size"][1:].to_numpy().std())
    shuffled = moved(ROWS, Relation.INVARIANT, "colour", ROWS, seed=0)["colour"]
    assert shuffled.to_list() != ROWS["colour"].to_list()
    assert sorted(map(str, shuffled)) == sorted(map(str, ROWS["colour"]))
