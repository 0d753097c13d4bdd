from datetime import UTC, date, datetime

import polars as pl
import pytest

from reconciler.adapters.sources.times import in_range, to_utc
from reconciler.errors import ObserveError
from tests.cases import each

NOON = datetime(2013, 3, 1, 12, tzinfo=UTC)


def utc(values: pl.Series) -> list[datetime | None]:
    return pl.DataFrame({"t": values}).select(to_utc("t", values.dtype, "a test"))["t"].to_list()


@each(
    "text",
    [
        "2013-03-01T12:00:00Z",
        "2013-03-01 12:00:00",
        "2013-03-01T12:00",
        " 2013-03-01 12:00:00.000 ",
        "2013/3/1 12:00:00",
        "2013-03-01T07:00:00-05:00",
        "2013-03-01 13:00:00+0100",
        "1362139200",
        "1362139200000",
    ],
)
def test_text_is_read_as_utc_unless_it_names_an_offset(text: str) -> None:
    assert utc(pl.Series([text])) == [NOON]


@each("text", ["03/01/2013", "yesterday", "2013-13-01", "2013-02-30", "12:00", "", "2013"])
def test_text_that_is_no_time_is_null(text: str) -> None:
    assert utc(pl.Series([text])) == [None]


@pytest.mark.parametrize(("text", "wanted"), [("2013-03-01", NOON.replace(hour=0)), ("20130301", NOON.replace(hour=0))])
def test_a_day_begins_at_midnight(text: str, wanted: datetime) -> None:
    assert utc(pl.Series([text])) == [wanted]


@each("unit", [1, 10**3, 10**6, 10**9])
def test_integers_count_from_1970_in_a_unit_told_by_their_size(unit: int) -> None:
    assert utc(pl.Series([int(NOON.timestamp()) * unit])) == [NOON]


def test_days_and_zones_become_utc() -> None:
    assert utc(pl.Series([date(2013, 3, 1)])) == [NOON.replace(hour=0)]
    assert utc(pl.Series([NOON.replace(tzinfo=None)])) == [NOON]
    assert utc(pl.Series([NOON]).dt.convert_time_zone("Asia/Tokyo")) == [NOON]


def test_a_column_of_numbers_is_no_time() -> None:
    with pytest.raises(ObserveError, match="column t holds Float64, which is no time"):
        utc(pl.Series([1.5]))


def test_the_range_holds_its_start_and_not_its_end() -> None:
    hours = pl.DataFrame({"t": pl.Series([NOON.replace(hour=h) for h in (11, 12, 13)] + [None], dtype=pl.Datetime("us", "UTC"))})

    kept = hours.filter(in_range(pl.col("t"), NOON, NOON.replace(hour=13)))

    assert kept["t"].to_list() == [NOON]
