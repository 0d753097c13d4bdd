"""Columns that are odd: empty, huge, infinite, of wrong types; a profile counts every row and never turns into NaN."""

import math

import numpy as np
import pytest

from reconciler.domain.profiles import CategoricalProfile
from reconciler.statistics.drift.psi import psi
from reconciler.statistics.profile import merge, profile_on, reference_profile
from reconciler.statistics.profile_json import profile_from_json, profile_to_json
from tests.cases import each
from tests.samples import both, categorical, numeric, of_numbers, of_texts

LARGEST = float(np.finfo(float).max)


@pytest.mark.parametrize(
    ("values", "counts", "missing"),
    [
        ([], (0,), 0),
        ([np.nan], (0,), 1),
        ([np.inf, -np.inf, np.nan], (0,), 3),
        ([0.0], (0, 1, 0), 0),
        ([0.0, -0.0], (0, 2, 0), 0),
        ([1, 2], (0, 1, 0, 1, 0), 0),
        ([5e-324, 1.0], (0, 1, 0, 1, 0), 0),
    ],
    ids=["nothing", "only missing", "nothing finite", "one row", "both zeros", "two rows", "the least float"],
)
def test_few_rows_have_few_bins_and_none_is_lost(values, counts, missing):
    feature = numeric(of_numbers(values))
    assert (feature.counts, feature.missing, feature.rows) == (counts, missing, len(values))


@each("values", [[LARGEST, -LARGEST], [1e300, -1e300, 5.0], [LARGEST] * 3, [1e200] * 50 + [-1e200] * 50])
def test_moments_that_no_float_holds_are_not_told_and_the_bins_still_count(values):
    profile = of_numbers(values)
    feature = numeric(profile)
    assert feature.variance is None or math.isfinite(feature.variance)
    assert feature.mean is None or math.isfinite(feature.mean)
    assert (sum(feature.counts), feature.minimum, feature.maximum) == (len(values), min(values), max(values))
    assert profile_from_json(profile_to_json(profile)) == profile


def test_windows_of_enormous_numbers_merge_without_a_wrong_moment():
    reference = of_numbers([0.0, 1.0])
    huge, small = (profile_on(reference, {"x": values}) for values in ([LARGEST, -LARGEST], [1.0, 2.0]))
    merged = numeric(merge(huge, small))
    assert merged.variance is None
    assert sum(merged.counts) == 4
    assert merge(huge, small) == merge(small, huge)


def test_moments_of_far_apart_windows_overflow_to_none():
    reference = of_numbers([0.0, 1.0])
    low, high = (profile_on(reference, {"x": [value, value]}) for value in (-1e200, 1e200))
    merged = numeric(merge(low, high))
    assert (merged.mean, merged.variance) == (0.0, None)


def test_enormous_windows_that_lie_beyond_are_drift_in_full():
    drift = psi(*both(of_numbers(np.arange(1000.0)), np.full(500, LARGEST)))
    assert drift.value > 2
    assert drift.p_value < 1e-9


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(["a", float("nan"), None, "a"], id="a list of texts"),
        pytest.param(np.array(["a", float("nan"), None, "a"], dtype=object), id="an array of objects"),
        pytest.param(("a", None, np.nan, "a"), id="a tuple"),
    ],
)
def test_none_and_nan_are_missing_however_the_column_is_given(column):
    profile = reference_profile({"x": column}, [], ["x"])
    assert profile.features["x"] == CategoricalProfile(counts={"a": 2}, unseen=0, missing=2)


def test_the_text_nan_is_a_category_and_not_missing():
    assert categorical(of_texts(["nan", "None", None])) == CategoricalProfile(counts={"None": 1, "nan": 1}, unseen=0, missing=1)


@pytest.mark.parametrize(
    "names",
    [
        ["", " ", "\t"],
        ["a\nb", "a\x00b", "\u202e"],
        ["é", "e\u0301"],
        ["{{ x }}", "${HOME}", "'; DROP TABLE", "<script>"],
        ["A", "a"],
    ],
    ids=["blanks", "control characters", "two ways to write one letter", "code", "two cases"],
)
def test_hostile_categories_stay_apart_and_come_back_from_json(names):
    profile = of_texts(names * 2)
    assert categorical(profile).counts == dict.fromkeys(sorted(names), 2)
    assert profile_from_json(profile_to_json(profile)) == profile


