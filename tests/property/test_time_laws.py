"""Laws of event times: however an instant is written, it is the same instant; a range holds what arithmetic says."""

from datetime import UTC, date, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.adapters.sources.bounds import EPOCH, as_stored
from reconciler.adapters.sources.times import TIME, in_range, parsed, since_1970, stored_range, to_utc
from tests.cases import each
from tests.examples import examples

instants = st.datetimes(datetime(1980, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
FEW = examples(1)  # each builds an expression of a dozen forms
UNITS = {"seconds": 1, "milliseconds": 10**3, "microseconds": 10**6, "nanoseconds": 10**9}


def read(text: str) -> datetime | None:
    found: datetime | None = pl.select(parsed(pl.lit(text))).item()
    return found


@FEW
@given(instants, zones)
def test_iso_text_of_any_zone_is_the_same_instant(instant: datetime, zone: timezone) -> None:
    written = instant.astimezone(zone)

    assert read(written.isoformat()) == instant
    assert read(written.isoformat(" ")) == instant
    assert read(written.strftime("%Y/%m/%dT%H:%M:%S.%f%z")) == instant


@FEW
@given(instants)
def test_text_without_a_zone_is_utc(instant: datetime) -> None:
    assert read(instant.replace(tzinfo=None).isoformat()) == instant
    assert read(f" {instant:%Y-%m-%d %H:%M:%S.%f}Z ") == instant
    assert read(f"{instant:%Y-%m-%d}") == instant.replace(hour=0, minute=0, second=0, microsecond=0)


@FEW
@given(instants, st.sampled_from(list(UNITS.values())))
def test_numbers_since_1970_in_any_unit(instant: datetime, unit: int) -> None:
    number = (instant - EPOCH) // timedelta(microseconds=1) * unit // 10**6
    wanted = EPOCH + timedelta(microseconds=number * 10**6 // unit)

    assert pl.select(since_1970(pl.lit(number))).item() == wanted
    assert read(str(number)) == wanted


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_none_and_never_an_error(text: str) -> None:
    found = read(text)

    assert found is None or found.tzinfo is not None


@given(instants, st.sampled_from(["us", "ns"]), st.sampled_from([None, "UTC", "Europe/Berlin", "America/New_York"]))
def test_stored_times_of_any_unit_and_zone_become_the_same_instant(instant: datetime, unit: str, zone: str | None) -> None:
    stored = pl.Series("t", [instant], dtype=TIME).dt.convert_time_zone(zone or "UTC").cast(pl.Datetime(unit, zone or "UTC"))  # type: ignore[arg-type]
    stored = stored if zone else stored.dt.replace_time_zone(None)

    assert stored.to_frame().select(to_utc("t", stored.dtype, "a test"))["t"].to_list() == [instant]


@given(st.lists(instants, max_size=6), st.none() | instants, st.none() | instants, st.sampled_from([None, "Asia/Kolkata"]))
def test_the_range_on_stored_times_is_the_range_on_instants(
    times: list[datetime], start: datetime | None, end: datetime | None, zone: str | None
) -> None:
    rows = pl.DataFrame({"t": pl.Series([*times, None], dtype=TIME)})
    column = rows["t"].dt.convert_time_zone(zone) if zone else rows["t"].dt.replace_time_zone(None)
    stored = rows.with_columns(column)
    wanted = [(start is None or start <= t) and (end is None or t < end) for t in times]

    assert rows.select(in_range(pl.col("t"), start, end)).to_series().to_list() == [*wanted, False]
    kept = stored.with_row_index().filter(stored_range("t", stored.schema["t"], start, end))["index"].to_list()  # type: ignore[arg-type]
    assert kept == [i for i, is_wanted in enumerate(wanted) if is_wanted]


@given(instants, st.integers(-(10**6), 10**6), st.sampled_from(list(UNITS.values())))
def test_a_bound_in_stored_numbers_loses_no_row(bound: datetime, distance: int, unit: int) -> None:
    """A row `distance` microseconds from the bound, kept as a number of the unit."""
    number = ((bound - EPOCH) // timedelta(microseconds=1) + distance) * unit // 10**6
    instant = EPOCH + timedelta(microseconds=number * 10**6 // unit)
    sample = 1_300_000_000 * unit
    start, end = (as_stored(bound, sample, later=later) for later in (True, False))
    assert isinstance(start, int)
    assert isinstance(end, int)

    assert number >= start or instant < bound
    assert number < end or instant >= bound


@given(instants, zones)
def test_a_bound_in_stored_text_loses_no_row_of_any_zone(bound: datetime, zone: timezone) -> None:
    text = bound.astimezone(zone).isoformat()
    start, end = (as_stored(bound, "2013-03-01", later=later) for later in (True, False))

    assert str(start) <= text < str(end)
    assert as_stored(bound, date(2013, 3, 1), later=True) <= bound.date()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2013-03-31T01:30:00+01:00", datetime(2013, 3, 31, 0, 30, tzinfo=UTC)),
        ("2013-03-31T03:30:00+02:00", datetime(2013, 3, 31, 1, 30, tzinfo=UTC)),
        ("2013-10-27T02:30:00+02:00", datetime(2013, 10, 27, 0, 30, tzinfo=UTC)),
        ("2013-10-27T02:30:00+01:00", datetime(2013, 10, 27, 1, 30, tzinfo=UTC)),
        ("2013-03-01 12:00:00+00", datetime(2013, 3, 1, 12, tzinfo=UTC)),
        ("2013-03-01T12:00:00-05", datetime(2013, 3, 1, 17, tzinfo=UTC)),
        ("2012-02-29", datetime(2012, 2, 29, tzinfo=UTC)),
    ],
    ids=["before summer time", "after it began", "the hour first", "the hour again", "Postgres", "hours only", "a leap day"],
)
def test_offsets_decide_where_clocks_change(text: str, wanted: datetime) -> None:
    assert read(text) == wanted


@each(
    "text",
    [
        "2013-02-29",
        "2013-03-01T24:00",
        "2013-03-01T12:00+25:00",
        "2013-03-31T02:30 Europe/Berlin",
        "1e9",
        "1362139200.5",
        "-1",
        "٢٠١٣-03-01",
        "10000-01-01",
        "9" * 19,
        "9" * 25,
        "NaT",
        "None",
        "T12:00",
        "2013-W09-5",
        "2013-060",
        "--",
        "\x00",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert read(text) is None
