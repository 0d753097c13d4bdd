"""Limits of groups against SciPy and published examples."""

import math

import pytest
from scipy import stats

from reconciler.statistics.groups import deviations, least_contrast, rate_limits

Z = deviations(0.025)


@pytest.mark.parametrize(("share", "degrees"), [(0.025, math.inf), (0.001, math.inf), (0.05, 25), (0.001, 25), (0.0001, 60)])
def test_deviations_are_quantiles_of_students_t(share, degrees):
    assert deviations(share, degrees) == pytest.approx(stats.t.isf(share, degrees), rel=2e-3)


@pytest.mark.parametrize(("hits", "rows"), [(0, 20), (3, 40), (40, 40), (500, 1000)])
def test_limits_of_a_rate_are_wilsons(hits, rows):
    wanted = stats.binomtest(hits, rows).proportion_ci(method="wilson")
    assert rate_limits(hits / rows, rows, Z) == pytest.approx((wanted.low, wanted.high), abs=1e-12)


@pytest.mark.parametrize(
    ("high", "low", "wanted"),
    [((56, 70), (48, 80), 0.0524), ((9, 10), (3, 10), 0.1705), ((10, 10), (0, 20), 0.6791), ((5, 56), (0, 29), -0.0381)],
)
def test_the_contrast_of_two_rates_is_newcombes(high, low, wanted):
    """The lower limits of method 10 in the table II of Newcombe 1998."""
    (a, m), (b, n) = high, low
    larger, smaller = (a / m, rate_limits(a / m, m, Z)[0]), (b / n, rate_limits(b / n, n, Z)[1])
    assert least_contrast(larger, smaller) == pytest.approx(wanted, abs=5e-5)


def test_a_weighted_contrast_is_of_means():
    reach = math.hypot(0.8 * 0.3, 0.4)
    assert least_contrast((5.0, 4.7), (3.0, 3.4), 0.8) == pytest.approx(0.8 * 5 - 3 - reach)
