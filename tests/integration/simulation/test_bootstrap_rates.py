"""Intervals cover as often as they say, and equal models are seldom called better: by simulation, with fixed seeds."""

import numpy as np
import pytest
from scipy import stats

from reconciler.domain.evidence import Gain
from reconciler.domain.known import Measured
from reconciler.statistics.bootstrap import Resampling, intervals, paired_gains

RUNS = 80


def within(found: int, rate: float, slack: float = 0.0) -> bool:
    """The count is what the rate (give or take the slack) gives, but for one run in ten thousand."""
    low, high = stats.binom.ppf([1e-4], RUNS, rate - slack)[0], stats.binom.ppf([1 - 1e-4], RUNS, min(1.0, rate + slack))[0]
    return bool(low <= found <= high)


def measured(task, metrics, y, prediction, seed=0) -> dict[str, Measured]:
    found = intervals(task, metrics, y, prediction, Resampling(seed=seed, resamples=150))
    assert all(isinstance(one, Measured) for one in found.values())
    return dict(found)


def test_intervals_of_regression_cover_the_truth():
    rng = np.random.default_rng(1)
    truth = {"mae": np.sqrt(2 / np.pi), "rmse": 1.0}
    covered = dict.fromkeys(truth, 0)
    for seed in range(RUNS):
        for metric, one in measured("regression", [*truth], rng.normal(size=150), np.zeros(150), seed).items():
            covered[metric] += one.low <= truth[metric] <= one.high
    assert all(within(count, 0.95, 0.02) for count in covered.values()), covered


def test_intervals_of_classification_cover_the_truth():
    """A score of two values that is right in 80 % of each class: accuracy, recall and ROC AUC are all 0.8."""
    rng = np.random.default_rng(2)
    covered = dict.fromkeys(("accuracy", "recall", "rocAuc"), 0)
    y = (np.arange(240) % 3 == 0).astype(float)
    for seed in range(RUNS):
        for metric, one in measured("binary", [*covered], y, np.where(rng.random(240) < 0.8, y, 1 - y), seed).items():
            covered[metric] += one.low <= 0.8 <= one.high
    assert all(within(count, 0.95, 0.03) for count in covered.values()), covered


def test_an_equally_good_challenger_is_called_better_as_seldom_as_the_confidence_says():
    rng = np.random.default_rng(3)
    blessed = naive = 0
    for seed in range(RUNS):
        y = (rng.random(200) < 0.2).astype(float)
        predictions = tuple(1 / (1 + np.exp(-(y + rng.normal(size=200)))) for _ in range(2))
        (gain,) = paired_gains("binary", ["averagePrecision"], y, predictions, Resampling(seed=seed, resamples=150)).values()
        assert isinstance(gain, Gain)
        blessed += gain.quantiles[0.05] > 0
        naive += gain.challenger > 1.02 * gain.champion
    assert within(blessed, 0.055, 0.02)
    assert naive > 2 * blessed, "a rule on the points alone promotes noise"


def test_a_clearly_better_challenger_is_called_better():
    rng = np.random.default_rng(4)
    for seed in range(20):
        y = rng.normal(size=500)
        predictions = (y + rng.normal(size=500), y + 0.7 * rng.normal(size=500))
        (gain,) = paired_gains("regression", ["rmse"], y, predictions, Resampling(seed=seed, resamples=200)).values()
        assert isinstance(gain, Gain)
        assert gain.quantiles[0.005] > 0


def test_pairing_sees_what_two_intervals_cannot():
    """Both models are wrong on the same rows, so their difference is known far better than either."""
    rng = np.random.default_rng(5)
    y = rng.normal(size=500)
    champion = y + rng.normal(size=500)
    challenger = y + (champion - y) * 0.97
    (gain,) = paired_gains("regression", ["mae"], y, (champion, challenger), Resampling(resamples=300)).values()
    assert isinstance(gain, Gain)
    before, after = (measured("regression", ["mae"], y, prediction)["mae"] for prediction in (champion, challenger))
    assert gain.quantiles[0.005] > 0
    assert after.high > before.low


def test_four_times_the_rows_halve_the_interval():
    rng = np.random.default_rng(6)
    widths = []
    for n in (100, 400):
        found = [measured("regression", ["mae"], rng.normal(size=n), np.zeros(n), seed)["mae"] for seed in range(20)]
        widths.append(np.mean([one.high - one.low for one in found]))
    assert widths[0] / widths[1] == pytest.approx(2, rel=0.15)


def test_the_interval_of_a_mean_is_the_normal_one():
    """1,000 resamples know their outer 2.5 % to 0.085 of the standard error; three times that is given."""
    rng = np.random.default_rng(7)
    errors = rng.normal(2, 1, 400)
    (found,) = intervals("regression", ["mae"], errors, np.zeros(400), Resampling(resamples=1000)).values()
    assert isinstance(found, Measured)
    spread = np.abs(errors).std() / np.sqrt(400)
    assert found.low == pytest.approx(found.value - 1.96 * spread, abs=0.25 * spread)
    assert found.high == pytest.approx(found.value + 1.96 * spread, abs=0.25 * spread)
