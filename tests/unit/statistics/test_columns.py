"""Bins side by side: their labels, their shares, and what is pooled."""

import math

from reconciler.domain.profiles import CategoricalProfile, NumericProfile
from reconciler.domain.verdicts import Bin
from reconciler.statistics.columns import SHOWN, bins, columns
from tests.builders import a_profile
from tests.cases import each


def numbers(counts, edges, missing=0):
    return NumericProfile(edges=edges, counts=counts, missing=missing, minimum=None, maximum=None, mean=None, variance=None)


@each(
    ("edges", "counts", "missing", "labels"),
    [
        ((), (4,), 0, ["any"]),
        ((), (4,), 1, ["any", "(missing)"]),
        ((1.0,), (1, 3), 0, ["up to 1", "above 1"]),
        ((math.nextafter(20, 0), 20.0), (1, 1, 1), 0, ["up to 20", "20", "above 20"]),
        ((1.0, 2.5, 1e6), (1, 1, 1, 1), 0, ["up to 1", "1 to 2.5", "2.5 to 1e+06", "above 1e+06"]),
    ],
)
def test_bins_of_numbers_say_where_they_end(edges, counts, missing, labels):
    profile = numbers(counts, edges, missing)
    found = bins(profile, profile)
    assert [one.label for one in found] == labels
    assert math.isclose(sum(one.reference for one in found), 1.0)


def test_categories_are_shown_with_what_is_unseen_and_missing():
    before = CategoricalProfile(counts={"a": 8, "b": 2, "c": 0}, unseen=0, missing=0)
    now = CategoricalProfile(counts={"a": 4, "b": 0, "c": 0}, unseen=4, missing=2)
    assert bins(before, now) == (
        Bin(label="a", reference=0.8, current=0.4),
        Bin(label="b", reference=0.2, current=0.0),
        Bin(label="(unseen)", reference=0.0, current=0.4),
        Bin(label="(missing)", reference=0.0, current=0.2),
    )


def test_rare_categories_are_shown_as_one():
    many = CategoricalProfile(counts={f"{i:03}": 100 - i for i in range(100)}, unseen=0, missing=0)
    found = bins(many, many)
    assert [one.label for one in found] == [*(f"{i:03}" for i in range(SHOWN)), "88 more"]
    assert math.isclose(sum(one.current for one in found), 1.0)


def test_a_side_without_rows_has_shares_of_none():
    empty, full = numbers((0, 0), (1.0,)), numbers((1, 3), (1.0,))
    assert [(one.reference, one.current) for one in bins(full, empty)] == [(0.25, 0.0), (0.75, 0.0)]


def test_only_columns_of_both_profiles_are_compared():
    before, now = a_profile(features=("a", "b")), a_profile(features=("b", "c"))
    (only,) = columns(before, now, "psi", {})
    assert (only.name, only.importance, only.drifted, only.effect) == ("b", None, False, 0.0)


def test_a_feature_that_nobody_measured_has_no_importance_among_those_that_were():
    (only,) = columns(a_profile(), a_profile(), "psi", {"other": 1.0})
    assert only.importance == 0.0
