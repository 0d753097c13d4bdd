"""Used by `perennial log`: the rows of a CSV or Parquet file, to be appended to a log."""

from pathlib import Path

import polars as pl

from reconciler.adapters.sources.file import scan_csv
from reconciler.adapters.sources.sniffed import format_of, separator_of
from reconciler.adapters.sources.written import typed
from reconciler.domain.data import FileFormat
from reconciler.errors import ObserveError

_TEXT = ("id", "time", "known", "digest")
"""Columns that stay as they are written in CSV: `007` is an id, too."""


def rows_of(file: Path) -> pl.DataFrame:
    """All rows; the types of CSV columns are told from their values. Raises ObserveError for what is no table."""
    try:
        if format_of(file) is FileFormat.PARQUET:
            return pl.read_parquet(file, hive_partitioning=False, glob=False)
        return typed(scan_csv(file, separator_of(file)).collect(), keep=_TEXT)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ObserveError(f"cannot read {file}: {str(error).strip().splitlines()[0]}") from error
