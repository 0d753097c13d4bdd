"""Profiles: quantile bins with open ends, own bins for missing and unseen, exact sums."""

from dataclasses import replace

import numpy as np
import pytest

from reconciler.domain.profiles import CategoricalProfile, NumericProfile
from reconciler.statistics.profile import CATEGORIES, merge, profile_on, reference_profile
from reconciler.statistics.profile_json import profile_from_json, profile_to_json
from tests.cases import each

COLUMNS = {
    "distance": np.array([*range(1, 101), np.nan, np.inf], dtype=float),
    "carrier": np.array(["AA"] * 60 + ["UA"] * 40 + [None, np.nan], dtype=object),
}
REFERENCE = reference_profile(COLUMNS, ["distance"], ["carrier"])


def a_numeric(values) -> NumericProfile:
    feature = reference_profile({"x": np.array(values, dtype=float)}, ["x"], []).features["x"]
    assert isinstance(feature, NumericProfile)
    return feature


def test_a_number_has_ten_even_bins_and_one_for_missing():
    assert replace(a_numeric(COLUMNS["distance"]), knots=None) == NumericProfile(
        edges=(10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0),
        counts=(10,) * 10,
        missing=2,
        minimum=1.0,
        maximum=100.0,
        mean=50.5,
        variance=pytest.approx(833.25),
    )


def test_a_category_has_its_counts_and_one_for_missing():
    assert REFERENCE.features["carrier"] == CategoricalProfile(counts={"AA": 60, "UA": 40}, unseen=0, missing=2)
    assert REFERENCE.rows == 102


def test_a_value_on_an_edge_belongs_to_the_bin_below():
    on = profile_on(REFERENCE, {"distance": [10.0, 10.5, -1e9, 1e9], "carrier": ["AA", "AA", "new", ""]})
    assert on.features["distance"].counts == (2, 1, 0, 0, 0, 0, 0, 0, 0, 1)
    assert on.features["carrier"] == CategoricalProfile(counts={"AA": 2, "UA": 0}, unseen=2, missing=0)


def test_equal_edges_are_merged_and_a_heavy_minimum_is_a_bin_of_its_own():
    feature = a_numeric([0] * 50 + list(range(1, 51)))
    assert feature.edges == (pytest.approx(0, abs=1e-300), 0.0, 10.0, 20.0, 30.0, 40.0)
    assert feature.edges[0] < 0
    assert feature.counts == (0, 50, 10, 10, 10, 10, 10)


def test_a_constant_has_bins_on_both_sides():
    feature = a_numeric([5] * 30)
    assert feature.counts == (0, 30, 0)


def test_a_column_of_nothing_but_missing_has_one_bin():
    feature = a_numeric([np.nan] * 3)
    assert (feature.edges, feature.counts, feature.missing, feature.mean) == ((), (0,), 3, None)


def test_categories_beyond_the_cap_count_as_unseen_the_rarest_first():
    values = [f"c{n:03}" for n in range(CATEGORIES + 5)] + [f"c{CATEGORIES + 4:03}"]
    feature = reference_profile({"x": np.array(values, dtype=object)}, [], ["x"]).features["x"]
    assert isinstance(feature, CategoricalProfile)
    assert len(feature.counts) == CATEGORIES
    assert feature.counts[f"c{CATEGORIES + 4:03}"] == 2
    assert (feature.unseen, feature.rows) == (5, len(values))


def test_categories_go_by_their_text():
    profile = reference_profile({"x": np.array([1, 2, 2])}, [], ["x"])
    assert profile.features["x"].counts == {"1": 1, "2": 2}
    assert profile_on(profile, {"x": np.array(["1", "3"])}).features["x"].unseen == 1


def test_the_reference_profiled_on_itself_is_itself():
    assert profile_on(REFERENCE, COLUMNS) == REFERENCE


def test_no_rows_have_an_empty_profile():
    empty = profile_on(REFERENCE, {"distance": [], "carrier": []})
    assert empty.rows == 0
    assert merge(empty, REFERENCE) == merge(REFERENCE, empty) == REFERENCE


def test_other_columns_are_refused_by_name():
    with pytest.raises(ValueError, match="columns carrier of the reference"):
        profile_on(REFERENCE, {"distance": [1.0]})
    with pytest.raises(ValueError, match="different lengths: 1, 2"):
        profile_on(REFERENCE, {"distance": [1.0], "carrier": ["a", "b"]})


def test_profiles_on_other_bins_are_not_merged():
    other = reference_profile(COLUMNS | {"distance": COLUMNS["distance"] * 2}, ["distance"], ["carrier"])
    with pytest.raises(ValueError, match="different bins"):
        merge(REFERENCE, other)
    with pytest.raises(ValueError, match="different features"):
        merge(REFERENCE, reference_profile(COLUMNS, ["distance"], []))


def test_json_is_canonical_and_reads_back():
    text = profile_to_json(REFERENCE)
    assert profile_from_json(text) == REFERENCE
    assert text == profile_to_json(profile_from_json(text))
    assert text.startswith('{"features":{"carrier":{"counts":{"AA":60,"UA":40},"kind":"categorical"')
    assert text.endswith("}\n")


@each(
    ("old", "new", "said"),
    [
        ('"version":2', '"version":3', "version 3, only 1 and 2"),
        ('"version":2', '"v":2', "not a profile: KeyError"),
        ('"kind":"numeric"', '"kind":"odd"', "kind 'odd'"),
        ('"missing":2', '"missing":-2', "-2 is no count"),
        ('"missing":2', '"missing":2.5', "2.5 is no count"),
        ('"missing":2', '"missing":true', "True is no count"),
        ('"rows":102', '"rows":103', "do not all have 103 rows"),
        ('"edges":[10.0', '"edges":[25.0', "10 bins for 9 ascending edges"),
        ('"mean":50.5', '"mean":NaN', "NaN is no number"),
        ('"features":{', '"features":[],"x":{', "not a profile: AttributeError"),
        ("{", "", "Extra data"),
    ],
)
def test_json_that_is_no_profile_is_refused(old, new, said):
    with pytest.raises(ValueError, match=said):
        profile_from_json(profile_to_json(REFERENCE).replace(old, new, 1))
