"""Used by the adapter of the port Schemas: columns and types of a file, a query and a function of the repository."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import polars as pl
import sqlalchemy

from reconciler.adapters.redaction import without_credentials
from reconciler.adapters.sources import urls
from reconciler.adapters.sources.addresses import Roots, is_url
from reconciler.adapters.sources.connections import connected
from reconciler.adapters.sources.file import scan_csv
from reconciler.adapters.sources.python import loaded, where
from reconciler.adapters.sources.sql import origin
from reconciler.adapters.sources.written import typed
from reconciler.domain.data import FileFormat, FileSource, PythonSource, SqlSource
from reconciler.errors import ObserveError

ROWS = 1_000
"""Types that are written nowhere are told from so many rows."""


def of_file(source: FileSource, roots: Roots) -> Mapping[str, pl.DataType]:
    """Columns of the last file at the address."""
    shown = without_credentials(source.path)
    try:
        if source.format is FileFormat.PARQUET:
            return of_parquet(source.path, roots)
        content: Path | BytesIO
        content = BytesIO(urls.contents(source.path)[-1][1]) if is_url(source.path) else roots.find(source.path)[-1]
        return seen(typed(scan_csv(content, source.separator).tail(ROWS).collect(engine="streaming"), keep=()))
    except pl.exceptions.NoDataError as error:
        raise ObserveError(f"{shown} is empty: it has not even a header") from error
    except urls.failures(pl.exceptions.PolarsError) as error:
        said = without_credentials(str(error).strip().split("\n")[0])
        raise ObserveError(f"cannot read the columns of {shown}: {said}") from error


def of_parquet(path: str, roots: Roots) -> Mapping[str, pl.DataType]:
    """What the file's footer says, and the keys of a hive partition."""
    if not is_url(path):
        return pl.scan_parquet(roots.find(path)[-1], hive_partitioning=True, glob=False).collect_schema()
    import pyarrow.dataset

    system, paths = urls.found_at(path)
    files = pyarrow.dataset.dataset(paths[-1:], filesystem=system, format="parquet", partitioning="hive")
    return pl.scan_pyarrow_dataset(files).collect_schema()


def of_query(source: SqlSource, roots: Roots, environment: Mapping[str, str]) -> Mapping[str, pl.DataType]:
    """Columns of the table or SELECT; no driver tells types that all databases share, so rows do."""
    with connected(source.url, roots, environment) as connection:
        asked = sqlalchemy.select(sqlalchemy.text("*")).select_from(origin(source.query)).limit(ROWS)
        answer = connection.execute(asked)
        names = list(answer.keys())
        return seen(pl.DataFrame(answer.fetchall(), schema=names, orient="row", infer_schema_length=None))


def of_function(source: PythonSource, roots: Roots) -> Mapping[str, pl.DataType]:
    """What the module's function `<name>_columns()` returns: a mapping of column to polars type, or to a type's word."""
    module, name = source.function.split(":")
    path = roots.find(module.replace(".", "/") + ".py")[0]
    try:
        function = getattr(loaded(path), f"{name}_columns", None)
        if not callable(function):
            help = f"write a function {name}_columns() that returns column names and polars types"
            raise ObserveError(f"cannot tell columns of a python source: {path} has no function {name}_columns", help=help)
        answer: object = function()
    except ObserveError:
        raise
    except (Exception, SystemExit) as error:
        said = str(error).strip().split("\n")[0]
        raise ObserveError(f"{where(error, path)}: {name}_columns failed: {type(error).__name__}: {said}") from error
    if not isinstance(answer, Mapping) or not all(isinstance(key, str) for key in answer):
        raise ObserveError(f"{path}: {name}_columns returned {type(answer).__name__}, not a mapping of columns to polars types")
    return dict(answer)


def seen(rows: pl.DataFrame) -> Mapping[str, pl.DataType]:
    """The types of the columns; of one without a value nothing is known."""
    return {name: pl.Null() if rows[name].null_count() == rows.height else rows.schema[name] for name in rows.columns}
