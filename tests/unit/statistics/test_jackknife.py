"""Degrees of freedom: as many as there are rows when all count alike, and few when few rows decide."""

import numpy as np
import pytest

from reconciler.statistics import bootstrap
from reconciler.statistics.bootstrap import paired_gains
from reconciler.statistics.jackknife import GROUPS, Groups
from reconciler.statistics.resampling import Draws, Resampling
from tests.cases import each

RNG = np.random.default_rng(14)


def groups_of(y, task="binary", **changes) -> Groups:
    return Groups.of(Draws.of(np.asarray(y, float), task, Resampling(**changes)))


def mean_without(groups: Groups, values) -> np.ndarray:
    weights = np.concatenate([groups.block(number) for number in groups.blocks], axis=1)
    return values @ weights / weights.sum(axis=0)


def degrees_of(values) -> float:
    """Of the mean of the values of a regression, whose rows are one stratum."""
    groups = groups_of(values, "regression")
    return groups.degrees(
        mean_without(groups, np.asarray(values)[Draws.of(np.asarray(values), "regression", Resampling()).order])
    )


def test_every_row_is_left_out_once_with_others_of_its_stratum():
    y = np.arange(1000) % 4 == 0
    groups = groups_of(y)
    out = 1 - np.concatenate([groups.block(number) for number in groups.blocks], axis=1).astype(int)
    assert (out.sum(axis=1) == 1).all()
    assert (groups.sizes, groups.counts) == ((750, 250), (94, 84))
    negatives = np.arange(1000) < 750
    assert ((out[negatives].sum(axis=0) == 0) | (out[~negatives].sum(axis=0) == 0)).all()
    assert out.sum(axis=0).max() == 8


def test_a_stratum_of_one_row_is_never_left_out():
    groups = groups_of([0, 1, 1, 1, 0.5], "multiclass")
    assert (groups.counts, groups.sizes) == ((3,), (3,))
    assert sorted(groups.labels) == [-1, -1, 0, 1, 2]


def test_few_groups_however_many_rows_and_strata():
    assert sum(groups_of(np.arange(5000) % 2).counts) <= GROUPS
    assert sum(groups_of(np.zeros(5000), "regression", strata=np.arange(5000) % 50).counts) <= GROUPS


@pytest.mark.parametrize("n", [30, 200, 5000])
def test_rows_that_all_count_alike_give_as_many_degrees_as_the_normal_law(n):
    """n - 1, but for what the fourth moment of n rows or of the groups is known to."""
    found = np.median([degrees_of(RNG.normal(size=n)) for _ in range(20)])
    assert (n - 1) / 2 <= found <= n - 1


@each("few", [3, 10])
@each("n", [500, 20_000])
def test_a_few_rows_that_differ_give_few_degrees(n, few):
    """Of n rows only some are not zero: the spread is known as well as from twice as many rows as those."""
    values = np.zeros(n)
    values[RNG.choice(n, few, replace=False)] = RNG.choice([-1.0, 1.0], few)
    assert degrees_of(values) == pytest.approx(2 * few, rel=0.35)


def test_no_spread_needs_no_degrees_and_no_number_has_but_one():
    assert degrees_of(np.full(50, 3.0)) == np.inf
    groups = groups_of(np.arange(20) % 2)
    assert groups.degrees(np.full(20, np.nan)) == 1.0


def test_models_that_differ_in_few_rows_are_told_apart_with_more_caution():
    """Of 400 rows five are answered better and none worse: chance alone does that once in 32 times."""
    y = (np.arange(400) % 4 == 0).astype(float)
    champion = np.where(y == 1, 0.7, 0.3)
    challenger = champion + np.where(np.isin(np.arange(400), [8, 48, 100, 200, 300]), 0.1, 0.0)
    (gain,) = paired_gains("binary", ["brier"], y, (champion, challenger), Resampling()).values()
    resamples = np.random.default_rng(1).poisson(5, 2000) * gain.gain / 5
    assert np.quantile(resamples, 0.01) > 0, "the percentile alone is sure of it at 99 %"
    assert gain.quantiles[0.05] > 0 >= gain.quantiles[0.01]


def test_the_outer_of_two_bounds_is_taken(monkeypatch):
    """The percentile of a law that leans to the left, Student's of one that leans to the right; the median as it is."""
    leaning = RNG.exponential(size=4000) - 1
    for resampled in (leaning, -leaning):
        found = dict(zip(bootstrap.QUANTILES, bootstrap._levels(0.0, resampled, np.inf), strict=True))
        percentile, student = np.quantile(resampled, 0.05), -1.6449 * resampled.std()
        assert found[0.05] == pytest.approx(min(percentile, student), rel=1e-3)
        assert found[0.5] == np.quantile(resampled, 0.5)
        assert list(found.values()) == sorted(found.values())
    fewer = bootstrap._levels(0.0, leaning, 4.0)
    assert (fewer[:5] < bootstrap._levels(0.0, leaning, np.inf)[:5]).all()
