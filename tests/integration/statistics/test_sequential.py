"""Limits that hold at every look: against closed forms, SciPy, and paths of noise."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import optimize, stats

from reconciler.domain.tallies import Buckets
from reconciler.statistics.bucketed import quantile_ever
from reconciler.statistics.sequential import (
    Trust,
    deviations_ever,
    mean_gap,
    rows_needed,
    share_gap,
    share_over,
    smoothed,
    variance,
)
from reconciler.statistics.two_sample import p_of_gain
from tests.rollouts import share, sums

TRUST = Trust(harm=0.05, proof=0.05, planned=5000)


def log_mixture(deviation: float, rows: float, rho: float) -> float:
    """The half-normal mixture martingale itself, which the boundary must bring to 1 / chance."""
    reach = deviation * math.sqrt(rows / (rows + rho))
    return math.log(2) + math.log(rho / (rows + rho)) / 2 + reach**2 / 2 + stats.norm.logcdf(reach)


@pytest.mark.parametrize("chance", [0.05, 0.01, 0.002])
@pytest.mark.parametrize("rows", [1, 50, 5000, 10**6])
def test_the_boundary_is_the_mixture_s_or_a_little_outside(chance, rows):
    rho = 5000 / (-2 * math.log(2 * chance) + math.log1p(-2 * math.log(2 * chance)))
    ours = deviations_ever(rows, 5000, chance)
    exact = optimize.brentq(lambda deviation: log_mixture(deviation, rows, rho) + math.log(chance), 0, 500)
    assert exact <= ours <= 1.02 * exact


@pytest.mark.parametrize("chance", [0.05, 0.01])
def test_it_is_tightest_at_the_planned_rows(chance):
    """No other plan gives tighter limits there."""
    others = [deviations_ever(5000, planned, chance) for planned in np.geomspace(10, 10**7, 200)]
    assert deviations_ever(5000, 5000, chance) == pytest.approx(min(others), rel=1e-3)


def test_noise_passes_the_boundary_ever_as_seldom_as_asked():
    paths = np.random.default_rng(5).standard_normal((1000, 4000)).cumsum(axis=1)
    limits = [deviations_ever(rows, 1000, 0.05) * math.sqrt(rows) for rows in range(1, 4001)]
    passed = int((paths > np.array(limits)).any(axis=1).sum())
    assert passed <= stats.binom.ppf(1 - 1e-4, 1000, 0.05)
    assert passed >= 10  # else the limits would be needlessly wide
    assert int((paths > stats.norm.ppf(0.95) * np.sqrt(np.arange(1, 4001))).any(axis=1).sum()) > 300  # which looking often does


def test_rows_needed_is_the_convention():
    assert rows_needed(0.05 * 0.95, 0.02) == math.ceil(16 * 0.05 * 0.95 / 0.02**2) == 1900


def test_a_gap_of_shares_in_one_stretch():
    gap = share_gap([(share(140, 2000), share(1900, 38000))], 0.02, TRUST)
    assert gap.value == pytest.approx(0.02)
    both = 2040.5 / 40001
    error = math.sqrt(both * (1 - both) * (1 / 2000 + 1 / 38000))
    far = deviations_ever(1900, 5000, 0.05)
    assert gap.lower == pytest.approx(0.02 - far * error - far**2 / 6 * 0.95 / 1900)
    assert gap.rows == 2000


@pytest.mark.parametrize("hits", [140, 60])
def test_its_upper_limit_takes_the_variance_of_what_it_refutes(hits):
    """Never less than that of a release that is worse by the margin, so luck on few rows proves nothing."""
    gap = share_gap([(share(hits, 2000), share(1900, 38000))], 0.02, TRUST)
    live = 1900.5 / 38001
    worse = max((hits + 0.5) / 2001, live + 0.02)
    far = deviations_ever(1900, 5000, 0.05)
    error = math.sqrt(worse * (1 - worse) / 2000 + live * (1 - live) / 38000)
    assert gap.upper == pytest.approx(gap.value + far * error + far**2 / 6 * 0.05 / 1900)


def test_more_hits_never_lower_the_upper_limit_however_frequent_they_are():
    uppers = [share_gap([(share(hits, 200), share(180, 200))], 0.02, TRUST).upper for hits in range(201)]
    assert uppers == sorted(uppers)


def test_stretches_are_compared_one_by_one():
    """Simpson's paradox: equal in each, far apart when added up."""
    pairs = [(share(20, 2000), share(380, 38000)), (share(600, 6000), share(600, 6000))]
    assert share_gap(pairs, 0.02, TRUST).value == 0
    assert (20 + 600) / 8000 - (380 + 600) / 44000 > 0.05


