"""How often drift is found where there is none, and whether it is found where there is some: by simulation, with fixed seeds.

Rates are compared with binomial bounds that a right procedure breaks less than once in ten thousand runs.
"""

import numpy as np
import pytest
from scipy import stats

from reconciler.statistics.drift.measure import ALPHA, drifted
from reconciler.statistics.drift.psi import psi
from reconciler.statistics.profile import profile_on, reference_profile
from tests.samples import both, of_numbers, of_texts

RUNS = 60


def at_most(runs: int, rate: float) -> int:
    """More alarms than this are no chance."""
    return int(stats.binom.ppf(1 - 1e-4, runs, rate))


def draw(shape: str, rng: np.random.Generator, rows: int) -> np.ndarray:
    """Rows of one distribution."""
    match shape:
        case "normal":
            return rng.normal(size=rows)
        case "skewed":
            return rng.lognormal(sigma=1.5, size=rows)
        case "counts":
            return rng.poisson(1.2, rows).astype(float)
        case "mostly one":
            return (rng.random(rows) < 0.95).astype(float)
        case "mostly zero":
            return np.where(rng.random(rows) < 0.9, 0.0, rng.exponential(size=rows))
        case _:
            return np.where(rng.random(rows) < 0.2, np.nan, rng.normal(size=rows))


SHAPES = ["normal", "skewed", "counts", "mostly one", "mostly zero", "with gaps"]


@pytest.mark.parametrize("rows", [100, 1000])
@pytest.mark.parametrize("shape", SHAPES)
def test_p_values_of_unmoved_numbers_are_small_as_seldom_as_they_say(shape, rows):
    rng = np.random.default_rng([len(shape), rows])
    small = 0
    for _ in range(RUNS):
        reference = of_numbers(draw(shape, rng, 2000))
        small += psi(*both(reference, draw(shape, rng, rows))).p_value < 0.05
    assert small <= at_most(RUNS, 0.07)  # the chi-squared law is a limit; a little more at 100 rows is its error


def test_p_values_of_unmoved_numbers_are_uniform():
    rng = np.random.default_rng(21)
    p_values = [psi(*both(of_numbers(rng.normal(size=4000)), rng.normal(size=2000))).p_value for _ in range(RUNS)]
    assert stats.kstest(p_values, "uniform").pvalue > 1e-3


@pytest.mark.parametrize("rows", [50, 100])
def test_the_bare_cut_alarms_often_on_few_rows_and_ours_does_not(rows):
    """With no drift at all PSI >= 0.1 happens more often than not at 50 rows: an effect size alone is no evidence."""
    rng = np.random.default_rng(rows)
    reference = of_numbers(rng.normal(size=5000))
    drifts = [psi(*both(reference, rng.normal(size=rows))) for _ in range(RUNS)]
    bare = sum(drift.value >= 0.1 for drift in drifts)
    ours = sum(drifted({"x": drift}, 0.1) == ("x",) for drift in drifts)
    assert bare > RUNS * (0.6 if rows == 50 else 0.2)
    assert ours <= at_most(RUNS, 1.5 * ALPHA)


def test_fifty_unmoved_features_together_seldom_raise_an_alarm():
    rng = np.random.default_rng(50)
    names = [f"f{number}" for number in range(50)]
    columns = {name: rng.normal(size=2000) for name in names}
    reference = reference_profile(columns, names, [])
    alarms = bare = 0
    for _ in range(40):
        current = profile_on(reference, {name: rng.normal(size=500) for name in names})
        drifts = {name: psi(feature, current.features[name]) for name, feature in reference.features.items()}
        alarms += bool(drifted(drifts, 0.0))
        bare += any(drift.p_value < 0.05 for drift in drifts.values())
    assert bare > 20, "uncorrected, most windows would raise one"
    assert alarms <= at_most(40, 1.5 * ALPHA)


@pytest.mark.parametrize("categories", [3, 40, 150])
def test_unmoved_categories_seldom_alarm_however_many_they_are(categories):
    rng = np.random.default_rng(categories)
    names = np.array([f"c{number}" for number in range(categories)], dtype=object)
    shares = 1 / np.arange(1, categories + 1)
    shares /= shares.sum()
    reference = of_texts(rng.choice(names, 10_000, p=shares))
    alarms = sum(psi(*both(reference, rng.choice(names, 300, p=shares))).p_value < 0.05 for _ in range(RUNS))
    assert alarms <= at_most(RUNS, 0.08)


def test_a_tiny_shift_of_very_many_rows_is_sure_but_no_drift():
    """At a million rows everything is significant; the effect size must decide."""
    feature = of_numbers(np.arange(1, 101)).features["x"]
    counts = tuple(100_000 + 2000 * (-1) ** place for place in range(10))
    reference, current = (type(feature)(**(_fields(feature) | {"counts": c})) for c in ((100_000,) * 10, counts))
    drift = psi(reference, current)
    assert drift.p_value < 1e-4
    assert drift.value < 0.001
    assert drifted({"x": drift}, 0.1) == ()


def _fields(feature):
    return {name: getattr(feature, name) for name in type(feature).__dataclass_fields__}


@pytest.mark.parametrize(
    ("move", "name"),
    [
        (lambda x: x + 1, "a shift of one sigma"),
        (lambda x: x * 3, "three times the spread"),
        (lambda x: -np.abs(x), "one half only"),
        (lambda x: np.where(np.arange(x.size) % 3 == 0, np.nan, x), "a third goes missing"),
        (lambda x: np.full_like(x, x.mean()), "a sensor that froze"),
        (lambda x: np.where(np.arange(x.size) % 4 == 0, 1e9, x), "a quarter far outside"),
        (np.round, "rounded to whole numbers"),
        (lambda x: x * 1000, "another unit"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_moved_is_found_on_few_rows(move, name):
    rng = np.random.default_rng(8)
    reference = of_numbers(rng.normal(size=5000))
    found = sum(drifted({"x": psi(*both(reference, move(rng.normal(size=200))))}, 0.2) == ("x",) for _ in range(20))
    assert found == 20, name
