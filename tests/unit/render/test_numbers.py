"""Numbers for people: few digits, the right unit, never an exponent for what has a unit, and no crash for what is no number."""

import math

from reconciler.domain.known import Measured
from reconciler.render.numbers import between, number, percent, seconds, size, with_interval
from tests.cases import each


@each(
    ("value", "plain", "signed"),
    [
        (None, "none", "none"),
        (0.0, "0", "+0"),
        (0.123456, "0.1235", "+0.1235"),
        (-0.00001234, "-1.234e-05", "-1.234e-05"),
        (math.nan, "nan", "+nan"),
        (-math.inf, "-inf", "-inf"),
    ],
)
def test_four_digits_count_and_nothing_is_a_word(value, plain, signed):
    assert (number(value), number(value, signed=True)) == (plain, signed)


def test_an_interval_signs_both_bounds_or_none():
    assert between(-0.1, 0.2) == "-0.1 to 0.2"
    assert between(-0.1, 0.2, signed=True) == "-0.1 to +0.2"
    assert with_interval(Measured(value=0.5, low=0.25, high=0.75, rows=3)) == "0.5 (0.25 to 0.75)"


@each(
    ("share", "said"),
    [
        (0.0, "0 %"),
        (0.0949, "9.5 %"),
        (0.0994, "9.9 %"),
        (0.0996, "10 %"),
        (-0.05, "-5.0 %"),
        (1.0, "100 %"),
        (12.0, "1200 %"),
    ],
)
def test_a_share_below_ten_per_cent_has_a_digit_more(share, said):
    assert percent(share) == said


def test_a_signed_share_has_its_plus():
    assert percent(0.25, signed=True) == "+25 %"


@each(
    ("value", "said"),
    [
        (0.0, "0 µs"),
        (1e-7, "0.1 µs"),
        (0.000_999_6, "1000 µs"),
        (0.001, "1 ms"),
        (-0.25, "-250 ms"),
        (0.999_6, "1000 ms"),
        (1.0, "1 s"),
        (86_400.0, "86400 s"),
        (math.inf, "inf s"),
        (math.nan, "nan µs"),
    ],
)
def test_a_time_has_the_largest_unit_that_leaves_a_digit_and_no_exponent(value, said):
    assert seconds(value) == said


@each(
    ("value", "said"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1 KiB"),
        (1000 * 2**10, "1000 KiB"),
        (1023 * 2**20, "1023 MiB"),
        (1.5 * 2**30, "1.5 GiB"),
        (4096 * 2**30, "4096 GiB"),
    ],
)
def test_bytes_have_the_largest_unit_that_leaves_a_digit_and_no_exponent(value, said):
    assert size(value) == said
