"""Shares of importance: closed forms, and how sure they are."""

import numpy as np
import pytest

from reconciler.statistics.importance import leanings, ranged_shares, shares
from reconciler.statistics.resampling import Resampling

RESAMPLING = Resampling(seed=1, resamples=2000)


def test_shares_add_up_to_one_and_what_helps_when_shuffled_has_none():
    growth = np.array([[3.0, 0.0, -1.0], [1.0, 0.0, -2.0], [-2.0, 0.0, -3.0]])
    assert shares(growth).T.tolist() == [[0.75, 0.25, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]


def test_the_interval_is_that_of_the_delta_method():
    """Two features with normal growths of means 3 and 1: the share's variance by its derivatives."""
    rows = 4000
    growth = np.random.default_rng(0).normal([[3.0], [1.0]], [[2.0], [1.0]], (2, rows))
    share = ranged_shares(["a", "b"], growth, RESAMPLING)["a"]
    a, b = growth.mean(axis=1)
    deviation = np.hypot(b * 2.0, a * 1.0) / (a + b) ** 2 / np.sqrt(rows)
    assert share.value == pytest.approx(a / (a + b))
    assert share.high - share.low == pytest.approx(2 * 1.96 * deviation, rel=0.08)
    assert share.low < 0.75 < share.high


def test_models_are_compared_on_the_same_resamples_so_twins_do_not_differ_at_all():
    growth = np.random.default_rng(0).normal(1.0, 5.0, (3, 500))
    for leaning in leanings(["a", "b", "c"], growth, growth.copy(), RESAMPLING).values():
        assert (leaning.shift.low, leaning.shift.value, leaning.shift.high) == (0.0, 0.0, 0.0)
        assert leaning.live == leaning.candidate
