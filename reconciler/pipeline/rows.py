"""Used by snapshot and observe: rows of a dataset by event time, in the types of its contract."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from reconciler.domain.data import RowQuery
from reconciler.ports import Data
from reconciler.specs.dataset import Column, ColumnType, Dataset

if TYPE_CHECKING:
    import polars as pl

WRITTEN_AS_IS = (ColumnType.CATEGORY, ColumnType.TEXT, ColumnType.TIME)
"""Columns that a CSV file must not turn into numbers: a category `007` is not 7."""


def read_rows(
    dataset: Dataset, data: Data, columns: Sequence[str], start: datetime | None, end: datetime | None
) -> "pl.DataFrame":
    """Rows with start <= event time < end, by event time: the time column, then the asked ones, typed as the contract says.

    A value that its type cannot hold leaves the whole column as the source has it, for validation to report. Raises ObserveError.
    """
    body = dataset.spec
    found = data.read(
        RowQuery(
            source=body.source.source(),
            time_column=body.event_time,
            columns=tuple(columns),
            start=start,
            end=end,
            text=tuple(column.name for column in body.columns if column.type in WRITTEN_AS_IS),
        )
    )
    contract = {column.name: column for column in body.columns if column.name != body.event_time}
    return found.with_columns(as_declared(found[name], contract[name]) for name in found.columns if name in contract)


def as_declared(values: "pl.Series", column: Column) -> "pl.Series":
    """The values in the column's type if that loses nothing, else as they are."""
    import polars as pl

    match column.type:
        case ColumnType.NUMBER:
            return values if values.dtype == pl.Boolean or values.dtype.is_temporal() else without_loss(values, pl.Float64())
        case ColumnType.INTEGER:
            return integers(values)
        case ColumnType.BOOLEAN:
            return booleans(values)
        case ColumnType.CATEGORY | ColumnType.TEXT:
            whole = integers(values) if values.dtype.is_float() else values
            return whole.cast(pl.String)
        case ColumnType.TIME:
            return times(values)


def labelled(rows: "pl.DataFrame", label: str) -> "pl.DataFrame":
    """The rows whose label is known: neither missing nor NaN, which is how some sources say missing."""
    labels = rows[label]
    return rows.filter((labels.fill_nan(None) if labels.dtype.is_float() else labels).is_not_null())


def without_loss(values: "pl.Series", dtype: "pl.DataType") -> "pl.Series":
    """The values cast, if none of them becomes null by it."""
    cast = values.cast(dtype, strict=False)
    return cast if cast.null_count() == values.null_count() else values


def integers(values: "pl.Series") -> "pl.Series":
    """Int64 for whole numbers, however the source stores them (a column with gaps is often one of floats)."""
    import polars as pl

    if values.dtype.is_float():
        values = values.fill_nan(None)
        present = values.drop_nulls()
        return without_loss(values, pl.Int64()) if (present == present.round()).all() else values
    return without_loss(values, pl.Int64()) if values.dtype.is_integer() or values.dtype in (pl.String, pl.Null) else values


def booleans(values: "pl.Series") -> "pl.Series":
    """Boolean for truth values, also as zeros and ones (a column with gaps is often one of floats)."""
    import polars as pl

    if not (values.dtype.is_numeric() or values.dtype in (pl.Boolean, pl.Null)):
        return values
    present = values.fill_nan(None) if values.dtype.is_float() else values
    return present.cast(pl.Boolean) if set(present.drop_nulls().unique().to_list()) <= {0, 1} else values


def times(values: "pl.Series") -> "pl.Series":
    """Datetime us UTC; a time without a zone is UTC."""
    import polars as pl

    utc = pl.Datetime("us", "UTC")
    match values.dtype:
        case pl.Datetime(time_zone=None):
            return values.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        case pl.Datetime():
            return values.dt.convert_time_zone("UTC").cast(utc)
        case pl.String:
            parsed = values.str.to_datetime(time_unit="us", time_zone="UTC", strict=False)
            return parsed if parsed.null_count() == values.null_count() else values
        case _:
            return without_loss(values, utc)