def test_truth_values_are_categories_by_their_words():
    assert categorical(of_texts([True, False, True])).counts == {"False": 1, "True": 2}
    assert numeric(of_numbers([True, False, True])).maximum == 1.0


def test_a_number_that_is_text_is_refused_not_guessed():
    with pytest.raises(ValueError, match="could not convert"):
        reference_profile({"x": np.array(["1,5", "2"])}, ["x"], [])


def test_equally_frequent_categories_beyond_the_cap_are_kept_by_the_alphabet(monkeypatch):
    monkeypatch.setattr("reconciler.statistics.profile.CATEGORIES", 2)
    feature = categorical(of_texts(["b", "a", "c"]))
    assert (feature.counts, feature.unseen) == ({"a": 1, "b": 1}, 1)


def test_a_window_of_only_unseen_categories_is_counted():
    feature = profile_on(of_texts(["a"] * 5), {"x": ["new", None, "newer"]}).features["x"]
    assert feature == CategoricalProfile(counts={"a": 0}, unseen=2, missing=1)


@pytest.mark.parametrize(
    ("values", "edges"),
    [
        ([], ()),
        (range(1, 101), (10, 20, 30, 40, 50, 60, 70, 80, 90)),
        ([3.0], (float(np.nextafter(3, 0)), 3.0)),
        ([0] * 95 + [1] * 5, (float(np.nextafter(0, -1)), 0.0)),
        ([0] * 5 + [1] * 95, (float(np.nextafter(1, 0)), 1.0)),
    ],
    ids=["nothing", "a hundred rows", "a constant", "a heavy lowest value", "a heavy highest value"],
)
def test_edges_are_values_of_the_data(values, edges):
    assert numeric(of_numbers(values)).edges == edges


@pytest.mark.parametrize(
    ("reference", "now"),
    [
        pytest.param([0.0] * 5 + [1.0] * 95, 0.0, id="a flag that is nearly always 1 becomes 0"),
        pytest.param([0.0] * 5 + [1.0] * 95, 2.0, id="a flag that is nearly always 1 becomes 2"),
        pytest.param([1.0] * 5 + [0.0] * 95, 1.0, id="a flag that is nearly always 0 becomes 1"),
        pytest.param([-1.0] * 5 + [0.0] * 90 + [1.0] * 5, -1.0, id="a value in the middle falls"),
        pytest.param([-1.0] * 5 + [0.0] * 90 + [1.0] * 5, 1.0, id="a value in the middle rises"),
        pytest.param([*np.linspace(1, 9, 8), *[10.0] * 92], 9.0, id="the visibility is no longer the best"),
    ],
)
def test_a_heavy_value_cannot_move_within_its_bin(reference, now):
    assert psi(*both(of_numbers(reference), np.full(300, now))).value > 1


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"mean":1.5', '"mean":1e999', "inf is no number"),
        ('"mean":1.5', '"mean":"nan"', "'nan' is no number"),
        ('"mean":1.5', '"mean":"1.5"', "'1.5' is no number"),
        ('"mean":1.5', '"mean":true', "True is no number"),
        ('"mean":1.5', f'"mean":1{"0" * 400}', "int too large"),
        ('"edges":[', '"edges":[-1e999,', "-inf is no number"),
        ('"edges":[', '"edges":[null,', "None is no number"),
        ('"edges":[', '"edges":["a",', "'a' is no number"),
        ('"counts":[', '"counts":[1e2,', "100.0 is no count"),
        ('{"', '{"x":' + "[" * 5000, "RecursionError"),
    ],
    ids=["overflow", "a text", "a number as text", "a truth value", "a huge integer", "edge", "null", "word", "float", "deep"],
)
def test_a_damaged_profile_is_refused(old, new, said):
    text = profile_to_json(of_numbers([1.0, 2.0]))
    assert old in text
    with pytest.raises(ValueError, match=said):
        profile_from_json(text.replace(old, new, 1))


@each("text", ["", "null", "[]", "5", '"x"', "{}", '{"version":1}', '{"version":1,"rows":0,"features":[]}'])
def test_json_of_something_else_is_refused(text):
    with pytest.raises(ValueError, match=r"not a profile|Expecting value"):
        profile_from_json(text)
