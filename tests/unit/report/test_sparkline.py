"""Bars in text: shares keep their order, nothing is lost to rounding, and no bar leaves its room."""

from reconciler.report.sparkline import share_bars, sparkline
from tests.cases import each


@each(
    ("shares", "most", "bars"),
    [
        ([], 1.0, ""),
        ([0.0, 1.0], 1.0, " █"),
        ([0.5, 0.25, 1e-9], 0.5, "█▄▁"),
        ([0.1, 0.1], 0.1, "██"),
        ([2.0], 1.0, "█"),
    ],
)
def test_shares_stand_on_one_scale(shares, most, bars):
    assert share_bars(shares, most) == bars


@each(("values", "bars"), [([0.0, 1.0], "▁█"), ([None, 3.0], " ▄"), ([float("nan")], " "), ([], "")])
def test_numbers_stand_between_the_least_and_the_greatest(values, bars):
    assert sparkline(values) == bars
