"""Laws of the statistics: what must not change a verdict does not, and sums are exact."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from reconciler.domain.profiles import NumericProfile, Profile
from reconciler.statistics.drift.measure import drifted
from reconciler.statistics.drift.psi import psi
from reconciler.statistics.profile import merge, profile_on, reference_profile
from reconciler.statistics.profile_json import profile_from_json, profile_to_json
from reconciler.statistics.significance import holm
from tests.builders import a_profile

NUMBERS = arrays(np.float64, st.integers(1, 60), elements=st.floats(-1e6, 1e6) | st.just(np.nan))
NAMES = st.lists(st.sampled_from(["a", "b", "c", None, ""]), min_size=1, max_size=60)
COUNTS = st.lists(st.integers(0, 300), min_size=10, max_size=10).filter(lambda counts: sum(counts) > 0)


def drift_of(profile: Profile, columns):
    current = profile_on(profile, columns)
    return {name: psi(feature, current.features[name]) for name, feature in profile.features.items()}


@given(COUNTS)
def test_psi_of_a_window_with_itself_is_zero(counts):
    feature = a_profile(*counts).features["distance"]
    assert psi(feature, feature).value == 0


@given(COUNTS, COUNTS)
def test_psi_is_symmetric_and_never_negative(one, other):
    a, b = a_profile(*one).features["distance"], a_profile(*other).features["distance"]
    assert abs(psi(a, b).value - psi(b, a).value) < 1e-9
    assert psi(a, b).value >= 0
    assert 0 <= psi(a, b).p_value <= 1


@given(NUMBERS, NUMBERS, st.randoms(use_true_random=False))
def test_the_order_of_rows_means_nothing(reference, current, chance):
    profile = reference_profile({"x": reference}, ["x"], [])
    shuffled = current.copy()
    chance.shuffle(shuffled)
    assert drift_of(profile, {"x": shuffled})["x"] == drift_of(profile, {"x": current})["x"]


@given(
    arrays(np.int64, 50, elements=st.integers(-1000, 1000)),
    arrays(np.int64, 50, elements=st.integers(-1000, 1000)),
    st.sampled_from([0.5, 2.0, 1024.0]),
)
def test_the_unit_of_a_number_means_nothing(reference, current, factor):
    verdicts = []
    for scale in (1.0, factor):
        profile = reference_profile({"x": reference * scale}, ["x"], [])
        verdicts.append(drift_of(profile, {"x": current * scale})["x"])
    assert verdicts[0] == verdicts[1]


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.1, 1.0, 2.0]), st.integers(2, 5))
def test_rows_repeated_on_both_sides_do_not_change_a_clear_verdict(seed, shift, times):
    rng = np.random.default_rng(seed)
    reference, current = rng.normal(size=4000), rng.normal(shift, 1, 1000)
    verdicts = set()
    for repeat in (1, times):
        profile = reference_profile({"x": np.tile(reference, repeat)}, ["x"], [])
        verdicts.add(drifted(drift_of(profile, {"x": np.tile(current, repeat)}), 0.2))
    assert verdicts == {("x",) if shift >= 1 else ()}


@given(NUMBERS, NUMBERS, NAMES)
def test_windows_merge_as_if_they_had_been_one(one, other, names):
    reference = reference_profile({"n": one, "c": np.resize(np.array(names, object), one.size)}, ["n"], ["c"])
    parts = [{"n": part, "c": np.resize(np.array([*names, "new"], object), part.size)} for part in (one, other)]
    whole = profile_on(reference, {name: np.concatenate([part[name] for part in parts]) for name in ("n", "c")})
    merged = merge(*(profile_on(reference, part) for part in parts))
    assert (merged.rows, merged.features["c"]) == (whole.rows, whole.features["c"])
    a, b = merged.features["n"], whole.features["n"]
    assert isinstance(a, NumericProfile)
    assert isinstance(b, NumericProfile)
    assert (a.edges, a.counts, a.missing, a.minimum, a.maximum) == (b.edges, b.counts, b.missing, b.minimum, b.maximum)
    if b.mean is not None:
        np.testing.assert_allclose([a.mean, a.variance], [b.mean, b.variance], rtol=1e-9, atol=1e-3)


@given(NUMBERS, NAMES)
def test_a_profile_is_the_same_after_json(numbers, names):
    profile = reference_profile({"n": numbers, "c": np.resize(np.array(names, object), numbers.size)}, ["n"], ["c"])
    assert profile_from_json(profile_to_json(profile)) == profile


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), st.data())
def test_stronger_evidence_never_clears_anyone(p_values, data):
    before = holm(p_values, 0.05)
    index = data.draw(st.integers(0, len(p_values) - 1))
    stronger = [p / 2 if place == index else p for place, p in enumerate(p_values)]
    assert all(now or not then for then, now in zip(before, holm(stronger, 0.05), strict=True))
