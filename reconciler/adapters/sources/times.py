"""Event times of every source, as they are written there, to UTC; and the range of a query as a predicate on them."""

from collections.abc import Callable, Sequence
from datetime import MAXYEAR, MINYEAR, UTC, datetime

import polars as pl
from polars.datatypes import DataTypeClass

from reconciler.errors import ObserveError

TIME = pl.Datetime("us", "UTC")
WITH_OFFSET = ("%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M%:z")
WITHOUT_OFFSET = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d", "%Y%m%d")
ACCEPTED = "2013-03-01, 2013-03-01 06:00:00, 2013-03-01T06:00:00Z or seconds or milliseconds since 1970"


def to_utc(column: str, dtype: pl.DataType | DataTypeClass, where: str) -> pl.Expr:
    """The column as Datetime us UTC; text that is no time becomes null. Times without a zone are UTC.

    Raises ObserveError when the column's type can hold no time.
    """
    value = pl.col(column)
    if isinstance(dtype, pl.Datetime):
        aware = value.dt.convert_time_zone("UTC") if dtype.time_zone else value.dt.replace_time_zone("UTC")
        return aware.cast(TIME)
    if dtype == pl.Date:
        return value.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    if dtype in (pl.String, pl.Categorical, pl.Null):
        return parsed(value.cast(pl.String))
    if dtype.is_integer():
        return since_1970(value)
    raise ObserveError(f"{where}: column {column} holds {dtype}, which is no time", help="correct spec.eventTime of the dataset")


def parsed(text: pl.Expr, form: str | None = None) -> pl.Expr:
    """ISO 8601 text (also with a blank or slashes), or digits since 1970, or text of the strptime form; null for all else."""
    if form is not None:
        time = text.str.strip_chars().str.to_datetime(form, time_unit="us", strict=False)
        return time.dt.replace_time_zone("UTC")
    return text.map_batches(_from_iso, return_dtype=TIME, is_elementwise=True)


def _from_iso(text: pl.Series) -> pl.Series:
    """Each form is tried on what no form before it could read: nearly always all rows are of one form."""
    iso = text.str.strip_chars().str.replace(r"^([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})[ T]?", "${1}-${2}-${3}T")
    iso = iso.str.replace(r"T$", "").str.replace(r"[zZ]$", "+00:00").str.replace(r"(T.*[+-][0-9]{2})([0-9]{2})$", "${1}:${2}")
    iso = iso.str.replace(r"(T[0-9].*[+-][0-9]{2})$", "${1}:00")
    found = pl.Series(text.name, [None], dtype=TIME).new_from_index(0, len(text))
    for read in _likeliest_first(iso):
        left = (found.is_null() & iso.is_not_null()).arg_true()
        if left.is_empty():
            break
        found = found.scatter(left, read(iso.gather(left)))
    return found.set(~found.dt.year().is_between(MINYEAR, MAXYEAR), None)  # the parser knows years that no datetime holds


def _likeliest_first(iso: pl.Series) -> Sequence[Callable[[pl.Series], pl.Series]]:
    """What reads the first row comes first: a form that does not fit takes as long as one that does."""
    first = iso.drop_nulls()[:1]
    fits = next((read for read in _READ if read(first).null_count() == 0), _READ[0])
    return [fits, *(read for read in _READ if read is not fits)]


def _of_form(form: str, *, zone: str | None) -> Callable[[pl.Series], pl.Series]:
    def read(iso: pl.Series) -> pl.Series:
        return iso.str.to_datetime(form, time_unit="us", time_zone=zone, strict=False).dt.replace_time_zone("UTC")

    return read


def _digits(iso: pl.Series) -> pl.Series:
    numbers = pl.when(pl.col(iso.name).str.contains(r"^-?[0-9]{9,19}$")).then(pl.col(iso.name).cast(pl.Int64, strict=False))
    return iso.to_frame().select(since_1970(numbers)).to_series()


_READ = (
    *(_of_form(form, zone="UTC") for form in WITH_OFFSET),
    *(_of_form(form, zone=None) for form in WITHOUT_OFFSET),
    _digits,
)


def since_1970(number: pl.Expr) -> pl.Expr:
    """Seconds, milli-, micro- or nanoseconds, told apart by size: each unit covers the years from 1973 to 5138."""
    number = number.cast(pl.Int64, strict=False)  # the seconds of a narrower column are no microseconds in it

    def below(size: int) -> pl.Expr:
        return number.is_between(-size, size, closed="none")

    return (
        pl.when(below(10**11))
        .then(number * 1_000_000)
        .when(below(10**14))
        .then(number * 1000)
        .when(below(10**17))
        .then(number)
        .otherwise(number // 1000)
        .cast(TIME)
    )


def in_range(time: pl.Expr, start: datetime | None, end: datetime | None) -> pl.Expr:
    """Start <= time < end, and false where there is no time."""
    wanted = time.is_not_null()
    if start is not None:
        wanted &= time >= pl.lit(start.astimezone(UTC), dtype=TIME)
    if end is not None:
        wanted &= time < pl.lit(end.astimezone(UTC), dtype=TIME)
    return wanted


def stored_range(column: str, dtype: pl.Datetime, start: datetime | None, end: datetime | None) -> pl.Expr:
    """The range as a predicate on the column as it is stored, so that a scan can skip what its statistics rule out."""
    value, wanted = pl.col(column), pl.col(column).is_not_null()
    for bound, later in ((start, True), (end, False)):
        if bound is not None:
            literal = pl.lit(bound.astimezone(UTC), dtype=TIME)
            literal = literal.dt.convert_time_zone(dtype.time_zone) if dtype.time_zone else literal.dt.replace_time_zone(None)
            stored = literal.cast(dtype)
            wanted &= (value >= stored) if later else (value < stored)
    return wanted
