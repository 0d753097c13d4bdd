"""Adapter of the port Data for file sources: CSV and Parquet at a path, a glob or an fsspec URL, scanned lazily by Polars."""

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl

from reconciler.adapters.redaction import without_credentials
from reconciler.adapters.sources import times, urls
from reconciler.adapters.sources.addresses import Roots, is_url, require_columns
from reconciler.adapters.sources.written import typed
from reconciler.domain.data import FileFormat, FileSource, RowQuery
from reconciler.errors import ObserveError

if TYPE_CHECKING:
    from pathlib import Path

# Columns that a scan adds, named so that no file has them.
ROW, TIME, BAD = "perennial:row", "perennial:time", "perennial:bad"


def read(source: FileSource, query: RowQuery, roots: Roots) -> pl.DataFrame:
    """The query's rows, unsorted. Raises ObserveError for files that are missing, unreadable or lack a column."""
    match source.format:
        case FileFormat.PARQUET:
            return read_parquet(source.path, query, roots)
        case FileFormat.CSV:
            files: Sequence[tuple[str, Path | BytesIO]]
            if is_url(source.path):
                files = [(without_credentials(name), BytesIO(content)) for name, content in urls.contents(source.path)]
            else:
                files = [(str(path), path) for path in roots.find(source.path)]
            frames = [read_csv(name, content, query, source) for name, content in files]
            return typed(pl.concat(frames), keep=(query.time_column, *query.text))


def wanted_columns(query: RowQuery) -> list[str]:
    """The time column and the asked ones, once each."""
    return list(dict.fromkeys((query.time_column, *query.columns)))


def read_parquet(path: str, query: RowQuery, roots: Roots) -> pl.DataFrame:
    """Only the wanted columns of those row groups whose statistics do not rule the range out."""
    where = without_credentials(path)
    try:
        if is_url(path):
            rows = pl.scan_pyarrow_dataset(urls.parquet_dataset(path))
        else:
            rows = pl.scan_parquet(list(roots.find(path)), hive_partitioning=True, extra_columns="ignore")
        schema = rows.collect_schema()
        require_columns(wanted_columns(query), schema.names(), where)
        stored = schema[query.time_column]
        time = times.to_utc(query.time_column, stored, where)
        wanted = times.in_range(time, query.start, query.end)
        if isinstance(stored, pl.Datetime):
            wanted = times.stored_range(query.time_column, stored, query.start, query.end)
        elif stored == pl.String:
            wanted |= time.is_null() & pl.col(query.time_column).is_not_null()
        found = rows.filter(wanted).select(wanted_columns(query)).collect(engine="streaming")
    except urls.failures(pl.exceptions.PolarsError) as error:
        raise ObserveError(f"cannot read {where} as Parquet: {first_line(error)}") from error
    reject_bad_time(found.select(pl.col(query.time_column), time.is_null().alias(BAD)), where)
    return found.with_columns(time)


def read_csv(name: str, content: "Path | BytesIO", query: RowQuery, source: FileSource) -> pl.DataFrame:
    """The rows of one file, all columns but the time as the text that is written there; streamed, so memory holds the range."""
    try:
        rows = scan_csv(content, source.separator).with_row_index(ROW)
        names = rows.collect_schema().names()
        require_columns(wanted_columns(query), [column for column in names if column != ROW], name)
        raw, time = pl.col(query.time_column), times.parsed(pl.col(query.time_column), source.time_format)
        timed = rows.with_columns(time.alias(TIME))
        bad = pl.col(TIME).is_null() & (raw.str.strip_chars() != "")
        kept = timed.filter(times.in_range(pl.col(TIME), query.start, query.end) | bad)
        found = kept.select(ROW, *wanted_columns(query), TIME, bad.alias(BAD)).collect(engine="streaming")
    except pl.exceptions.NoDataError as error:
        raise ObserveError(f"{name} is empty: it has not even a header") from error
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ObserveError(f"cannot read {name} as CSV: {first_line(error)}") from error
    reject_bad_time(found.select(ROW, query.time_column, BAD), name)
    return found.select(pl.col(TIME).alias(query.time_column), *(c for c in wanted_columns(query) if c != query.time_column))


def scan_csv(content: "Path | BytesIO", separator: str) -> pl.LazyFrame:
    """All columns as the texts that are written there. Polars leaves doubled quotes in the header as they are."""
    return pl.scan_csv(
        content,
        infer_schema=False,
        separator=separator,
        glob=False,
        with_column_names=lambda names: [name.replace('""', '"') for name in names],
    )


def reject_bad_time(rows: pl.DataFrame, where: str) -> None:
    """Raises ObserveError with the first value that is no time; rows count from 1 after the header."""
    wrong = rows.filter(BAD)
    if wrong.is_empty():
        return
    column = next(name for name in wrong.columns if name not in (ROW, BAD))
    at = f", row {wrong[ROW][0] + 1}" if ROW in wrong.columns else ""
    raise ObserveError(
        f"{where}{at}: column {column} holds {wrong[column][0]!r}, which is no time ({wrong.height} such rows)",
        help=f"write times as {times.ACCEPTED}",
    )


def first_line(error: Exception) -> str:
    """What went wrong, without the library's advice and without credentials."""
    return without_credentials(str(error).strip().split("\n")[0])
