"""Distances from siblings against leaving each out by hand; Holm's correction against the test that it stands for."""

import numpy as np
import pytest

from reconciler.statistics.segments import Partition, distances, holm_adjusted
from reconciler.statistics.significance import holm

RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    "excess", [RNG.normal(size=40), RNG.integers(0, 4, 25) / 3, RNG.normal(size=5)], ids=["many", "ties", "five"]
)
def test_a_distance_is_in_spreads_of_the_others(excess):
    noise = RNG.random(excess.size) / 5
    for place, found in enumerate(distances(excess, noise)):
        others = np.delete(excess, place)
        spread = max(0.0, np.quantile(others, 0.9) - np.median(others)) / 1.2816
        assert found == pytest.approx((excess[place] - np.median(others)) / np.hypot(spread, noise[place]))


def test_a_segment_among_few_or_equal_ones_is_not_far():
    assert distances(np.array([9.0, 0, 0, 0]), np.ones(4)).tolist() == [0.0] * 4
    assert distances(np.zeros(9), np.zeros(9)).tolist() == [0.0] * 9
    assert distances(np.empty(0), np.empty(0)).size == 0


def test_a_tenth_of_odd_siblings_does_not_hide_one_more():
    calm = RNG.normal(0, 0.01, 60)
    assert distances(np.append(calm, [1.0] * 5), np.full(65, 0.01))[-1] > 20


def test_holm_adjusted_below_alpha_is_what_holm_rejects():
    p = np.append(RNG.random(30) ** 6, [0.0, 1.0])
    for alpha in (0.001, 0.01, 0.2):
        assert (holm_adjusted(p) <= alpha).tolist() == list(holm(p.tolist(), alpha))


def test_sums_leave_out_rows_of_no_segment():
    part = Partition(kind="day", codes=np.array([0, 2, -1, 2]), names=["a", "b", "c"])
    assert part.sums().tolist() == [1, 0, 2]
    assert part.sums(np.array([1.0, 2, 4, 8])).tolist() == [1, 0, 10]
    assert part.sums(np.array([1.0, 2, 4, 8]), np.array([True, False, True, True])).tolist() == [1, 0, 8]
