"""Cuts: below or above a number, which itself is not past it."""

import math

import pytest

from reconciler.rules.cuts import Cut
from tests.cases import each


@each(
    ("below", "above", "value", "past", "said"),
    [
        (5, None, 4.9, True, "below 5"),
        (5, None, 5.0, False, "below 5"),
        (None, 5, 5.1, True, "above 5"),
        (None, 5, 5.0, False, "above 5"),
        (0, None, -1.0, True, "below 0"),
        (None, 0, 1.0, True, "above 0"),
        (5, None, math.nan, False, "below 5"),
        (None, 0.123456789, 1.0, True, "above 0.123457"),
    ],
)
def test_a_value_is_past_the_cut_or_not(below, above, value, past, said):
    cut = Cut.of(below, above)
    assert cut.is_passed_by(value) is past
    assert str(cut) == said


def test_one_of_both_is_needed():
    with pytest.raises(ValueError, match="0 of below and above are given, 1 needed"):
        Cut.of(None, None)
