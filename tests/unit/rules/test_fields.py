"""Values that people write: durations, times and names, read strictly and written back exactly."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from reconciler.rules.fields import (
    Count,
    Duration,
    Name,
    Share,
    Time,
    Written,
    duration_text,
    parse_duration,
    parse_time,
    time_text,
)
from tests.cases import each

NEW_YORK = timezone(timedelta(hours=-5))


class Thing(Written):
    """One of each kind."""

    how_long: Duration = timedelta(days=1)
    since_when: Time = datetime(2013, 1, 1, tzinfo=UTC)
    name: Name = "a"
    share: Share = 0.5
    count: Count = 1
    number: float = 0.0


@each(
    ("text", "value"),
    [
        ("1m", timedelta(minutes=1)),
        ("90m", timedelta(minutes=90)),
        ("999999m", timedelta(minutes=999_999)),
        ("12h", timedelta(hours=12)),
        ("7d", timedelta(days=7)),
        ("9999d", timedelta(days=9999)),
        ("2w", timedelta(days=14)),
        ("999w", timedelta(weeks=999)),
    ],
)
def test_a_duration_is_a_number_and_a_unit(text, value):
    assert parse_duration(text) == value
    assert parse_duration(duration_text(value)) == value


@each(
    "text",
    [
        *(
            "",
            "7",
            "d",
            "0d",
            "-1d",
            "+1d",
            "1.5h",
            "1e3m",
            "07d",
            " 7d",
            "7d ",
            "7 d",
            "7D",
            "7d\n",
            "1d12h",
            "7days",
            "1000000m",
        ),
        *("10000d", "1000w", "7y", "7s", "\u0667d", "\uff17d", None, 7, 7.0, True, [], {}),
    ],
)
def test_anything_else_is_no_duration(text):
    with pytest.raises(ValueError, match="expected a duration such as 30m, 12h, 7d or 2w"):
        parse_duration(text)


@each(
    ("value", "text"),
    [
        (timedelta(minutes=1), "1m"),
        (timedelta(minutes=60), "1h"),
        (timedelta(minutes=90), "90m"),
        (timedelta(hours=24), "1d"),
        (timedelta(hours=36), "36h"),
        (timedelta(days=14), "14d"),
        (timedelta(seconds=90), "90s"),
        (timedelta(0), "0d"),
    ],
)
def test_a_duration_is_told_in_the_largest_unit_that_fits(value, text):
    assert duration_text(value) == text


@each(
    ("text", "value"),
    [
        ("2013-03-01", datetime(2013, 3, 1, tzinfo=UTC)),
        ("2013-03-01T06:00Z", datetime(2013, 3, 1, 6, tzinfo=UTC)),
        ("2013-03-01T06:00:30", datetime(2013, 3, 1, 6, 0, 30, tzinfo=UTC)),
        ("2012-02-29", datetime(2012, 2, 29, tzinfo=UTC)),
        ("1900-01-01", datetime(1900, 1, 1, tzinfo=UTC)),
        ("2199-12-31T23:59:59Z", datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_time_is_utc(text, value):
    assert parse_time(text) == value
    assert parse_time(text).tzinfo is UTC
    assert parse_time(time_text(value)) == value


@each(
    ("text", "said"),
    [
        ("2013-02-30", "a day that the calendar has"),
        ("2013-02-29T00:00:00Z", "a day that the calendar has"),
        ("2013-3-1", "expected a UTC time"),
        ("2013-03-01T24:00:00Z", "expected a UTC time"),
        ("2013-03-01T06:00:60Z", "expected a UTC time"),
        ("2013-03-01T06:00:00+01:00", "expected a UTC time"),
        ("2013-03-01 06:00", "expected a UTC time"),
        ("2013-03-01T06", "expected a UTC time"),
        ("2013-03-01\n", "expected a UTC time"),
        ("1899-12-31", "expected a UTC time"),
        ("2200-01-01", "expected a UTC time"),
        ("\uff12\uff10\uff11\uff13-03-01", "expected a UTC time"),
        (20130301, "expected a UTC time"),
        (None, "expected a UTC time"),
    ],
)
def test_anything_else_is_no_time(text, said):
    with pytest.raises(ValueError, match=said):
        parse_time(text)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(datetime(2013, 3, 1, 1, tzinfo=NEW_YORK), id="in another zone"),
        pytest.param(datetime(2013, 3, 1, 6, tzinfo=UTC), id="in UTC"),
        pytest.param(datetime.fromisoformat("2013-03-01T06:00"), id="without a zone, which must not mean the machine's"),
    ],
)
def test_a_time_that_is_one_already_becomes_utc(value):
    assert parse_time(value) == datetime(2013, 3, 1, 6, tzinfo=UTC)


@each(
    ("value", "text"),
    [
        (datetime(2013, 3, 1, tzinfo=UTC), "2013-03-01"),
        (datetime(2013, 2, 28, 19, tzinfo=NEW_YORK), "2013-03-01"),
        (datetime(2013, 3, 1, tzinfo=NEW_YORK), "2013-03-01T05:00:00Z"),
        (datetime(2013, 3, 1, 0, 0, 1, tzinfo=UTC), "2013-03-01T00:00:01Z"),
        (datetime(2013, 3, 1, 0, 0, 0, 5, tzinfo=UTC), "2013-03-01T00:00:00Z"),
    ],
)
def test_a_time_is_told_in_utc(value, text):
    assert time_text(value) == text


@each(
    ("written", "kind"),
    [
        ({"how_long": "7d"}, "extra_forbidden"),
        ({"howLong": 7}, "value_error"),
        ({"sinceWhen": "yesterday"}, "value_error"),
        ({"name": "Upper"}, "string_pattern_mismatch"),
        ({"name": 5}, "string_type"),
        ({"share": 1.01}, "less_than_equal"),
        ({"share": "0.5"}, "float_type"),
        ({"share": True}, "float_type"),
        ({"count": 0}, "greater_than_equal"),
        ({"count": 1.0}, "int_type"),
        ({"count": True}, "int_type"),
        ({"number": float("nan")}, "finite_number"),
        ({"number": float("inf")}, "finite_number"),
        ({"unknown": 1}, "extra_forbidden"),
    ],
)
def test_nothing_is_coerced_and_nothing_unknown_is_taken(written, kind):
    with pytest.raises(ValidationError) as caught:
        Thing.model_validate(written, by_alias=True, by_name=False)
    assert [error["type"] for error in caught.value.errors()] == [kind]


def test_what_is_written_is_written_back_as_people_write_it():
    thing = Thing.model_validate({"howLong": "2w", "sinceWhen": "2013-03-01T06:00:00Z"})
    told = thing.model_dump(mode="json", by_alias=True)
    assert (told["howLong"], told["sinceWhen"]) == ("14d", "2013-03-01T06:00:00Z")
    assert Thing.model_validate(told) == thing


def test_what_is_written_does_not_change():
    with pytest.raises(ValidationError, match="frozen"):
        Thing().count = 5
