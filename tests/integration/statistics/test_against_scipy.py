"""Every drift statistic is what SciPy, or its closed form, says of the raw rows: exactly, or within the bound that it states."""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.spatial.distance import jensenshannon
from scipy.special import kolmogorov

from reconciler.domain.known import Missing
from reconciler.domain.profiles import NumericProfile
from reconciler.statistics.drift import DRIFT_STATISTICS
from reconciler.statistics.drift.bins import every_bin
from reconciler.statistics.drift.chi_squared import contingency, pooled
from reconciler.statistics.drift.measure import Drift
from reconciler.statistics.drift.wasserstein import wasserstein
from reconciler.statistics.significance import kolmogorov_tail
from tests.samples import both, of_numbers, of_texts
from tests.unit.statistics.test_knots import SHAPES

KS_BOUND = 0.0016
"""The largest share of the reference between two knots."""


def drift(name: str, reference, current) -> Drift:
    """The statistic between two samples of numbers."""
    found = DRIFT_STATISTICS[name](*both(of_numbers(reference), current))
    assert isinstance(found, Drift)
    return found


@pytest.mark.parametrize("rows", [(20_000, 5000), (300, 10_000)])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_ks_is_scipys_to_within_its_bound_and_never_above(shape, rows):
    rng = np.random.default_rng(rows)
    reference, current = shape(rng, rows[0]), 1.05 * shape(rng, rows[1])
    ours, exact = drift("ks", reference, current), stats.ks_2samp(reference, current, method="asymp")
    assert exact.statistic - KS_BOUND <= ours.value <= exact.statistic + 1e-12
    assert abs(math.log10(max(ours.p_value, 1e-9)) - math.log10(max(exact.pvalue, 1e-9))) < 1


@pytest.mark.parametrize("shape", ["counts", "a flag"])
def test_ks_and_wasserstein_of_few_different_values_are_exact(shape):
    rng = np.random.default_rng(9)
    reference, current = SHAPES[shape](rng, 20_000), SHAPES[shape](rng, 3000)
    current = np.where(rng.random(3000) < 0.1, reference[:3000].min(), current)
    reference = np.concatenate((reference, current))  # no value that the reference has not
    assert drift("ks", reference, current).value == pytest.approx(stats.ks_2samp(reference, current).statistic, abs=1e-12)
    exact = stats.wasserstein_distance(reference, current)
    pair = both(of_numbers(reference), current)
    assert wasserstein(*(side.knots for side in pair)) == pytest.approx(exact, rel=1e-9)  # type: ignore[union-attr]


@pytest.mark.parametrize("shape", [name for name in SHAPES if name not in ("no mean", "a flag", "long tail", "two far peaks")])
def test_wasserstein_is_scipys_within_two_thousandths_of_the_spread(shape):
    rng = np.random.default_rng(10)
    reference, current = SHAPES[shape](rng, 20_000), SHAPES[shape](rng, 20_000)
    current = current + 0.2 * current.std()
    spread = np.subtract(*np.quantile(reference, [0.75, 0.25])) / 1.349
    exact = stats.wasserstein_distance(reference, current) / spread
    assert drift("wassersteinIqr", reference, current).value == pytest.approx(exact, abs=2e-3)


def test_wasserstein_counts_what_lies_beyond_the_reference_in_full():
    reference = np.random.default_rng(11).normal(size=5000)
    current = np.concatenate((reference, [1e6, -1e5]))
    exact = stats.wasserstein_distance(reference, current)
    pair = both(of_numbers(reference), current)
    assert wasserstein(*(side.knots for side in pair)) == pytest.approx(exact, rel=1e-4)  # type: ignore[union-attr]


COUNTS = [((500, 300, 200), (60, 20, 20)), ((10, 990), (90, 10)), ((40, 30, 20, 10, 3, 1), (45, 25, 15, 10, 0, 5))]


