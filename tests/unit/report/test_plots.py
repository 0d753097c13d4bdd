"""Marks of a plot stay within its drawing and in their order, whatever the numbers; what is no number is left out."""

import math

import pytest

from reconciler.domain.measured.calibration import Bin as SaidBin
from reconciler.domain.verdicts import Bin
from reconciler.report.plots import (
    BAR,
    MANY_SIGNS,
    ROW,
    SIGNS,
    SQUARE,
    TALL,
    WHISKERS,
    Interval,
    bars_of,
    reliability_of,
    shortened,
    whiskers_of,
)
from tests.cases import each


def a_bin(reference: float, current: float, label: str = "a") -> Bin:
    return Bin(label=label, reference=reference, current=current)


def an_interval(low: float, value: float, high: float, label: str = "a") -> Interval:
    return Interval(label=label, low=low, value=value, high=high, said="said")


def test_no_bins_have_no_bars_and_empty_ones_have_no_length() -> None:
    assert bars_of([]) == ()
    (one,) = bars_of([a_bin(0.0, 0.0)])
    assert (one.reference, one.current, one.said) == (0.0, 0.0, "0.0% → 0.0%")


def test_the_largest_share_of_either_side_takes_the_whole_width() -> None:
    bars = bars_of([a_bin(0.1, 0.4), a_bin(0.2, 0.0)])
    assert [(bar.y, bar.reference, bar.current) for bar in bars] == [(0, BAR / 4, BAR), (ROW, BAR / 2, 0.0)]


def test_a_bin_that_comes_twice_has_two_bars() -> None:
    assert [bar.y for bar in bars_of([a_bin(0.5, 0.5)] * 3)] == [0, ROW, 2 * ROW]


@pytest.mark.parametrize(("length", "kept"), [(SIGNS, SIGNS), (SIGNS + 1, SIGNS), (5_000, SIGNS)])
def test_a_long_label_is_cut_and_the_whole_of_it_kept_beside(length: int, kept: int) -> None:
    (one,) = bars_of([a_bin(0.5, 0.5, "x" * length)])
    assert (len(one.short), len(one.label)) == (kept, length)
    assert one.short.endswith("…") == (length > kept)
    assert shortened("") == ""


@each(
    ("bounds", "sure"),
    [((0.1, 0.2, 0.3), "good"), ((-0.3, -0.2, -0.1), "bad"), ((0.0, 0.1, 0.2), "open"), ((-0.2, -0.1, 0.0), "open")],
)
def test_only_what_lies_on_one_side_of_zero_is_sure(bounds: tuple[float, float, float], sure: str) -> None:
    (one,) = whiskers_of([an_interval(*bounds)], together=False)
    assert one.sure == sure
    assert 0 <= one.low <= one.value <= one.high <= WHISKERS


def test_nothing_at_all_stands_in_the_middle() -> None:
    (one,) = whiskers_of([an_interval(0.0, 0.0, 0.0)], together=True)
    assert (one.low, one.value, one.high, one.sure) == (WHISKERS / 2, WHISKERS / 2, WHISKERS / 2, "open")


@each("wrong", [(math.nan, 0.0, 1.0), (0.0, math.nan, 1.0), (-math.inf, 0.0, 1.0), (0.0, 1.0, math.inf)])
def test_what_is_no_number_leaves_no_gap_and_does_not_stretch_the_others(wrong: tuple[float, float, float]) -> None:
    right = [an_interval(0.1, 0.2, 0.4, "b"), an_interval(-0.2, 0.0, 0.2, "c")]
    assert whiskers_of([right[0], an_interval(*wrong), right[1]], together=True) == whiskers_of(right, together=True)


def test_together_they_compare_and_apart_each_takes_the_whole_width() -> None:
    two = [an_interval(0.0, 0.1, 0.2), an_interval(0.0, 0.2, 0.4, "x" * 99)]
    assert [one.high for one in whiskers_of(two, together=True)] == [0.75 * WHISKERS, WHISKERS]
    assert [one.high for one in whiskers_of(two, together=False)] == [WHISKERS, WHISKERS]
    assert [(one.y, len(one.short)) for one in whiskers_of(two, together=False)] == [(0, 1), (TALL, MANY_SIGNS)]


@pytest.mark.parametrize(
    ("said", "happened", "place"), [(0.0, 0.0, (0, SQUARE)), (1.0, 1.0, (SQUARE, 0)), (0.25, 0.5, (SQUARE / 4, SQUARE / 2))]
)
def test_what_happened_more_often_stands_higher(said: float, happened: float, place: tuple[float, float]) -> None:
    ((x, y, words),) = reliability_of([SaidBin(predicted=said, observed=happened, rows=1_234)])
    assert (x, y) == place
    assert words == f"said {said:.1%}, happened {happened:.1%}, 1,234 rows"
