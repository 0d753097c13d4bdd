"""PSI on the reference's bins: the textbook's number, none of the textbook's defects."""

import math

import numpy as np
import pytest

from reconciler.domain.profiles import CategoricalProfile, Profile
from reconciler.statistics.drift import DRIFT_STATISTICS
from reconciler.statistics.drift.measure import Drift, drifted
from reconciler.statistics.drift.psi import psi, smoothed_shares
from reconciler.statistics.profile import profile_on, reference_profile
from tests.builders import a_profile
from tests.cases import each

RNG = np.random.default_rng(3)


def numeric(reference, current) -> Drift:
    """PSI of one number between two samples."""
    profile = reference_profile({"x": reference}, ["x"], [])
    return psi(profile.features["x"], profile_on(profile, {"x": current}).features["x"])


def categorical(reference, current) -> Drift:
    """PSI of one category between two samples."""
    profile = reference_profile({"x": np.array(reference, object)}, [], ["x"])
    return psi(profile.features["x"], profile_on(profile, {"x": np.array(current, object)}).features["x"])


def test_psi_is_its_formula_on_smoothed_shares():
    reference, current = a_profile(10, 20, 30).features["distance"], a_profile(30, 20, 10).features["distance"]
    p, q = (np.array([10.5, 20.5, 30.5]) / 61.5, np.array([30.5, 20.5, 10.5]) / 61.5)
    drift = psi(reference, current)
    assert drift.value == pytest.approx(((q - p) * np.log(q / p)).sum(), rel=1e-12)
    assert 0 < drift.p_value < 0.001


def test_shares_are_never_zero_and_sum_to_one():
    shares = smoothed_shares([0, 0, 7])
    assert min(shares) > 0
    assert math.fsum(shares) == pytest.approx(1)


def test_an_outlier_does_not_hide_a_shift_of_three_sigma():
    shifted = np.append(RNG.normal(3, 1, 999), 1e6)
    assert numeric(RNG.normal(size=5000), shifted).value > 2


def test_an_outlier_alone_is_no_shift():
    assert numeric(RNG.normal(size=5000), np.append(RNG.normal(size=999), 1e6)).value < 0.1


@pytest.mark.parametrize("beyond", [-50.0, 50.0])
def test_values_outside_the_training_range_count_in_full(beyond):
    current = np.where(np.arange(1000) < 500, beyond, RNG.normal(size=1000))
    assert numeric(RNG.normal(size=5000), current).value > 0.5


@each("now", [4.0, 6.0, 5.0 + 1e-9, np.nan])
def test_a_constant_that_changes_has_moved(now):
    assert numeric(np.full(1000, 5.0), np.full(500, now)).value > 5


def test_a_constant_that_stays_has_not_moved():
    assert numeric(np.full(1000, 5.0), np.full(500, 5.0)) == Drift(value=0.0, p_value=1.0)


def test_a_new_category_is_finite_and_seen():
    drift = categorical(["a"] * 500 + ["b"] * 500, ["a"] * 200 + ["b"] * 200 + ["new"] * 200)
    assert 1 < drift.value < 10
    assert drift.p_value < 1e-6


def test_values_that_go_missing_are_a_shift():
    assert categorical(["a"] * 990 + [None] * 10, ["a"] * 250 + [None] * 250).value > 1


def test_no_rows_are_no_drift():
    assert numeric(RNG.normal(size=1000), np.array([])) == Drift(value=0.0, p_value=1.0)


def test_profiles_on_other_bins_are_refused():
    with pytest.raises(TypeError, match="do not share their bins"):
        psi(a_profile(1, 2, 3).features["distance"], a_profile(1, 2).features["distance"])
    with pytest.raises(TypeError, match="do not share their bins"):
        psi(a_profile(1, 2).features["distance"], CategoricalProfile(counts={}, unseen=0, missing=0))


@pytest.mark.parametrize("rows", [200, 2000])
def test_with_nothing_moved_it_is_seldom_significant(rows):
    reference = reference_profile({"x": RNG.normal(size=5000)}, ["x"], [])
    found = sum(psi(reference.features["x"], _again(reference, RNG.normal(size=rows))).p_value < 0.05 for _ in range(300))
    assert 3 <= found <= 30  # 5 % of 300 are 15


def test_many_rare_categories_are_no_false_alarm():
    names = np.array([f"airport-{n}" for n in range(150)], dtype=object)
    shares = 1 / np.arange(1, 151)
    shares /= shares.sum()
    reference = reference_profile({"x": RNG.choice(names, 20_000, p=shares)}, [], ["x"])
    found = sum(
        psi(reference.features["x"], _again(reference, RNG.choice(names, 300, p=shares))).p_value < 0.05 for _ in range(200)
    )
    assert found <= 25  # 5 % of 200 are 10


def _again(reference: Profile, values):
    return profile_on(reference, {"x": values}).features["x"]


def test_drift_needs_effect_and_significance_together():
    drifts = {
        "big and sure": Drift(value=0.3, p_value=1e-9),
        "bigger and sure": Drift(value=0.5, p_value=1e-9),
        "big by chance": Drift(value=0.4, p_value=0.2),
        "tiny but sure": Drift(value=0.001, p_value=1e-9),
    }
    assert drifted(drifts, 0.2) == ("bigger and sure", "big and sure")
    assert drifted({}, 0.2) == ()


def test_the_table_names_what_yaml_may_name():
    cuts = {name: statistic.cut for name, statistic in DRIFT_STATISTICS.items()}
    assert cuts == {
        "psi": 0.2,
        "ks": 0.1,
        "jsDistanceBase2": 0.1,
        "wassersteinIqr": 0.1,
        "klDivergence": 0.15,
        "chiSquared": 0.1,
        "lInfinity": 0.1,
        "missingRate": 0.05,
    }
    assert DRIFT_STATISTICS["psi"].measure is psi
