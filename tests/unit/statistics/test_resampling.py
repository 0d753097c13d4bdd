"""Resamples are draws with replacement within each stratum, any of them without the others, and the same ones every time."""

import math

import numpy as np
import pytest

from reconciler.statistics import resampling
from reconciler.statistics.resampling import Draws, Resampling, draws, multinomial, resample
from tests.cases import each

Y = (np.arange(300) % 5 == 0).astype(float)
MANY_ROWS = 2000
"""More than are drawn one by one."""


def all_of(y, task="binary", **changes):
    return np.concatenate(list(draws(y, task, Resampling(**changes))), axis=1)


def filled(rows: int, resamples: int, seed: int = 4):
    weights = np.empty((rows, resamples), dtype=np.uint8)
    multinomial(np.random.default_rng(seed), weights)
    return weights.astype(int)


@pytest.mark.parametrize("rows", [300, 5 * MANY_ROWS])
def test_every_resample_keeps_the_size_of_each_class(rows):
    y = np.arange(rows) % 5 == 0
    weights = all_of(y.astype(float), resamples=40)
    assert weights.shape == (rows, 40)
    assert (weights[y].sum(axis=0) == rows // 5).all()
    assert (weights.sum(axis=0) == rows).all()


def test_strata_of_ones_own_are_kept_too():
    groups = np.array(["a", "b", "b"] * 100)
    weights = all_of(Y, "regression", resamples=20, strata=groups)
    assert (weights[groups == "a"].sum(axis=0) == 100).all()
    assert len(set(weights[Y == 1].sum(axis=0))) > 1, "the classes of a regression are not kept"
    with pytest.raises(ValueError, match="2 strata for 300 rows"):
        Draws.of(Y, "regression", Resampling(strata=np.array(["a", "b"])))


def test_one_resample_can_be_had_alone():
    """What makes a figure of resample 200 checkable without the 200 before it."""
    weights = all_of(Y, resamples=300, seed=9)
    assert Draws.of(Y, "binary", Resampling()).size < 300, "there are several blocks"
    for number in (0, 130, 299):
        assert (resample(Y, "binary", Resampling(seed=9, resamples=300), number) == weights[:, number]).all()
    with pytest.raises(IndexError):
        resample(Y, "binary", Resampling(resamples=300), 300)


def test_more_resamples_begin_with_the_same_ones():
    assert (all_of(Y, resamples=30) == all_of(Y, resamples=300)[:, :30]).all()
    assert (all_of(Y, resamples=30) != all_of(Y, resamples=30, seed=1)).any()


@each(("rows", "size"), [(1, 256), (500, 256), (10_000, 13), (10**6, 8), (10**7, 1), (10**9, 1)])
def test_a_block_holds_few_weights_however_many_rows_there_are(rows, size):
    assert Draws(order=np.empty(rows, dtype=np.bool_), sizes=(rows,), seed=0, resamples=2000).size == size


@pytest.mark.parametrize("rows", [500, MANY_ROWS])
def test_a_weight_is_binomial(rows):
    """The sum of squared deviations over 0 to 5 draws and more, of 400,000 weights: above 25 comes once in 7,000 times."""
    weights = filled(rows, 400_000 // rows)
    chances = [math.comb(rows, k) * (1 / rows) ** k * (1 - 1 / rows) ** (rows - k) for k in range(6)]
    expected = weights.size * np.array([*chances, 1 - sum(chances)])
    found = np.bincount(np.minimum(weights, 6).ravel(), minlength=7)
    assert ((found - expected) ** 2 / expected).sum() < 25


def test_two_rows_that_share_a_code_are_no_more_alike_than_others():
    """All pairs of rows of a multinomial have the correlation -1 / (n - 1)."""
    weights = filled(MANY_ROWS, 201)
    pairs = weights.ravel()[: weights.size // 2 * 2].reshape(-1, 2).T
    assert abs(np.corrcoef(pairs)[0, 1]) < 4 / np.sqrt(pairs.shape[1])


def test_the_table_and_what_it_rounds_away_are_the_poisson_law():
    pairs, rest = resampling._law(10_000)
    rate = 1 - 5 / 100
    table = pairs.view(np.uint8).reshape(-1, 2)
    assert (np.bincount(table[:, 0]) == np.bincount(table[:, 1])).all()
    of_codes = np.bincount(table[:, 0], minlength=256) / 65536
    left = np.diff(rest, prepend=0, append=1) * of_codes[255]
    for count in range(20):
        law = math.exp(-rate) * rate**count / math.factorial(count)
        assert of_codes[count] + left[count] == pytest.approx(law, rel=1e-9, abs=1e-15)


def test_a_poisson_sum_that_is_too_large_is_drawn_anew(monkeypatch):
    """It comes once in three million times, so it is provoked here: a rate far above one overshoots always."""
    monkeypatch.setattr(resampling, "_SAFE", -5.0)
    weights = filled(1777, 20)
    assert (weights.sum(axis=0) == 1777).all()
    assert weights.var() == pytest.approx(1, abs=0.05)
