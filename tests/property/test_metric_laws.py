"""Laws of metrics, of the chi-squared tail and of Holm's correction: what must hold for any numbers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reconciler.domain.known import Missing
from reconciler.domain.metrics import metrics_of
from reconciler.statistics.bootstrap import Resampling, intervals, paired_gains
from reconciler.statistics.drift.measure import Drift, drifted
from reconciler.statistics.drift.psi import psi
from reconciler.statistics.metrics import measure
from reconciler.statistics.significance import chi_squared_tail, holm
from tests.builders import a_profile

SIZE = 12
LABELS = arrays(np.float64, SIZE, elements=st.sampled_from([0.0, 1.0])).filter(lambda y: 0 < y.sum() < y.size)
SHARES = arrays(np.float64, SIZE, elements=st.floats(0, 1))
NUMBERS = arrays(np.float64, SIZE, elements=st.floats(-1e6, 1e6))
P_VALUES = st.lists(st.floats(0, 1), max_size=15)
COUNTS = st.lists(st.integers(0, 500), min_size=10, max_size=10).filter(lambda counts: sum(counts) > 0)
UNIT = ("rocAuc", "averagePrecision", "accuracy", "f1", "precision", "recall", "brier")


@given(LABELS, SHARES)
def test_scores_of_classification_lie_between_zero_and_one(y, prediction):
    for name in UNIT:
        assert 0 <= measure("binary", name, y, prediction) <= 1 + 1e-12
    assert measure("binary", "logLoss", y, prediction) >= 0


@given(LABELS, SHARES)
def test_roc_auc_counts_pairs(y, prediction):
    positive, negative = prediction[y == 1], prediction[y == 0]
    wins = (positive[:, None] > negative).mean() + (positive[:, None] == negative).mean() / 2
    assert abs(measure("binary", "rocAuc", y, prediction) - wins) < 1e-12


@given(NUMBERS, NUMBERS)
def test_the_mean_error_is_never_above_the_root_of_the_mean_square(y, prediction):
    assert measure("regression", "mae", y, prediction) <= measure("regression", "rmse", y, prediction) * (1 + 1e-9) + 1e-9


@given(NUMBERS, NUMBERS, st.floats(-1e6, 1e6))
def test_errors_do_not_depend_on_where_zero_is(y, prediction, shift):
    for name in ("mae", "rmse"):
        moved = measure("regression", name, y + shift, prediction + shift)
        np.testing.assert_allclose(moved, measure("regression", name, y, prediction), rtol=1e-6, atol=1e-6)


@given(LABELS, SHARES, st.integers(0, 2**32 - 1))
def test_an_interval_is_ordered_and_as_often_the_same_as_one_asks(y, prediction, seed):
    asked = Resampling(seed=seed, resamples=20)
    found = intervals("binary", metrics_of("binary"), y, prediction, asked)
    assert found == intervals("binary", metrics_of("binary"), y, prediction, asked)
    for one in found.values():
        assert not isinstance(one, Missing)
        assert one.low <= one.high
        assert one.rows == SIZE


@given(LABELS, SHARES, SHARES)
def test_what_the_challenger_gains_the_champion_would_lose(y, champion, challenger):
    names, asked = ["rocAuc", "brier"], Resampling(seed=1, resamples=20)
    there = paired_gains("binary", names, y, (champion, challenger), asked)
    back = paired_gains("binary", names, y, (challenger, champion), asked)
    for name in names:
        assert there[name].gain == -back[name].gain
        np.testing.assert_allclose(there[name].quantiles[0.05], -back[name].quantiles[0.95], atol=1e-12)


@given(st.floats(0, 500), st.floats(0, 500), st.integers(1, 60))
def test_a_larger_distance_is_never_likelier(one, other, degrees):
    near, far = sorted((one, other))
    assert 0 <= chi_squared_tail(far, degrees) <= chi_squared_tail(near, degrees) + 1e-12 <= 1 + 1e-12


@given(st.floats(0, 500), st.integers(1, 60))
def test_more_degrees_make_a_distance_likelier(value, degrees):
    assert chi_squared_tail(value, degrees) <= chi_squared_tail(value, degrees + 1) + 1e-12


@given(P_VALUES, st.floats(0.001, 0.2))
def test_holm_rejects_more_than_bonferroni_and_less_than_no_correction(p_values, alpha):
    rejected = holm(p_values, alpha)
    assert len(rejected) == len(p_values)
    for p, out in zip(p_values, rejected, strict=True):
        assert out or p > alpha / len(p_values)
        assert not out or p <= alpha


@given(P_VALUES, st.randoms(use_true_random=False))
def test_the_order_of_hypotheses_means_nothing(p_values, chance):
    order = list(range(len(p_values)))
    chance.shuffle(order)
    rejected = holm(p_values, 0.05)
    assert holm([p_values[place] for place in order], 0.05) == tuple(rejected[place] for place in order)


@given(P_VALUES, st.floats(0.001, 0.2))
def test_who_is_rejected_has_no_larger_p_value_than_who_is_not(p_values, alpha):
    rejected = holm(p_values, alpha)
    inside = [p for p, out in zip(p_values, rejected, strict=True) if out]
    outside = [p for p, out in zip(p_values, rejected, strict=True) if not out]
    assert not inside or not outside or max(inside) <= min(outside)


@given(COUNTS, COUNTS, st.integers(1, 9))
def test_psi_is_finite_however_empty_a_bin_is_on_either_side(one, other, place):
    emptied = [0 if index == place else count for index, count in enumerate(one)]
    drift = psi(a_profile(*emptied).features["distance"], a_profile(*other).features["distance"])
    assert 0 <= drift.value < 50
    assert 0 <= drift.p_value <= 1


@given(COUNTS, COUNTS)
def test_psi_does_not_depend_on_the_order_of_the_bins(one, other):
    value = psi(a_profile(*one).features["distance"], a_profile(*other).features["distance"])
    turned = psi(a_profile(*one[::-1]).features["distance"], a_profile(*other[::-1]).features["distance"])
    np.testing.assert_allclose([turned.value, turned.p_value], [value.value, value.p_value], rtol=1e-9, atol=1e-12)


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.builds(Drift, value=st.floats(0, 3), p_value=st.floats(0, 1)), max_size=6),
    st.floats(0, 3),
    st.floats(0, 3),
)
def test_a_higher_cut_never_finds_more(drifts, one, other):
    low, high = sorted((one, other))
    found = drifted(drifts, low)
    assert set(drifted(drifts, high)) <= set(found)
    assert [drifts[name].value for name in found] == sorted((drifts[name].value for name in found), reverse=True)
