"""Knots: every window is counted exactly at them, whichever way is taken; few bytes; days merge; old profiles still load."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from reconciler.domain.profiles import Knots, NumericProfile, Profile
from reconciler.statistics import tally
from reconciler.statistics.grid import BLOCK, CELLS, CODES, RANKS, grid_of
from reconciler.statistics.profile import merge, profile_on
from reconciler.statistics.profile_json import profile_from_json, profile_to_json
from reconciler.statistics.quantiles import quantile
from reconciler.statistics.tally import Tally
from tests.cases import each
from tests.samples import Floats, numeric, of_numbers

SHAPES = {
    "normal": lambda rng, n: rng.normal(size=n),
    "far from zero": lambda rng, n: rng.normal(1000, 1, n),
    "long tail": lambda rng, n: rng.lognormal(0, 2, n),
    "no mean": lambda rng, n: rng.standard_cauchy(n),
    "counts": lambda rng, n: rng.poisson(300, n).astype(float),
    "a flag": lambda rng, n: (rng.random(n) < 0.9).astype(float),
    "cents": lambda rng, n: np.round(rng.lognormal(3, 1, n), 2),
    "half zero": lambda rng, n: np.where(rng.random(n) < 0.5, 0, rng.exponential(size=n)),
    "two far peaks": lambda rng, n: np.where(rng.random(n) < 0.5, rng.normal(size=n), rng.normal(1e6, 1, n)),
    "seconds": lambda rng, n: np.floor(rng.uniform(1.36e9, 1.39e9, n)),
    "tiny": lambda rng, n: rng.normal(1e-9, 1e-12, n),
    "negative": lambda rng, n: -rng.lognormal(size=n),
}
SHAPE = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


def knots(profile: Profile) -> Knots:
    """The knots of the only feature."""
    found = numeric(profile).knots
    assert found is not None
    return found


def by_hand(at: tuple[float, ...], values: Floats) -> tuple[int, ...]:
    """Counts between the numbers, the slow way."""
    found = np.searchsorted(np.asarray(at), values[np.isfinite(values)], side="left")
    return tuple(np.bincount(found, minlength=len(at) + 1).tolist())


@SHAPE
def test_a_large_window_is_counted_as_exactly_as_by_hand(shape):
    rng = np.random.default_rng(1)
    reference = of_numbers(shape(rng, 20_000))
    window = np.concatenate((shape(rng, 50_000) * 1.1, shape(rng, 20_000), [np.nan, np.inf, -np.inf, 1e300, -1e300, 0.0, -0.0]))
    feature = numeric(profile_on(reference, {"x": window}))
    assert feature.knots is not None
    assert feature.knots.counts == by_hand(feature.knots.values, window)
    assert feature.counts == by_hand(feature.edges, window)
    assert (feature.missing, feature.present, feature.maximum) == (3, window.size - 3, 1e300)


@SHAPE
def test_knots_are_some_thousand_quantiles(shape):
    values = shape(np.random.default_rng(2), 50_000)
    profile = of_numbers(values)
    found, counts = np.array(knots(profile).values), np.array(knots(profile).counts)
    assert found.size <= 2100
    assert (counts[0], counts[-1]) == (0, 0)
    steps = np.concatenate(([False], np.diff(found) <= 2 * np.spacing(np.abs(found[1:])), [False]))
    assert counts[~steps].max() <= 0.0016 * values.size, "but where one value has mass, of which the left limit is known"


@SHAPE
def test_json_is_a_few_kilobytes_and_loses_no_bit(shape):
    profile = of_numbers(shape(np.random.default_rng(3), 50_000))
    text = profile_to_json(profile)
    assert len(text) < 10_000 or shape is SHAPES["two far peaks"]
    assert profile_from_json(text) == profile


@SHAPE
def test_the_cells_of_the_grid_follow_the_order_of_the_values(shape):
    ascending = np.sort(shape(np.random.default_rng(4), 20_000))
    grid = grid_of(ascending)
    codes = grid.codes(ascending)
    assert (np.diff(RANKS[codes]) >= 0).all()
    ends = grid.ceilings(np.unique(codes))
    ends = ends[~np.isnan(ends)]
    assert (grid.codes(np.nextafter(ends, np.inf)) != grid.codes(ends)).all()
    assert (RANKS[grid.codes(np.nextafter(ends, np.inf))] > RANKS[grid.codes(ends)]).all()


def test_every_code_has_one_place():
    assert (RANKS[CODES] == np.arange(CELLS)).all()


def test_blocks_add_up_to_the_whole(monkeypatch):
    monkeypatch.setattr(tally, "FEW", 100)
    rng = np.random.default_rng(5)
    reference = numeric(of_numbers(rng.normal(size=5000)))
    window = rng.normal(size=3 * BLOCK + 17)
    whole, parts = Tally(reference.edges, reference.knots), Tally(reference.edges, reference.knots)
    whole.add(window)
    for part in np.array_split(window, 7):
        parts.add(part)
    one, other = whole.profile(), parts.profile()
    assert one.knots is not None
    assert other.knots is not None
    assert (one.counts, one.knots.counts) == (other.counts, other.knots.counts)
    np.testing.assert_allclose([other.mean, other.variance], [window.mean(), window.var()], rtol=1e-9)


def test_days_merge_into_a_week_exactly():
    rng = np.random.default_rng(6)
    reference = of_numbers(rng.normal(size=5000))
    days = [rng.normal(day / 10, 1, 300) for day in range(7)]
    week = profile_on(reference, {"x": days[0]})
    for day in days[1:]:
        week = merge(week, profile_on(reference, {"x": day}))
    whole = profile_on(reference, {"x": np.concatenate(days)})
    assert knots(week).counts == knots(whole).counts
    assert numeric(week).variance == pytest.approx(numeric(whole).variance, rel=1e-12)
    assert knots(week).above == pytest.approx(knots(whole).above)


def test_profiles_on_other_knots_are_not_merged():
    reference = of_numbers([1.0, 2.0, 3.0])
    feature = numeric(reference)
    moved = replace(feature, knots=replace(knots(reference), values=tuple(v + 1 for v in knots(reference).values)))
    with pytest.raises(ValueError, match="different knots"):
        merge(reference, Profile(rows=3, features={"x": moved}))


def test_how_far_values_lie_beyond_the_reference_is_summed():
    feature = knots(profile_on(of_numbers(np.arange(10.0)), {"x": [-5.0, 4.0, 109.0, 11.0]}))
    assert feature.below == pytest.approx(5)
    assert feature.above == pytest.approx(102)


def test_a_profile_of_version_1_loads_without_knots():
    profile = of_numbers(np.arange(100.0))
    written = json.loads(profile_to_json(profile))
    del written["features"]["x"]["knots"]
    old = numeric(profile_from_json(json.dumps(written | {"version": 1})))
    assert old == replace(numeric(profile), knots=None)
    window = numeric(profile_on(Profile(rows=100, features={"x": old}), {"x": np.arange(50.0)}))
    assert (window.knots, window.counts) == (None, (10, 10, 10, 10, 10, 0, 0, 0, 0, 0))


@each(
    ("change", "said"),
    [
        ({"counts": [1]}, "1 counts for"),
        ({"counts": [-1] * 201}, "no whole numbers"),
        ({"ends": [70_000]}, "at cell 70000"),
        ({"steps": [math.nan]}, "no number"),
        ({"origin": "0"}, "no number"),
        ({"exponent": 0.5}, "no whole numbers"),
        ({"steps": [], "values": [], "ends": [], "counts": [100]}, "edges are no knots"),
        ({"steps": {}}, "counts for"),
    ],
)
def test_damaged_knots_are_refused(change, said):
    written = json.loads(profile_to_json(of_numbers(np.arange(100.0))))
    written["features"]["x"]["knots"] |= change
    with pytest.raises(ValueError, match=said):
        profile_from_json(json.dumps(written))


def test_knots_of_other_rows_than_the_bins_are_refused():
    written = json.loads(profile_to_json(of_numbers(np.arange(100.0))))
    written["features"]["x"]["knots"]["counts"][0] += 1
    with pytest.raises(ValueError, match="101 rows between the knots, 100 in the bins"):
        profile_from_json(json.dumps(written))


@each("share", [0.01, 0.25, 0.5, 0.9])
def test_quantiles_are_close_to_those_of_the_rows(share):
    values = np.random.default_rng(7).normal(size=20_000)
    assert quantile(knots(of_numbers(values)), share) == pytest.approx(np.quantile(values, share), abs=2e-3)


def test_quantiles_of_values_with_mass_are_exact():
    found = knots(of_numbers([1.0] * 40 + [2.0] * 40 + [7.0] * 20))
    assert [quantile(found, share) for share in (0.1, 0.5, 0.79, 0.95, 1.0)] == [1, 2, 2, 7, 7]
    with pytest.raises(ValueError, match="no value"):
        quantile(knots(of_numbers([])), 0.5)


def test_a_feature_without_values_has_one_cell():
    assert knots(of_numbers([np.nan])).counts == (0,)
    assert isinstance(numeric(profile_on(of_numbers([np.nan]), {"x": [1.0, 2.0]})), NumericProfile)
