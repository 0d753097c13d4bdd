"""The shipped flights, made of small tables: clocks, midnights, daylight saving, weather, and what never happened."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets import flights
from datasets.flights import local_time, local_to_utc, observed, outcome, schedule, with_times, zones

NEW_YORK = "America/New_York"
local = partial(datetime, tzinfo=None)
AIRPORTS = pl.DataFrame(
    {
        "faa": ["IAH", "LAX", "HNL", "PHX", "SJU", "XXX"],
        "tzone": ["America/Chicago", "America/Los_Angeles", "Pacific/Honolulu", "America/Phoenix", "America/Wrong", None],
    }
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def a_flight(day: date = date(2013, 7, 1), **changes: Any) -> pl.DataFrame:
    """From Newark to Houston, 1,400 miles, at 5:15 for 8:19."""
    usual = {"sched_dep_time": 515, "sched_arr_time": 819, "dest": "IAH", "origin": "EWR", "distance": 1400}
    row = {"year": day.year, "month": day.month, "day": day.day} | usual | changes
    return pl.DataFrame([row], schema_overrides={"sched_arr_time": pl.Int64})


def timed(day: date = date(2013, 7, 1), **changes: Any) -> dict[str, Any]:
    return with_times(a_flight(day, **changes), zones(AIRPORTS)).row(0, named=True)


@pytest.mark.parametrize(
    ("clock", "hour", "minute", "days"),
    [(517, 5, 17, 0), (5, 0, 5, 0), (0, 0, 0, 0), (2359, 23, 59, 0), (2400, 0, 0, 1), (1200, 12, 0, 0)],
    ids=["a morning", "just after midnight", "midnight", "the last minute", "midnight as 2400", "noon"],
)
def test_clocks_are_hours_and_minutes(clock: int, hour: int, minute: int, days: int) -> None:
    found = a_flight(sched_dep_time=clock).select(local_time("sched_dep_time")).item()
    assert found == local(2013, 7, 1 + days, hour, minute)


@pytest.mark.parametrize(
    ("clock", "wanted"),
    [
        (local(2013, 1, 15, 12), utc(2013, 1, 15, 17)),
        (local(2013, 7, 15, 12), utc(2013, 7, 15, 16)),
        (local(2013, 3, 10, 1, 59), utc(2013, 3, 10, 6, 59)),
        (local(2013, 3, 10, 2, 30), None),
        (local(2013, 3, 10, 3, 0), utc(2013, 3, 10, 7)),
        (local(2013, 11, 3, 0, 59), utc(2013, 11, 3, 4, 59)),
        (local(2013, 11, 3, 1, 30), utc(2013, 11, 3, 5, 30)),
        (local(2013, 11, 3, 2, 0), utc(2013, 11, 3, 7)),
        (None, None),
    ],
    ids=[
        *("winter", "summer", "before the skipped hour", "in the skipped hour", "after the skipped hour"),
        *("before the repeated hour", "in the repeated hour", "after the repeated hour", "no time"),
    ],
)
def test_local_times_become_utc_through_both_changes_of_clocks(clock: datetime | None, wanted: datetime | None) -> None:
    frame = pl.DataFrame({"t": pl.Series([clock], dtype=pl.Datetime("us"))})
    assert frame.select(local_to_utc(pl.col("t"), NEW_YORK)).item() == wanted


@given(st.datetimes(local(2012, 1, 1), local(2014, 1, 1)), st.sampled_from([NEW_YORK, "America/Phoenix", "Pacific/Honolulu"]))
def test_utc_is_never_further_from_local_time_than_the_zone_is(clock: datetime, zone: str) -> None:
    found = pl.DataFrame({"t": [clock]}).select(local_to_utc(pl.col("t"), zone)).item()
    assert found is None or timedelta(hours=4) <= found.replace(tzinfo=None) - clock <= timedelta(hours=10)


@pytest.mark.parametrize(
    ("flight", "minutes"),
    [
        ({}, 4 * 60 + 4),
        ({"dest": "LAX", "sched_arr_time": 815, "distance": 2454}, 6 * 60),
        ({"dest": "HNL", "sched_dep_time": 1000, "sched_arr_time": 1530, "distance": 4963}, 11 * 60 + 30),
        ({"sched_dep_time": 2130, "sched_arr_time": 30}, 4 * 60),
        ({"sched_dep_time": 2300, "sched_arr_time": 2400}, None),
        ({"dest": "XXX"}, None),
        ({"dest": "ZZZ"}, None),
        ({"sched_arr_time": 500}, None),
        ({"sched_arr_time": None}, None),
    ],
    ids=[
        *("an hour behind", "three hours behind", "six hours behind", "past midnight", "faster than any airliner"),
        *("an airport without a zone", "an unknown airport", "most of a day", "no arrival"),
    ],
)
def test_a_scheduled_flight_takes_as_long_as_both_clocks_say(flight: dict[str, Any], minutes: int | None) -> None:
    assert timed(**flight)["scheduledFlightTime"] == minutes


def test_arizona_does_not_change_its_clocks() -> None:
    summer, winter = (
        timed(day, dest="PHX", distance=2100)["scheduledFlightTime"] for day in (date(2013, 7, 1), date(2013, 12, 1))
    )
    assert summer - winter == 60


def test_the_weather_of_a_flight_is_that_of_a_full_hour_before() -> None:
    assert timed()["hourBefore"] == utc(2013, 7, 1, 8)
    assert timed(sched_dep_time=500)["hourBefore"] == utc(2013, 7, 1, 8)
    assert timed(date(2013, 11, 3), sched_dep_time=100)["hourBefore"] == utc(2013, 11, 3, 4)


def test_airports_that_the_file_lacks_or_has_wrong_are_known() -> None:
    found = dict(zones(AIRPORTS).iter_rows())
    assert (found["SJU"], found["STT"], found["BQN"]) == ("America/Puerto_Rico", "America/St_Thomas", "America/Puerto_Rico")
    assert len(found) == zones(AIRPORTS).height


def test_observations_are_named_for_the_hour_in_utc() -> None:
    weather = pl.DataFrame(
        {
            "time_hour": ["2013-11-03T05:00:00Z"],
            "year": [2013],
            "month": [11],
            "day": [3],
            "hour": [1],
            "temp": [50.0],
            "origin": ["EWR"],
        }
    )
    assert observed(weather).to_dicts() == [{"temp": 50.0, "origin": "EWR", "hourBefore": utc(2013, 11, 3, 5)}]


def happened(**changes: Any) -> dict[str, Any]:
    usual = {"scheduledDeparture": utc(2013, 7, 1, 9, 15), "scheduledFlightTime": 244, "dep_delay": 2.0, "arr_delay": 11.0}
    return pl.DataFrame([{**usual, "air_time": 227.0, **changes}], infer_schema_length=None).select(outcome()).row(0, named=True)


def test_what_happened_is_schedule_and_delay() -> None:
    found = happened()
    assert found["departureTime"] == utc(2013, 7, 1, 9, 17)
    assert found["arrivalTime"] == utc(2013, 7, 1, 13, 30)
    assert (found["departureDelay"], found["arrivalDelay"], found["airTime"]) == (2.0, 11.0, 227.0)


def test_an_early_flight_has_negative_delays() -> None:
    assert happened(dep_delay=-5.0)["departureTime"] == utc(2013, 7, 1, 9, 10)


def test_departures_of_an_hour_are_counted_per_airport() -> None:
    rows = pl.DataFrame(
        {
            "scheduledDeparture": [utc(2013, 7, 1)] * 4,
            "month": 7,
            "year": 2013,
            "day": 1,
            "carrier": "AA",
            "flight": 1,
            "sched_dep_time": [600, 630, 630, 700],
            "origin": ["EWR", "EWR", "JFK", "EWR"],
            "time_hour": ["6", "6", "6", "7"],
            "tailnum": "N1",
            "dest": "IAH",
            "distance": 1400,
            "scheduledFlightTime": 244,
        }
    )
    found = rows.select(schedule())
    assert found["departuresThatHour"].to_list() == [2, 2, 1, 1]
    assert found["minuteOfDay"].to_list() == [360, 390, 390, 420]
    assert found["weekday"].to_list() == [1] * 4


def test_a_package_that_is_not_there_is_named_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flights, "PACKAGE", "nycflights99")
    with pytest.raises(ModuleNotFoundError, match="the package nycflights99 is not installed: pip install nycflights99"):
        flights.package_folder()
