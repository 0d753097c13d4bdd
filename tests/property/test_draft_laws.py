"""Laws of the drafting: whatever a survey says, ranges keep what was seen, durations can be written, and drafts are valid."""

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain.survey import Numbers
from reconciler.rules.fields import duration_text, parse_duration
from reconciler.specs.draft.draft import draft
from reconciler.specs.draft.quoting import number
from reconciler.specs.draft.ranges import bounds, round_to
from reconciler.specs.draft.target import target_of
from reconciler.specs.draft.timing import timing_of
from reconciler.specs.draft.wishes import UnfitDataError, Wishes
from reconciler.specs.load import load_specs
from tests.surveys import a_number, a_table, a_text, numbers

FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def any_numbers(draw: st.DrawFn) -> Numbers:
    """Seven finite numbers in the order that a survey would give them."""
    least, low, median, high, most = sorted(draw(st.lists(FLOATS, min_size=5, max_size=5)))
    early = sorted(draw(st.lists(st.sampled_from([least, low, median, high, most]), min_size=2, max_size=2)))
    return numbers(minimum=least, low=low, median=median, high=high, maximum=most, early_minimum=early[0], early_maximum=early[1])


@given(any_numbers())
def test_a_range_allows_all_that_was_seen(seen):
    low, high = bounds(seen)
    assert low is None or low <= seen.minimum
    assert high is None or high >= seen.maximum
    assert all(bound is None or math.isfinite(bound) for bound in (low, high))


@given(any_numbers())
def test_what_is_never_negative_stays_so(seen):
    low, high = bounds(seen)
    if seen.minimum >= 0:
        assert low is None or low >= 0
    if seen.maximum <= 0:
        assert high is None or high <= 0


@pytest.mark.parametrize(
    ("least", "most"),
    [(0.0, 5e-324), (1e-310, 2e-310), (-1.79e308, -1.3e308), (-1.7e308, 1.7e308), (1e15, 1e15 + 1), (3.0, 3.0)],
    ids=["the least float", "no usual float", "room beyond all floats", "a span beyond all floats", "far from zero", "constant"],
)
def test_ranges_at_the_ends_of_what_floats_hold(least, most):
    seen = numbers(minimum=least, low=least, median=least, high=most, maximum=most, early_minimum=least, early_maximum=most)
    low, high = bounds(seen)
    assert low is None or low <= least
    assert high is None or high >= most


@given(FLOATS, st.integers(1, 6))
def test_rounding_keeps_the_size_and_the_sign(value, digits):
    rounded = round_to(value, digits)
    if math.isfinite(rounded):
        assert abs(rounded - value) <= abs(value) * 10.0 ** (1 - digits) + 5e-324
    assert math.copysign(1, rounded) == math.copysign(1, value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_cannot_be_written(value):
    with pytest.raises(ValueError, match="not finite"):
        number(value)
    assert math.isnan(value) or round_to(value) == value


@given(st.integers(100, 10**7), st.floats(1e-2, 60_000), st.none() | st.integers(1, 10**5))
def test_durations_of_any_table_can_be_written(rows, days, delay):
    table = a_table(
        label=a_text("y", "no", "yes", present=rows, values=(("no", rows // 2), ("yes", rows - rows // 2))), days=days
    )
    try:
        timing = timing_of(table, target_of(table.label, None), None if delay is None else timedelta(minutes=delay))
    except UnfitDataError:
        return
    for duration in (timing.holdout, timing.window, timing.cooldown, timing.max_age, timing.label_delay):
        assert duration > timedelta()
        assert parse_duration(duration_text(duration)) == duration
    assert timing.as_of >= table.last
    assert 0 < timing.holdout_rows <= rows
    assert timing.minimum_new_labels <= timing.new_labels


@given(any_numbers(), st.sampled_from([0.01, 1.0, 365.0, 20_000.0]), st.integers(0, 3))
def test_a_draft_of_any_number_is_valid(seen, days, gaps):
    table = a_table(a_number("a", numbers=seen, missing=gaps), label=a_text("y", "no", "yes"), days=days)
    made = draft(table, Wishes(model="m", dataset="d"))
    specs = load_specs({path: text.encode() for path, text in made.files.items()})
    column = specs.datasets["d"].column("a")
    assert column is not None
    assert (column.minimum, column.maximum) == bounds(seen) or column.known == "after"
    assert made.parameters.as_of >= table.last
