"""PSI against closed forms and SciPy: the value, its null law, and how bins are made before either."""

import math

import numpy as np
import pytest
from scipy import stats

from reconciler.domain.profiles import CategoricalProfile, NumericProfile
from reconciler.statistics.drift.psi import psi
from tests.builders import a_profile
from tests.samples import both, of_numbers, of_texts


def numeric(*counts: int, missing: int = 0) -> NumericProfile:
    return a_profile(*counts, missing=missing).features["distance"]


def smoothed(counts) -> np.ndarray:
    """(c + 0.5) / (n + 0.5 B), said once more."""
    return (np.array(counts) + 0.5) / (sum(counts) + 0.5 * len(counts))


def named(unseen: int = 0, missing: int = 0, **counts: int) -> CategoricalProfile:
    return CategoricalProfile(counts=counts, unseen=unseen, missing=missing)


@pytest.mark.parametrize(
    ("reference", "current"),
    [
        ((10, 10), (15, 5)),
        ((100, 200, 300), (300, 200, 100)),
        ((1, 1, 1, 1000), (1000, 1, 1, 1)),
        ((7, 0, 3), (0, 9, 1)),
        ((10**9, 10**9), (10**9, 10**9 + 12_345)),
    ],
)
def test_the_value_is_the_sum_of_two_relative_entropies(reference, current):
    """PSI = KL(p, q) + KL(q, p), as SciPy computes them."""
    p, q = (smoothed(counts) for counts in (reference, current))
    expected = stats.entropy(p, q) + stats.entropy(q, p)
    assert psi(numeric(*reference), numeric(*current)).value == pytest.approx(expected, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize(("n", "m"), [(1000, 500), (500, 1000), (10**6, 200)])
@pytest.mark.parametrize("bins", [2, 5, 10])
def test_the_p_value_is_the_chi_squared_tail_of_the_scaled_value(n, m, bins):
    reference, current = [n // bins] * bins, [m // bins] * bins
    current[0] += current[1] // 4
    current[1] -= current[1] // 4
    drift = psi(numeric(*reference), numeric(*current))
    scaled = drift.value / (1 / sum(reference) + 1 / sum(current))
    assert drift.p_value == pytest.approx(stats.chi2.sf(scaled, bins - 1), rel=1e-9)


def test_a_bin_that_both_leave_empty_is_none():
    assert psi(numeric(50, 0, 50), numeric(30, 0, 70)) == psi(numeric(50, 50), numeric(30, 70))


def test_missing_values_are_a_bin_like_any_other():
    assert psi(numeric(50, 50, missing=20), numeric(50, 50, missing=60)) == psi(numeric(50, 50, 20), numeric(50, 50, 60))


@pytest.mark.parametrize(
    ("reference", "current"),
    [
        (numeric(0, 0), numeric(0, 0)),
        (numeric(10, 10), numeric(0, 0)),
        (numeric(0, 0), numeric(10, 10)),
        (numeric(10, 0), numeric(99, 0)),
        (named(), named()),
        (named(a=5), named(a=500)),
        (named(missing=5), named(missing=9)),
    ],
    ids=["nothing", "no rows now", "no reference", "one bin", "no categories", "one category", "all missing"],
)
def test_where_nothing_can_move_nothing_moved(reference, current):
    drift = psi(reference, current)
    assert (drift.value, drift.p_value) == (0.0, 1.0)


def test_categories_that_are_expected_less_than_five_times_are_one_bin_with_the_unseen():
    reference, current = named(a=1000, b=1000, c=40, d=10, unseen=5), named(a=100, b=100, c=4, d=1, unseen=3)
    assert psi(reference, current) == psi(numeric(1000, 1000, 55), numeric(100, 100, 8))


@pytest.mark.parametrize(
    ("count", "pooled"), [(100, False), (99, True)], ids=["expected exactly five times", "expected just less often"]
)
def test_the_limit_of_rare_is_five_rows_expected_now(count, pooled):
    reference, current = named(a=2000 - count - 50, b=count, unseen=50), named(a=40, b=20, unseen=40)
    apart = psi(numeric(2000 - count - 50, count, 50), numeric(40, 20, 40))
    together = psi(numeric(2000 - count - 50, count + 50), numeric(40, 60))
    assert psi(reference, current) == (together if pooled else apart)
    assert apart != together


def test_a_category_of_the_reference_that_a_window_does_not_list_has_no_rows():
    assert psi(named(a=100, b=100), named(a=100)) == psi(numeric(100, 100), numeric(100, 0))


@pytest.mark.parametrize("share", [0.05, 0.2, 0.9])
def test_a_new_category_counts_by_its_share(share):
    reference = of_texts(["a"] * 500 + ["b"] * 500)
    now = ["new"] * int(600 * share) + ["a", "b"] * int(300 * (1 - share))
    drift = psi(*both(reference, np.array(now, dtype=object)))
    assert math.isfinite(drift.value)
    assert drift.value > share
    assert drift.p_value < 1e-6


def test_the_longer_the_window_the_surer_the_same_move():
    p_values = [psi(numeric(500, 500), numeric(55 * times, 45 * times)).p_value for times in (1, 4, 16, 64)]
    assert p_values == sorted(p_values, reverse=True)
    assert p_values[0] > 0.1
    assert p_values[-1] < 0.01


@pytest.mark.parametrize("scale", [1e-300, 1e-3, 1e3, 1e300])
def test_the_scale_of_a_number_changes_no_verdict(scale):
    rng = np.random.default_rng(4)
    values, now = np.round(rng.normal(size=1000), 1), np.round(rng.normal(0.5, 1, 500), 1)
    assert psi(*both(of_numbers(values * scale), now * scale)).value == pytest.approx(psi(*both(of_numbers(values), now)).value)
