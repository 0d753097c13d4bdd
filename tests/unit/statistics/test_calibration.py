"""Calibration against closed forms: what is off is found, what chance does is taken off, and the interval holds the truth."""

import numpy as np
import pytest

from reconciler.domain.known import Missing
from reconciler.domain.measured.calibration import Calibrated
from reconciler.statistics.calibration import BINS, bin_codes, calibrated, calibration_gains
from tests.cases import each


def rows(count: int, seed: int = 0, off: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Labels that happen with the probabilities that are said, or `off` less often."""
    rng = np.random.default_rng(seed)
    truth = rng.beta(2, 8, count)
    return (rng.random(count) < truth).astype(float), np.clip(truth + off, 0, 1)


def found(*arguments) -> Calibrated:
    value = calibrated(*arguments)
    assert isinstance(value, Calibrated)
    return value


def test_one_probability_for_all_is_off_by_its_distance_from_the_share():
    seen = found("binary", [1.0] * 60 + [0.0] * 140, [0.7] * 200)
    assert [(bin.predicted, bin.observed, bin.rows) for bin in seen.bins] == [(pytest.approx(0.7), 0.3, 200)]
    assert seen.error.value == pytest.approx(0.4, abs=0.002)
    assert seen.brier.value == pytest.approx(0.3 * 0.09 + 0.7 * 0.49)
    reach = 1.96 * (0.3 * 0.7 / 200) ** 0.5
    assert (seen.error.value - seen.error.low, seen.error.high - seen.error.value) == pytest.approx((reach, reach), abs=0.003)


def test_bins_are_of_equal_mass_and_equal_probabilities_share_one():
    codes = bin_codes(np.linspace(0, 1, 1500))
    assert np.bincount(codes).tolist() == [100] * BINS
    assert len(set(bin_codes(np.array([0.1] * 900 + [0.9] * 100))[:900])) == 1


def test_the_error_of_a_calibrated_model_is_not_that_of_chance():
    plain, less = zip(
        *((shown(*rows(500, seed)), found("binary", *rows(500, seed)).error.value) for seed in range(40)), strict=True
    )
    assert np.mean(plain) > 0.045
    assert np.mean(less) < 0.015


def shown(y: np.ndarray, said: np.ndarray) -> float:
    """The usual calibration error, without any correction."""
    codes = bin_codes(said)
    return sum(abs((y - said)[codes == code].sum()) for code in range(BINS)) / y.size


@pytest.mark.parametrize("off", [0.05, 0.1])
def test_the_interval_holds_what_is_off(off):
    errors = [found("binary", *rows(4000, seed, off)).error for seed in range(40)]
    assert np.mean([error.value for error in errors]) == pytest.approx(off, abs=0.007)
    assert sum(error.low <= off <= error.high for error in errors) >= 37


def test_of_several_classes_the_top_label_is_judged():
    shares = np.array([[0.7, 0.2, 0.1]] * 100)
    seen = found("multiclass", [0] * 50 + [1] * 50, shares)
    assert seen.bins[0].predicted == pytest.approx(0.7)
    assert seen.bins[0].observed == 0.5
    assert seen.error.value == pytest.approx(0.2, abs=0.01)
    assert seen.brier.value == pytest.approx(((0.09 + 0.04 + 0.01) / 2 + (0.49 + 0.64 + 0.01) / 2) / 2)


@each(
    ("task", "y", "said", "code"),
    [
        ("regression", [1.0, 2.0], [1.0, 2.0], "notApplicable"),
        ("binary", [], [], "noRows"),
        ("binary", [1.0, 1.0], [0.5, 0.5], "oneClass"),
        ("binary", [1.0, 0.0], [0.5, np.nan], "notANumber"),
    ],
)
def test_what_cannot_be_told_is_missing(task, y, said, code):
    for value in (calibrated(task, y, said), calibration_gains(task, y, (said, said))):
        assert isinstance(value, Missing)
        assert value.code == code


def test_the_gain_over_a_model_that_is_off_is_what_it_is_off():
    y, said = rows(8000)
    worse = np.clip(said + 0.1, 0, 1)
    gains = calibration_gains("binary", y, (worse, said))
    assert gains["error"].value == pytest.approx(0.1, abs=0.01)
    assert gains["error"].low > 0
    assert gains["brier"].value == pytest.approx(((worse - y) ** 2).mean() - ((said - y) ** 2).mean())
    assert gains["brier"].low > 0
    same = calibration_gains("binary", y, (said, said))
    assert (same["brier"].low, same["brier"].high) == (0, 0)
    assert same["error"].low < 0 < same["error"].high
