"""The chi-squared tail is SciPy's, and Holm's correction is the textbook's."""

import pytest
from scipy.stats import chi2

from reconciler.statistics.significance import chi_squared_tail, holm


@pytest.mark.parametrize("degrees", [1, 2, 3, 9, 10, 57, 200, 201])
@pytest.mark.parametrize("share", [0.01, 0.5, 1, 2, 8])
def test_the_tail_agrees_with_scipy(degrees, share):
    value = degrees * share
    assert chi_squared_tail(value, degrees) == pytest.approx(chi2.sf(value, degrees), rel=1e-10, abs=1e-300)


@pytest.mark.parametrize(("value", "degrees"), [(0.0, 5), (-1e-18, 5), (3.0, 0), (5e-324, 1), (5e-324, 2)])
def test_no_distance_is_no_evidence(value, degrees):
    assert chi_squared_tail(value, degrees) == 1.0


def test_an_enormous_distance_is_certain_and_no_overflow():
    assert chi_squared_tail(1e9, 7) == 0.0


@pytest.mark.parametrize(
    ("p_values", "rejected"),
    [
        ([], ()),
        ([0.01], (True,)),
        ([0.011], (False,)),
        ([0.004, 0.0049, 0.5], (False, False, False)),
        ([0.5, 0.003, 0.0049], (False, True, True)),
        ([0.02, 0.001, 0.02], (False, True, False)),
    ],
)
def test_holm_steps_down_from_the_smallest(p_values, rejected):
    assert holm(p_values, 0.01) == rejected
