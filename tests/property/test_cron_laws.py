"""Laws of the schedule: the due time is what walking over all minutes finds, and time only ever moves it forward."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconciler.rules.cron import last_due

MINUTE = timedelta(minutes=1)
SPRING = datetime(2013, 3, 10, tzinfo=UTC)
AUTUMN = datetime(2013, 11, 3, tzinfo=UTC)
MINUTES = st.lists(st.sampled_from([0, 15, 30, 59]), min_size=1, max_size=2, unique=True)
HOURS = st.lists(st.sampled_from([0, 1, 2, 3, 23]), min_size=1, max_size=3, unique=True)
MOMENTS = st.builds(
    lambda day, minutes: day + minutes * MINUTE,
    st.sampled_from([SPRING, AUTUMN, SPRING + timedelta(days=60)]),
    st.integers(0, 1439),
)


def walked(minutes: list[int], hours: list[int], zone: ZoneInfo, now: datetime) -> datetime:
    """The newest moment that a wall-clock time of the cron stands for, by trying all walls of three days."""
    day = now.astimezone(zone).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0, fold=0)
    walls = [day + timedelta(days=d, hours=h, minutes=m) for d in (-2, -1, 0, 1) for h in hours for m in minutes]
    moments = [wall.replace(tzinfo=zone).astimezone(UTC) for wall in walls]
    return max(moment for moment in moments if moment <= now)


@given(MINUTES, HOURS, st.sampled_from(["America/New_York", "UTC"]), MOMENTS)
@example([30], [2], "America/New_York", SPRING + timedelta(hours=7, minutes=30))
@example([30], [1], "America/New_York", AUTUMN + timedelta(hours=6, minutes=10))
def test_the_due_time_is_what_walking_finds(minutes, hours, zone, now):
    cron = f"{','.join(map(str, minutes))} {','.join(map(str, hours))} * * *"
    assert last_due(cron, zone, now) == walked(minutes, hours, ZoneInfo(zone), now)


@given(MOMENTS, st.integers(0, 3000), st.sampled_from(["America/New_York", "Europe/Berlin", "UTC"]))
def test_time_never_takes_a_due_time_back(now, later, zone):
    assert last_due("30 1,2 * * *", zone, now) <= last_due("30 1,2 * * *", zone, now + later * MINUTE)


@given(MOMENTS, st.sampled_from(["America/New_York", "Europe/Berlin", "Asia/Kolkata"]))
def test_asking_at_the_due_time_gives_the_due_time(now, zone):
    due = last_due("*/15 * * * *", zone, now)
    assert due <= now
    assert last_due("*/15 * * * *", zone, due) == due


@pytest.mark.parametrize(
    ("cron", "now", "due"),
    [
        ("0 0 29 2 *", "2015-06-01", "2012-02-29"),
        ("0 0 29 2 *", "1907-06-01", "1904-02-29"),
        ("0 0 1 1 *", "2013-01-01", "2013-01-01"),
        ("59 23 31 12 *", "2013-12-31", "2012-12-31T23:59"),
        ("0 0 * * 7", "2013-06-05", "2013-06-02"),
        ("0 0 * * 0", "2013-06-05", "2013-06-02"),
        ("0 0 13 * FRI", "2013-06-13", "2013-06-13"),
    ],
    ids=["a leap day", "over a century's missing leap day", "now", "the end of last year", "Sunday as 7", "as 0", "either day"],
)
def test_rare_times_are_found_far_back(cron, now, due):
    assert last_due(cron, "UTC", datetime.fromisoformat(now).replace(tzinfo=UTC)) == datetime.fromisoformat(due).replace(
        tzinfo=UTC
    )


@pytest.mark.parametrize("seconds", [0, 1, 59])
def test_seconds_within_the_minute_change_nothing(seconds):
    now = datetime(2013, 6, 1, 3, 0, seconds, tzinfo=UTC)
    assert last_due("0 3 * * *", "UTC", now) == datetime(2013, 6, 1, 3, tzinfo=UTC)
    assert last_due("0 3 * * *", "UTC", now - timedelta(seconds=seconds + 1)) == datetime(2013, 5, 31, 3, tzinfo=UTC)


def test_now_in_another_zone_is_the_same_moment():
    tokyo = datetime(2013, 6, 1, 12, 30, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert last_due("0 3 * * *", "UTC", tokyo) == datetime(2013, 6, 1, 3, tzinfo=UTC)