def test_no_error_yet_proves_nothing_on_few_rows():
    assert share_gap([(share(0, 100), share(0, 1900))], 0.02, TRUST).upper > 0.02
    assert share_gap([(share(0, 4000), share(0, 76000))], 0.02, TRUST).upper < 0.02


def test_a_gap_of_means_is_as_wide_as_its_standard_error_says():
    gap = mean_gap([(sums(11, 4, 3000), sums(10, 5, 6000))], TRUST)
    both = (16 * 3000 + 25 * 6000) / 8998
    error = math.sqrt(both / 3000 + 25 / 5999)  # the smaller variance is no smaller than that of both
    assert gap.value == pytest.approx(1)
    assert gap.upper - gap.value == pytest.approx(deviations_ever(2000, 5000, 0.05) * error)
    assert gap.upper - gap.value == pytest.approx(gap.value - gap.lower)


def test_a_share_over_a_bound_is_centred():
    over = share_over(share(300, 3000), 0.1, TRUST)
    assert over.value == 0
    assert over.lower < 0 < over.upper


def test_variance_is_the_unbiased_one():
    numbers = np.random.default_rng(1).exponential(size=500)
    exact = type(sums(0, 1, 2)).of(numbers.tolist())
    assert variance(exact) == pytest.approx(numbers.var(ddof=1), rel=1e-12)
    assert math.isnan(variance(sums(1, 0, 1)))
    assert (smoothed(share(0, 9)), exact.total) == (0.05, sum(map(Fraction, numbers.tolist())))


@pytest.mark.parametrize(("mine", "live"), [((120, 1000), (100, 1000)), ((30, 500), (300, 5000))])
def test_a_fixed_horizon_agrees_with_the_test_of_proportions(mine, live):
    rate = [hits / rows for hits, rows in (mine, live)]
    error = math.sqrt(sum(p * (1 - p) / n for p, (_, n) in zip(rate, (mine, live), strict=True)))
    expected = stats.norm.sf((rate[0] - rate[1]) / error)
    assert p_of_gain(share(*mine), share(*live)) == pytest.approx(expected, abs=5e-3)


def test_a_fixed_horizon_of_means_is_welch_s_test():
    rng = np.random.default_rng(2)
    mine, live = rng.normal(10.3, 2, 300), rng.normal(10, 3, 500)
    counted = [type(sums(0, 1, 2)).of(one.tolist()) for one in (mine, live)]
    expected = stats.ttest_ind(mine, live, equal_var=False, alternative="greater").pvalue
    assert p_of_gain(*counted) == pytest.approx(expected, rel=1e-9)


def test_what_has_no_spread_has_no_p_value():
    assert math.isnan(p_of_gain(sums(1, 0, 300), sums(1, 0, 300)))
    with pytest.raises(TypeError, match="a share and sums"):
        p_of_gain(share(1, 300), sums(1, 1, 300))


def test_a_quantile_lies_between_its_limits_and_they_in_their_buckets():
    found = quantile_ever(Buckets(counts=(900, 60, 30, 10), edges=(0.1, 0.2, 0.4)), 0.95, 5000, 0.05)
    assert found.value == pytest.approx(0.1 + 0.1 * 50 / 60)
    assert found.low <= found.lower < found.value < found.upper <= found.high
    assert found.growth == 2


@pytest.mark.parametrize(("counts", "expected"), [((10, 0, 0, 0), 0.095), ((0, 0, 0, 10), math.inf), ((0, 0, 10, 0), 0.39)])
def test_quantiles_of_one_bucket(counts, expected):
    assert quantile_ever(Buckets(counts=counts, edges=(0.1, 0.2, 0.4)), 0.95, 5000, 0.05).value == pytest.approx(expected)


def test_the_limits_of_a_quantile_hold_ever():
    """The 95 % quantile of uniform numbers in 200 buckets, looked at after every 50 of 3,000 rows."""
    rng, edges = np.random.default_rng(3), tuple(np.arange(1, 200) / 200)
    passed = 0
    for _ in range(60):
        buckets = np.zeros(200, dtype=int)
        outside = False
        for _ in range(60):
            buckets += np.bincount((rng.random(50) * 200).astype(int), minlength=200)
            found = quantile_ever(Buckets(counts=tuple(buckets.tolist()), edges=edges), 0.95, 1000, 0.05)
            outside |= found.lower > 0.95
        passed += outside
    assert passed <= stats.binom.ppf(1 - 1e-4, 60, 0.05)
