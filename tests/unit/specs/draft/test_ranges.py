import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain.survey import Numbers
from reconciler.specs.draft.ranges import bounds, round_to
from tests.cases import each
from tests.surveys import numbers


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (numbers(minimum=10.0, maximum=20.0, low=10.1, median=15.0, high=19.9, early_minimum=10.0, early_maximum=20.0), (5, 25)),
        (numbers(), (0, 150)),
        (
            numbers(minimum=-100.0, maximum=0.0, low=-99.0, median=-50.0, high=-1.0, early_minimum=-100.0, early_maximum=0.0),
            (-150, 0),
        ),
        (numbers(median=1.0, high=5.0), (0, None)),
        (numbers(minimum=-100.0, low=-1.0, median=0.0, high=99.0, early_minimum=-100.0), (None, 200)),
        (numbers(early_maximum=60.0), (0, None)),
        (numbers(maximum=0.0), (None, None)),
        (numbers(minimum=-1.7e308, maximum=1.7e308), (None, None)),
    ],
    ids=[
        "room",
        "never negative",
        "never positive",
        "far out above",
        "far out below",
        "moves with time",
        "one value",
        "too wide",
    ],
)
def test_bounds(seen: Numbers, expected: tuple[float | None, float | None]) -> None:
    assert bounds(seen) == expected


@given(st.floats(-1e12, 1e12), st.floats(1e-6, 1e12))
def test_bounds_hold_all_that_was_seen(minimum: float, span: float) -> None:
    maximum = minimum + span
    middle = (minimum + maximum) / 2
    seen = numbers(
        minimum=minimum, maximum=maximum, low=minimum, median=middle, high=maximum, early_minimum=minimum, early_maximum=maximum
    )
    low, high = bounds(seen)

    assert low is None or low <= minimum
    assert high is None or high >= maximum


@each(("value", "digits", "expected"), [(12345, 2, 12000), (0.05678, 1, 0.06), (0, 2, 0), (-9.99, 2, -10)])
def test_rounding_keeps_significant_digits(value: float, digits: int, expected: float) -> None:
    assert round_to(value, digits) == expected
