"""When nothing new is released: by date, by hours of the day, and from cron times on; also where clocks jump."""

from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.rules.fields import parse_time, time_text
from reconciler.rules.freezes import ReleaseFreeze, frozen
from tests.cases import each

FAIR = {"from": "2013-12-20", "until": "2014-01-02", "reason": "fair"}
NIGHTS = {"hours": {"from": "22:00", "until": "06:00", "timezone": "Europe/Berlin"}, "reason": "nights"}
WEEKENDS = {"cron": "0 17 * * FRI", "lasts": "63h", "timezone": "Europe/Berlin", "reason": "weekends"}


def windows(*written: dict[str, Any]) -> list[ReleaseFreeze]:
    return [ReleaseFreeze.model_validate(one) for one in written]


@each(
    ("written", "now", "until"),
    [
        (FAIR, "2013-12-19T23:59:59Z", None),
        (FAIR, "2013-12-20", "2014-01-02"),
        (FAIR, "2014-01-01T23:59:59Z", "2014-01-02"),
        (FAIR, "2014-01-02", None),
        (NIGHTS, "2013-06-01T19:59:59Z", None),
        (NIGHTS, "2013-06-01T20:00:00Z", "2013-06-02T04:00:00Z"),
        (NIGHTS, "2013-06-02T03:59:59Z", "2013-06-02T04:00:00Z"),
        (NIGHTS, "2013-06-02T04:00:00Z", None),
        # The clock goes forward in the night to 31 March 2013, and back in that to 27 October.
        (NIGHTS, "2013-03-30T21:00:00Z", "2013-03-31T04:00:00Z"),
        (NIGHTS, "2013-03-31T04:00:00Z", None),
        (NIGHTS, "2013-10-26T20:00:00Z", "2013-10-27T05:00:00Z"),
        (NIGHTS, "2013-10-27T04:30:00Z", "2013-10-27T05:00:00Z"),
        (WEEKENDS, "2013-06-07T14:59:59Z", None),
        (WEEKENDS, "2013-06-07T15:00:00Z", "2013-06-10T06:00:00Z"),
        (WEEKENDS, "2013-06-10T06:00:00Z", None),
        (WEEKENDS, "2013-03-29T16:00:00Z", "2013-04-01T07:00:00Z"),
        (WEEKENDS, "2013-10-25T15:00:00Z", "2013-10-28T06:00:00Z"),
    ],
)
def test_a_window_is_open_from_its_beginning_until_before_its_end(written: dict[str, Any], now: str, until: str | None) -> None:
    found = frozen(windows(written), parse_time(now))
    assert (time_text(found.until) if found else None) == until


def test_windows_that_overlap_or_follow_on_each_other_end_together() -> None:
    days = [{"from": f"2013-06-0{day}", "until": f"2013-06-0{day + 1}", "reason": str(day)} for day in (1, 2, 5)]
    noon = {"from": "2013-06-01", "until": "2013-06-01T12:00:00Z", "reason": "noon"}
    found = frozen(windows(*reversed(days), noon), parse_time("2013-06-01"))
    assert found is not None
    assert (time_text(found.until), found.window.reason) == ("2013-06-03", "1")


def test_what_is_frozen_for_ever_has_an_end_that_is_told_all_the_same() -> None:
    halves = [{"hours": {"from": a, "until": b}, "reason": "always"} for a, b in (("00:00", "12:00"), ("12:00", "00:00"))]
    found = frozen(windows(*halves), datetime(2013, 6, 1, 6, tzinfo=UTC))
    assert found is not None
    assert found.until > datetime(2013, 7, 1, tzinfo=UTC)


def test_windows_are_told_in_words() -> None:
    assert [one.told for one in windows(FAIR, NIGHTS, WEEKENDS)] == [
        "from 2013-12-20 until 2014-01-02",
        "from 22:00 until 06:00 (Europe/Berlin)",
        "63h from each 0 17 * * FRI (Europe/Berlin)",
    ]


@each(
    ("change", "said"),
    [
        ({"until": "2013-12-20"}, "expected from before until, got 2013-12-20 and 2013-12-20"),
        ({"until": "2013-12-01"}, "expected from before until, got 2013-12-20 and 2013-12-01"),
        ({"cron": "0 1 * * *", "lasts": "1h"}, "give exactly one of from, hours and cron, not 2"),
        ({"lasts": "1h"}, "expected lasts together with cron, which is missing"),
        ({"timezone": "Europe/Berlin"}, "expected timezone together with cron, which is missing"),
        ({"reason": ""}, "at least 1 character"),
    ],
)
def test_what_says_no_one_time_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        windows(FAIR | change)


@each("key", ["from", "until"])
def test_a_window_without_beginning_or_end_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="exactly one of" if key == "from" else "expected from together with until"):
        windows({name: value for name, value in FAIR.items() if name != key})
