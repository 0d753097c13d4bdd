"""Every written form of a time beside what datetime makes of it, alone and mixed in one column, and all that is no time."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from reconciler.adapters.sources.times import parsed, since_1970, to_utc
from tests.cases import each

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS = 1_362_139_200
ISO = (
    "2013-03-01",
    "2016-02-29",
    "0001-01-01",
    "9999-12-31T23:59:59Z",
    "2013-03-01T12:34",
    "2013-03-01 12:34:56",
    "2013-03-01T12:34:56.5",
    "2013-03-01 12:34:56.123456",
    "2013-03-01T12:34+05:30",
    "2013-03-01T12:34:56-05:00",
    "2013-03-01T12:34:56.000001+14:00",
    "2013-03-01T00:00:00-00:00",
)
NO_TIMES = (
    "2015-02-29",
    "2013-03-01T12:60:00",
    "2013-03-01T12:00:00+24:00",
    "2013-03-01T12:00:00Zjunk",
    "2013-03-01T12:00:00.",
    "+1362139200",
    "1362139200.0",
    "99999999",
    "9999999999999999999",
    "10000-01-01",
    "nan",
    "None",
    "',''); DROP TABLE x",
)


def read(*texts: str | None) -> list[datetime | None]:
    return pl.DataFrame({"t": pl.Series(texts, dtype=pl.String)}).select(parsed(pl.col("t")))["t"].to_list()


def counted(number: int, dtype: type[pl.DataType] = pl.Int64) -> datetime | None:
    found: datetime | None
    (found,) = pl.DataFrame({"t": pl.Series([number], dtype=dtype)}).select(to_utc("t", dtype, "a test"))["t"].to_list()
    return found


def by_datetime(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


@each("text", ISO)
def test_iso_text_is_what_datetime_makes_of_it(text: str) -> None:
    assert read(text) == [by_datetime(text)]


@each("text", NO_TIMES)
def test_garbage_is_no_time(text: str) -> None:
    assert read(text) == [None]


@each(
    ("text", "same"),
    [
        ("2013/3/1 1:02:03", "2013-03-01T01:02:03"),
        ("2013-03-01T12:34z", "2013-03-01T12:34+00:00"),
        ("2013-03-01 12:34:56 +0530", "2013-03-01T12:34:56+05:30"),
        ("2013-03-01T12:34-05", "2013-03-01T12:34-05:00"),
        ("\t20130301\r\n", "2013-03-01"),
        ("2013-03-01T", "2013-03-01"),
        ("2013-03-01T12:34:56.123456789", "2013-03-01T12:34:56.123456"),
    ],
)
def test_what_is_written_loosely_is_the_same_time(text: str, same: str) -> None:
    assert read(text) == [by_datetime(same)]


@each("first", [ISO[0], ISO[-1], str(SECONDS), NO_TIMES[0], None])
def test_forms_are_mixed_in_one_column_whatever_the_first_row_is(first: str | None) -> None:
    times, nothing = [by_datetime(text) for text in ISO], [None] * len(NO_TIMES)

    together = read(first, *ISO, None, *NO_TIMES, str(SECONDS), *ISO)

    assert together[1:] == [*times, None, *nothing, EPOCH + timedelta(seconds=SECONDS), *times]


@each("texts", [(), (None,), (None, None, None), ("", " ", None)])
def test_a_column_without_times_keeps_its_length(texts: tuple[str | None, ...]) -> None:
    assert read(*texts) == [None] * len(texts)


@each("zero", ["\uff10", "\u0660", "\u0966"])
@each("text", ["1362139200", "20130301", "2013-03-01", "2013-03-01T12:00:00+01:00"])
def test_digits_of_other_scripts_are_no_time(text: str, zero: str) -> None:
    assert read(text.translate({ord("0") + digit: ord(zero) + digit for digit in range(10)})) == [None]


@each("text", ["0000-01-01", "-0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-05:00"])
def test_a_year_that_no_datetime_holds_is_no_time(text: str) -> None:
    assert read(text, "2013-03-01") == [None, by_datetime("2013-03-01")]


@pytest.mark.parametrize("digits", [123_456_789, 10**11 - 1, -SECONDS])
def test_digits_below_a_hundred_milliards_are_seconds(digits: int) -> None:
    assert read(str(digits)) == [counted(digits)] == [EPOCH + timedelta(seconds=digits)]


@each(("number", "micros"), [(10**11, 10**14), (10**14, 10**14), (10**17, 10**14), (-(10**11), -(10**14))])
def test_each_unit_begins_where_the_one_before_it_ends(number: int, micros: int) -> None:
    assert counted(number) == EPOCH + timedelta(microseconds=micros)


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63)])
def test_the_largest_and_smallest_numbers_are_nanoseconds(number: int) -> None:
    assert counted(number) == EPOCH + timedelta(microseconds=number // 1000)


@pytest.mark.parametrize("dtype", [pl.Int32, pl.UInt32, pl.UInt64])
def test_seconds_in_a_narrow_or_unsigned_column_are_the_same_time(dtype: type[pl.DataType]) -> None:
    assert counted(SECONDS, dtype) == EPOCH + timedelta(seconds=SECONDS)


def test_a_number_too_large_for_any_unit_is_no_time() -> None:
    assert counted(2**64 - 1, pl.UInt64) is None


def test_missing_numbers_stay_missing() -> None:
    assert pl.select(since_1970(pl.lit(None, dtype=pl.Int64))).item() is None


def test_a_form_that_is_named_reads_only_that_form() -> None:
    texts = pl.DataFrame({"t": [" 01.03.2013 12:34 ", "2013-03-01 12:34", None]})
    assert texts.select(parsed(pl.col("t"), "%d.%m.%Y %H:%M"))["t"].to_list() == [by_datetime("2013-03-01T12:34"), None, None]
