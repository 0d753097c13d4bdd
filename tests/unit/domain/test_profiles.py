"""Rows of a profile: whatever is missing or unseen is a row too."""

from reconciler.domain.profiles import CategoricalProfile, NumericProfile
from tests.builders import a_profile
from tests.cases import each


def numeric(*counts: int, missing: int = 0) -> NumericProfile:
    feature = a_profile(*counts, missing=missing).features["distance"]
    assert isinstance(feature, NumericProfile)
    return feature


@each(("counts", "missing", "rows"), [((0,), 0, 0), ((3, 4), 0, 7), ((3, 4), 5, 12), ((0, 0), 2, 2)])
def test_rows_of_a_number(counts, missing, rows):
    assert numeric(*counts, missing=missing).rows == rows


@each(("counts", "unseen", "missing", "rows"), [({}, 0, 0, 0), ({"a": 3}, 0, 0, 3), ({"a": 3, "b": 1}, 2, 4, 10), ({}, 1, 1, 2)])
def test_rows_of_a_category(counts, unseen, missing, rows):
    assert CategoricalProfile(counts=counts, unseen=unseen, missing=missing).rows == rows


def test_the_builder_makes_profiles_that_fit():
    profile = a_profile(1, 2, 3, missing=4, features=("a", "b"))
    assert {feature.rows for feature in profile.features.values()} == {profile.rows} == {10}
    assert numeric(1, 2, 3).edges == (1.0, 2.0)
