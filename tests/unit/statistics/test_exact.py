"""Sums are exact, so nothing that only changes their order changes a bit of them."""

from fractions import Fraction

import numpy as np
import pytest

from reconciler.statistics import exact
from reconciler.statistics.exact import Columns, totals
from tests.cases import each

RNG = np.random.default_rng(8)
N = 700
WEIGHTS = RNG.multinomial(N, np.full(N, 1 / N), size=3).T.astype(np.uint8)
COLUMNS = np.stack([RNG.random(N), RNG.normal(size=N) * 1e9, np.exp(20 * RNG.normal(size=N)), RNG.random(N) < 0.5, np.zeros(N)])


def test_a_sum_is_the_exact_one_rounded_once():
    """To 2^-59 of the largest number, which is finer than floats are."""
    sums = Columns.of(COLUMNS).sums(WEIGHTS)
    for found, column in zip(sums, COLUMNS, strict=True):
        for one, weights in zip(found, WEIGHTS.T, strict=True):
            wanted = sum(Fraction(float(x)) * int(w) for x, w in zip(column, weights, strict=True))
            room = Fraction(float(abs(column).max())) * N / 2**59
            assert abs(Fraction(float(one)) - wanted) <= room + abs(wanted) / 2**53


@pytest.mark.parametrize("at_once", [1, 2**10, 2**30])
def test_neither_blocks_nor_the_order_of_rows_change_a_bit(monkeypatch, at_once):
    whole = Columns.of(COLUMNS).sums(WEIGHTS)
    order = RNG.permutation(N)
    monkeypatch.setattr(exact, "_SMALL", at_once)
    assert (Columns.of(COLUMNS[:, order]).sums(WEIGHTS[order]) == whole).all()
    assert any((COLUMNS[k] @ WEIGHTS != COLUMNS[k][order] @ WEIGHTS[order]).any() for k in (0, 1)), "plain sums do change"


def test_whole_numbers_need_no_rest():
    assert Columns.of(COLUMNS).rests.tolist() == [0, 1, 2]


def test_numbers_beyond_all_floats_are_told_as_no_number():
    with np.errstate(invalid="ignore"):
        sums = Columns.of(np.array([[np.inf, 1.0], [1e-320, 0.0]])).sums(np.ones((2, 1)))
    assert np.isnan(sums[0, 0])
    assert sums[1, 0] == 0


def test_no_columns_have_no_sums():
    assert Columns.of(np.empty((0, 5))).sums(np.ones((5, 2))).shape == (0, 2)


@each("rows", [1, 63, 64, 200])
@each("kind", [np.uint8, np.float64])
def test_totals_are_the_sums_of_the_columns(rows, kind):
    weights = RNG.integers(0, 256, (rows, 3)).astype(kind)
    assert totals(weights).tolist() == weights.sum(axis=0, dtype=float).tolist()
