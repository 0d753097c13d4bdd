"""What must, and what must not, change any drift statistic's verdict; and what may never break it."""

import math

import numpy as np
import pytest

from reconciler.domain.known import Missing
from reconciler.statistics.drift import DRIFT_STATISTICS
from reconciler.statistics.drift.measure import compare, drifted
from reconciler.statistics.profile import profile_on
from tests.cases import each
from tests.samples import of_numbers, of_texts

ALL = tuple(DRIFT_STATISTICS)
MOVING = tuple(name for name in ALL if name != "missingRate")
RNG = np.random.default_rng(31)
REFERENCE, SAME, MOVED = RNG.normal(size=5000), RNG.normal(size=1000), RNG.normal(1, 1, 1000)
NUMBERS = of_numbers(REFERENCE)


def verdict(name, reference, current) -> bool | str:
    """Whether the feature drifted by the statistic's default cut, or why that cannot be told."""
    found = compare(DRIFT_STATISTICS[name], reference, profile_on(reference, {"x": current}))["x"]
    if isinstance(found, Missing):
        return found.code
    assert math.isfinite(found.value)
    assert 0 <= found.p_value <= 1
    return bool(drifted({"x": found}, DRIFT_STATISTICS[name].cut))


@each("name", ALL)
def test_nothing_moved(name):
    assert verdict(name, NUMBERS, SAME) is False
    assert verdict(name, NUMBERS, REFERENCE) is False


@each("name", MOVING)
def test_shift_scale_permutation_and_duplication(name):
    for current, answer in ((SAME, False), (MOVED, True)):
        assert verdict(name, NUMBERS, RNG.permutation(current)) is answer
        assert verdict(name, NUMBERS, np.tile(current, 3)) is answer
        assert verdict(name, of_numbers(np.tile(REFERENCE, 4)), current) is answer
        for factor, shift in ((1000, 0), (-2, 7), (1e-6, 1)):
            assert verdict(name, of_numbers(REFERENCE * factor + shift), current * factor + shift) is answer


@each("name", MOVING)
def test_one_outlier_of_a_million_neither_hides_a_shift_nor_makes_one(name):
    assert verdict(name, NUMBERS, np.append(SAME + 3, 1e6)) is True
    assert verdict(name, NUMBERS, np.append(SAME, 1e6)) is False
    assert verdict(name, of_numbers(np.append(REFERENCE, 1e6)), SAME + 3) is True
    assert verdict(name, of_numbers(np.append(REFERENCE, [1e6, -1e9])), SAME) is False


@each("name", MOVING)
@each("beyond", [-50.0, 50.0])
def test_values_outside_the_training_range_count_in_full(name, beyond):
    assert verdict(name, NUMBERS, np.where(np.arange(1000) < 500, beyond, SAME)) is True


@each("name", ALL)
def test_values_that_go_missing(name):
    gaps = np.where(np.arange(1000) % 2, np.nan, SAME)
    assert verdict(name, NUMBERS, gaps) is (name not in ("ks", "wassersteinIqr"))
    assert verdict(name, of_numbers(np.where(np.arange(5000) % 2, np.nan, REFERENCE)), gaps) is False


@each("name", ALL)
def test_a_window_of_nothing_but_missing_values(name):
    expected = "insufficientData" if name in ("ks", "wassersteinIqr") else True
    assert verdict(name, NUMBERS, np.full(1000, np.nan)) == expected


@each("name", MOVING)
def test_a_constant_that_stays_and_one_that_changes(name):
    constant = of_numbers(np.full(1000, 5.0))
    assert verdict(name, constant, np.full(500, 5.0)) is False
    for now in (4.0, 6.0, 5.0 + 1e-9):
        assert verdict(name, constant, np.full(500, now)) is True
    assert verdict(name, NUMBERS, np.full(500, 0.0)) is True


@each("name", ALL)
@each("rows", [0, 1, 199])
def test_too_few_rows_are_no_answer(name, rows):
    assert verdict(name, NUMBERS, SAME[:rows]) == "insufficientData"
    assert verdict(name, of_numbers(SAME[:rows]), SAME) == "insufficientData"


@each("name", MOVING)
def test_a_category_never_seen_is_finite_and_found(name):
    reference = of_texts(["a"] * 500 + ["b"] * 500)
    assert verdict(name, reference, np.array(["a"] * 200 + ["b"] * 200 + ["new"] * 200, object)) is True
    assert verdict(name, reference, np.array(["new"] * 300, object)) is True
    assert verdict(name, reference, np.array(["a", "b"] * 300, object)) is False


@each("name", ALL)
def test_profiles_of_two_kinds_are_refused(name):
    with pytest.raises(TypeError, match="do not share"):
        DRIFT_STATISTICS[name](NUMBERS.features["x"], of_texts(["a"] * 300).features["x"])
    with pytest.raises(TypeError, match="do not share"):
        DRIFT_STATISTICS[name](NUMBERS.features["x"], of_numbers(SAME).features["x"])


def test_a_feature_that_was_not_profiled_is_no_answer():
    empty = profile_on(of_texts(["a"] * 300), {"x": np.array(["a"] * 300, object)})
    found = compare(DRIFT_STATISTICS["psi"], of_numbers(REFERENCE), type(empty)(rows=300, features={}))["x"]
    assert isinstance(found, Missing)
    assert found.code == "notProfiled"
