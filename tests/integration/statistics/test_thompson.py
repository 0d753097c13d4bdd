"""Thompson sampling: chances by a closed form, the seed alone decides, names and places do not, and floors are kept."""

import math

import pytest
from scipy import stats

from reconciler.statistics.thompson import DRAWS, chances_to_be_best, weights_of
from tests.rollouts import LIVE, NEW, THIRD, share, sums


def test_the_chance_of_two_means_is_the_normal_one():
    arms = [sums(10, 4, 400), sums(10.5, 3, 900)]
    expected = stats.norm.cdf(0.5 / math.sqrt(16 / 400 + 9 / 900))
    assert chances_to_be_best(arms, seed=1)[1] == pytest.approx(expected, abs=4 * 0.5 / math.sqrt(DRAWS))


def test_the_chance_of_two_rates_is_that_of_two_betas():
    chance = chances_to_be_best([share(3, 20), share(6, 20)], seed=1)[1]
    grid = [(step + 0.5) / 4000 for step in range(4000)]
    expected = sum(stats.beta.pdf(grid, 7, 15) * stats.beta.cdf(grid, 4, 18)) / 4000
    assert chance == pytest.approx(expected, abs=4 * 0.5 / math.sqrt(DRAWS))


def test_the_seed_decides_and_nothing_else():
    arms = [share(3, 20), share(6, 20), share(5, 30)]
    assert chances_to_be_best(arms, 7) == chances_to_be_best(arms, 7) != chances_to_be_best(arms, 8)
    assert chances_to_be_best(arms[::-1], 7) == chances_to_be_best(arms, 7)[::-1]
    assert sum(chances_to_be_best(arms, 7)) == pytest.approx(1)


def test_equal_counts_have_equal_chances():
    first, second, third = chances_to_be_best([share(6, 20), share(5, 30), share(6, 20)], 7)
    assert first == third != second


@pytest.mark.parametrize(
    ("chances", "floor", "expected"),
    [
        ({LIVE: 0.1, NEW: 0.9}, 5, {LIVE: 14, NEW: 86}),
        ({LIVE: 0.0, NEW: 1.0}, 5, {LIVE: 5, NEW: 95}),
        ({LIVE: 1 / 3, NEW: 1 / 3, THIRD: 1 / 3}, 1, {LIVE: 34, NEW: 33, THIRD: 33}),
        ({LIVE: 0.2, NEW: 0.8}, 50, {LIVE: 50, NEW: 50}),
    ],
)
def test_weights_are_whole_keep_the_floor_and_add_up(chances, floor, expected):
    found = weights_of(chances, floor)
    assert found == expected
    assert sum(found.values()) == 100


def test_floors_above_all_there_is_are_refused():
    with pytest.raises(ValueError, match="3 releases with 40 % each"):
        weights_of(dict.fromkeys((LIVE, NEW, THIRD), 1 / 3), 40)
