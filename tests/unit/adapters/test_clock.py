"""Clocks speak UTC; only the real one moves by itself."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from reconciler.adapters.clock import FixedClock, SystemClock
from reconciler.adapters.fakes.clock import SteppedClock

NOON = datetime(2013, 3, 1, 12, tzinfo=timezone(timedelta(hours=1)))


def test_a_fixed_clock_stands_still_in_utc() -> None:
    assert FixedClock(NOON).now() == NOON
    assert FixedClock(NOON).now().tzinfo is UTC
    with pytest.raises(ValueError, match="aware"):
        FixedClock(NOON.replace(tzinfo=None))


def test_a_stepped_clock_moves_when_told() -> None:
    clock = SteppedClock(NOON)
    clock.advance(timedelta(days=7))
    assert clock.now() == NOON + timedelta(days=7)


def test_the_real_clock_is_aware_and_in_whole_seconds() -> None:
    first, second = SystemClock().now(), SystemClock().now()
    assert first <= second
    assert (first.tzinfo, first.microsecond) == (UTC, 0)
