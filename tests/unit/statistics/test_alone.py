"""What one feature alone tells: the area and R squared against closed forms and counting of pairs."""

import numpy as np
import pytest

from reconciler.domain.known import Missing
from reconciler.statistics.alone import area, bins_of, power_of_classes, power_of_line, power_of_numbers

RNG = np.random.default_rng(0)


def pairs(score, positive):
    """The share of pairs of a positive and a negative that are in the right order."""
    difference = score[positive][:, None] - score[~positive][None, :]
    return float((difference > 0).mean() + (difference == 0).mean() / 2)


def test_the_area_is_the_share_of_pairs_in_the_right_order():
    score, positive = RNG.integers(0, 6, 400), RNG.random(400) < 0.3
    groups = np.arange(6.0)
    above, below = np.bincount(score[positive], minlength=6), np.bincount(score[~positive], minlength=6)
    assert area(groups, above, below) == pytest.approx(pairs(score, positive))
    assert area(groups // 2, above, below) == pytest.approx(pairs(score // 2, positive))


def test_bins_have_equal_mass_and_one_is_for_what_is_no_number():
    learnt = np.append(RNG.normal(size=10_000), [np.nan, np.inf])
    codes, judged = bins_of(learnt, np.array([-99.0, 99.0, np.nan]))
    counts = np.bincount(codes)
    assert counts.size == 257
    assert counts[:-1].min() >= 38
    assert counts[-1] == 2
    assert judged.tolist() == [0, 255, 256]
    assert [part.tolist() for part in bins_of(np.full(3, np.nan), np.array([1.0]))] == [[1, 1, 1], [0]]


def test_of_two_classes_the_area_is_that_of_the_shares_learnt():
    truth = RNG.random(4_000) < 0.4
    group = np.where(RNG.random(4_000) < 0.8, truth, ~truth).astype(np.int64)
    learnt, judged = (group[:2_000], truth[:2_000].astype(np.int64)), (group[2_000:], truth[2_000:].astype(np.int64))
    assert power_of_classes(learnt, judged, 2) == pytest.approx(pairs(judged[0], judged[1] == 1))
    assert power_of_classes((1 - learnt[0], learnt[1]), (1 - judged[0], judged[1]), 2) == pytest.approx(
        pairs(judged[0], judged[1] == 1)
    )


def test_what_was_not_learnt_tells_nothing():
    truth = RNG.integers(0, 2, 1_000)
    fresh = np.full(1_000, -1)
    assert power_of_classes((truth, truth), (fresh, truth), 2) == pytest.approx(0.5)
    assert power_of_classes((truth, truth), (truth, truth), 2) == 1.0
    labels = RNG.normal(size=1_000)
    assert power_of_numbers((truth, labels), (fresh, labels)) == pytest.approx(0.0, abs=1e-9)


def test_several_classes_weigh_by_their_rows_and_rare_ones_are_left_out():
    truth = np.repeat([0, 1, 2], [600, 395, 5])
    group = np.where(truth == 0, 0, 1)
    assert power_of_classes((group, truth), (group, truth), 3) == pytest.approx(
        (600 * 1.0 + 395 * pairs(group, truth == 1)) / 995
    )
    assert isinstance(power_of_classes((group[:5], truth[:5]), (group[:5], truth[:5]), 3), Missing)


def test_of_numbers_it_is_the_share_of_the_variance_between_groups():
    group = RNG.integers(0, 3, 6_000)
    labels = group * 2.0 + RNG.normal(size=6_000)
    learnt, judged = (group[:3_000], labels[:3_000]), (group[3_000:], labels[3_000:])
    explained = 4 * np.var([0, 1, 2]) / (4 * np.var([0, 1, 2]) + 1)
    assert power_of_numbers(learnt, judged) == pytest.approx(explained, abs=0.02)
    assert isinstance(power_of_numbers(learnt, (judged[0], np.ones(3_000))), Missing)


def test_a_line_is_the_squared_correlation_of_what_is_there():
    x = RNG.normal(size=500)
    y = 3 - 2 * x + RNG.normal(size=500)
    assert power_of_line(x, y) == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2)
    assert power_of_line(np.append(x, np.nan), np.append(y, 1.0)) == pytest.approx(power_of_line(x, y))
    assert isinstance(power_of_line(np.ones(500), y), Missing)
