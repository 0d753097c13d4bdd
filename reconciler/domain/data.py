"""Where rows come from, and which of them are asked for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class FileFormat(StrEnum):
    """How a file source is encoded."""

    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSource:
    """Files at one address: a path, a glob, or any fsspec URL. Relative paths start at the repository's root.

    Of CSV: `separator` stands between the fields; `time_format` (strptime) is how the event time is written, None: ISO 8601
    or a number since 1970.
    """

    path: str
    format: FileFormat
    separator: str = ","
    time_format: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SqlSource:
    """A table or query behind an SQLAlchemy URL. `url` may name an environment variable as `${NAME}`."""

    url: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonSource:
    """A function `module:function` of the repository: (columns, start, end) -> polars DataFrame or LazyFrame."""

    function: str


Source = FileSource | SqlSource | PythonSource


@dataclass(frozen=True, slots=True, kw_only=True)
class RowQuery:
    """The columns of the rows whose event time lies in [start, end); None is unbounded. Both are UTC.

    `text` names columns that stay as they are written where the format has no types of its own (`007` in a CSV file).
    """

    source: Source
    time_column: str
    columns: tuple[str, ...]
    start: datetime | None
    end: datetime | None
    text: tuple[str, ...] = ()