@pytest.mark.parametrize(("reference", "current"), COUNTS)
def test_shares_give_the_textbooks_numbers(reference, current):
    names = [f"c{number}" for number in range(len(reference))]
    pair = both(of_texts(np.repeat(names, reference)), np.repeat(np.array(names, object), current))
    found = {name: DRIFT_STATISTICS[name](*pair) for name in ("jsDistanceBase2", "klDivergence", "lInfinity")}
    raw = [np.array(side) / sum(side) for side in (reference, current)]
    if min(reference) * sum(current) / sum(reference) >= 5:  # else bins are pooled
        p, q = ((np.array(side) + 0.5) / (sum(side) + 0.5 * len(side)) for side in (reference, current))
        assert found["jsDistanceBase2"].value == pytest.approx(jensenshannon(p, q, base=2), rel=1e-12)
        assert found["klDivergence"].value == pytest.approx(stats.entropy(q, p), rel=1e-12)
    assert found["lInfinity"].value == pytest.approx(np.abs(raw[0] - raw[1]).max(), rel=1e-12)


@pytest.mark.parametrize(("reference", "current"), COUNTS)
def test_the_contingency_test_is_scipys_of_the_pooled_table(reference, current):
    bins = list(zip(reference, current, strict=True))
    test, table = contingency(bins), np.array(pooled(bins)).T
    exact = stats.chi2_contingency(table, correction=False)
    assert exact.expected_freq.min() >= 5
    assert (test.statistic, test.degrees, test.p_value) == pytest.approx((exact.statistic, exact.dof, exact.pvalue), rel=1e-9)
    assert test.cramers_v == pytest.approx(stats.contingency.association(table, method="cramer"), rel=1e-9)
    even = table / table.sum(axis=1, keepdims=True) * 1_000_000
    assert test.balanced_v == pytest.approx(stats.contingency.association(even.round().astype(int), method="cramer"), abs=1e-4)


def test_pooling_keeps_every_row_and_pools_the_rarest():
    bins = [(1000, 100), (3, 1), (1, 1), (500, 50), (2, 0), (0, 0)]
    assert sorted(pooled(bins)) == [(506, 52), (1000, 100)]
    assert pooled([(1000, 100), (60, 6)]) == [(60, 6), (1000, 100)]
    assert pooled([]) == []


@pytest.mark.parametrize("table", [((30, 970), (20, 180)), ((5, 995), (40, 160))])
def test_the_missing_rate_is_tested_as_scipy_does(table):
    columns = [np.where(np.arange(sum(row)) < row[0], np.nan, 1.0) for row in table]
    found = drift("missingRate", *columns)
    assert found.value == pytest.approx(abs(table[0][0] / sum(table[0]) - table[1][0] / sum(table[1])))
    assert found.p_value == pytest.approx(stats.chi2_contingency(table, correction=True).pvalue, rel=1e-9)


@pytest.mark.parametrize("value", [0.1, 0.3, 0.7, 0.99, 1.0, 1.36, 2.5, 5.0])
def test_kolmogorovs_tail_is_scipys(value):
    assert kolmogorov_tail(value) == pytest.approx(kolmogorov(value), rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("name", ["ks", "wassersteinIqr"])
def test_profiles_without_knots_are_no_answer(name):
    reference, current = both(of_numbers(np.arange(500.0)), np.arange(300.0))
    assert isinstance(reference, NumericProfile)
    old = NumericProfile(**{field: getattr(reference, field) for field in NumericProfile.__dataclass_fields__} | {"knots": None})
    found = DRIFT_STATISTICS[name](old, current)
    assert isinstance(found, Missing)
    assert (found.code, "train again" in found.why) == ("notAvailable", True)


def test_bins_are_counted_as_the_raw_rows_are():
    rng = np.random.default_rng(12)
    reference, current = rng.normal(size=50_000), rng.normal(size=20_000)
    pair = both(of_numbers(reference), current)
    assert isinstance(pair[0], NumericProfile)
    edges = [-np.inf, *pair[0].edges, np.inf]
    raw = [np.histogram(-side, -np.array(edges[::-1]))[0][::-1].tolist() for side in (reference, current)]
    assert every_bin(*pair)[:-1] == list(zip(*raw, strict=True))
