"""A slice is measured as if its rows were all there is."""

import numpy as np
import pytest

from reconciler.domain.evidence import Gain
from reconciler.domain.known import Missing
from reconciler.statistics.bootstrap import Resampling, intervals, paired_gains
from reconciler.statistics.slices import sliced_gains, sliced_intervals

RNG = np.random.default_rng(3)
N = 120
Y = (np.arange(N) % 3 == 0).astype(float)
CHAMPION, CHALLENGER = RNG.random(N), np.clip(0.4 * Y + 0.6 * RNG.random(N), 0, 1)
GROUPS = np.arange(N) // 10 % 4
FEW = Resampling(seed=2, resamples=20)
NAMES = ["rocAuc", "brier"]


@pytest.mark.parametrize("code", [0, 3])
def test_a_slice_is_what_its_rows_alone_would_give(code):
    rows = code == GROUPS
    gains = sliced_gains("binary", NAMES, Y, (CHAMPION, CHALLENGER), GROUPS, FEW)
    assert gains[code] == paired_gains("binary", NAMES, Y[rows], (CHAMPION[rows], CHALLENGER[rows]), FEW)
    alone = sliced_intervals("binary", NAMES, Y, CHALLENGER, GROUPS, FEW)
    assert alone[code] == intervals("binary", NAMES, Y[rows], CHALLENGER[rows], FEW)


def test_other_slices_do_not_change_the_numbers():
    """Nor do rows that belong to no slice."""
    merged = np.where(GROUPS == 1, 1, np.where(GROUPS == 2, -1, 7))
    there, here = (sliced_gains("binary", NAMES, Y, (CHAMPION, CHALLENGER), codes, FEW) for codes in (GROUPS, merged))
    assert list(there) == [0, 1, 2, 3]
    assert list(here) == [1, 7]
    assert here[1] == there[1]


def test_a_slice_that_cannot_be_measured_leaves_the_others_alone():
    codes = np.where(Y == 1, GROUPS, 9)
    codes[:40] = 4
    gains = sliced_gains("binary", NAMES, Y, (CHAMPION, CHALLENGER), codes, FEW)
    assert {code for code, found in gains.items() if isinstance(found["brier"], Gain)} == {4}
    assert gains[9]["rocAuc"] == Missing(code="oneClass", why=f"all {(codes == 9).sum()} rows are of one class, 2 needed")


def test_a_slice_of_one_row_of_each_class_has_a_gain_that_nothing_can_be_left_out_of():
    codes = np.full(N, -1)
    codes[[int(np.flatnonzero(label == Y)[0]) for label in (0, 1)]] = 0
    found = sliced_gains("binary", ["brier"], Y, (CHAMPION, CHALLENGER), codes, FEW)[0]["brier"]
    assert isinstance(found, Gain)
    assert found.rows == 2


def test_strata_of_ones_own_are_cut_with_the_rows():
    own = Resampling(seed=2, resamples=20, strata=np.arange(N) % 2)
    rows = GROUPS == 2
    found = sliced_intervals("regression", ["mae"], CHAMPION, CHALLENGER, GROUPS, own)[2]
    cut = Resampling(seed=2, resamples=20, strata=(np.arange(N) % 2)[rows])
    assert found == intervals("regression", ["mae"], CHAMPION[rows], CHALLENGER[rows], cut)


def test_groups_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"groups of shape \(3,\) for 120 rows"):
        sliced_intervals("binary", NAMES, Y, CHAMPION, [0, 1, 2], FEW)


def test_no_rows_are_no_slices():
    assert sliced_gains("regression", ["mae"], [], ([], []), [], FEW) == {}
