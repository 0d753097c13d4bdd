"""Kind Dataset: the contract of a table: source, columns, event time, label and its delay, expectations."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from reconciler.domain.data import FileFormat, FileSource, PythonSource, Source, SqlSource
from reconciler.rules.fields import Duration, Written
from reconciler.specs.metadata import Spec


class ColumnType(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    INTEGER = "integer"
    CATEGORY = "category"
    BOOLEAN = "boolean"
    TIME = "time"
    TEXT = "text"


class Known(StrEnum):
    """When a column's value is known: before the event (usable as a feature) or only after it (a leak)."""

    BEFORE = "before"
    AFTER = "after"


class FileSourceSpec(Written):
    """CSV or Parquet at a path, a glob, or an fsspec address."""

    type: Literal["file"]
    path: Annotated[str, Field(min_length=1)]
    """Relative to the repository's root, absolute, a glob, or an fsspec URL."""
    format: FileFormat = Field(strict=False)
    """How the files are encoded."""
    separator: Annotated[str, Field(pattern=r"^[\t !-~]$")] = ","
    """What stands between the fields of a CSV file."""
    time_format: Annotated[str, Field(pattern=r"%")] | None = None
    """How a CSV file writes the event time, e.g. `%d/%m/%Y %H:%M`; none: ISO 8601, or seconds or milliseconds since 1970."""

    def source(self) -> Source:
        """What the port understands."""
        return FileSource(path=self.path, format=self.format, separator=self.separator, time_format=self.time_format)


class SqlSourceSpec(Written):
    """A query over an SQLAlchemy URL; `${NAME}` in the URL is read from the environment."""

    type: Literal["sql"]
    url: Annotated[str, Field(min_length=1)]
    """E.g. `sqlite:///data/orders.db` or `postgresql://reader:${PASSWORD}@host/db`."""
    query: Annotated[str, Field(min_length=1)]
    """A table's name, or a SELECT. The event-time range is added around it."""

    def source(self) -> Source:
        """What the port understands."""
        return SqlSource(url=self.url, query=self.query)


class PythonSourceSpec(Written):
    """A function of this repository that returns the rows of an event-time range."""

    type: Literal["python"]
    function: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*:[A-Za-z_][A-Za-z0-9_]*$")]
    """E.g. `datasets.flights:flights` for `flights(columns, start, end)` of datasets/flights.py."""

    def source(self) -> Source:
        """What the port understands."""
        return PythonSource(function=self.function)


def module_path(function: str) -> str:
    """The file of `module:function`: `datasets.flights:flights` is in `datasets/flights.py`."""
    return function.partition(":")[0].replace(".", "/") + ".py"


class Column(Written):
    """One column of the contract."""

    name: Annotated[str, Field(min_length=1)]
    type: ColumnType = Field(strict=False)
    known: Known = Field(default=Known.BEFORE, strict=False)
    """`after`: known only after the event, so no model may use it as a feature."""
    nullable: bool = True
    """Values may be missing."""
    minimum: float | None = None
    """No value is below."""
    maximum: float | None = None
    """No value is above."""
    categories: Annotated[tuple[str, ...], Field(strict=False)] | None = None
    """All values that there are; none: any value goes."""
    description: str = ""
    """One sentence for people."""


class Label(Written):
    """The column that tells what happened, and how long after the event it is known."""

    column: str
    """The column's name."""
    delay: Duration
    """How long after the event the label is known."""
    arrived: str | None = None
    """A column with the time at which the label came; then label lag is measured, not only declared."""


class Expectation(Written):
    """A Great Expectations expectation by its name and arguments, e.g. `expect_column_values_to_be_between`."""

    type: Annotated[str, Field(pattern=r"^(expect_[a-z0-9_]+|unexpected_rows_expectation)$")]
    arguments: dict[str, Any] = {}


class DatasetBody(Written):
    """The contract."""

    source: Annotated[FileSourceSpec | SqlSourceSpec | PythonSourceSpec, Field(discriminator="type")]
    event_time: str
    """The column with the time of the event. Times without a zone are UTC."""
    label: Label
    identifier: str | None = None
    """A column that names each row once: duplicates are told by it, and logged predictions are joined by it."""
    columns: Annotated[tuple[Column, ...], Field(min_length=1, strict=False)]
    expectations: Annotated[tuple[Expectation, ...], Field(strict=False)] = ()
    licence: str = ""
    """Under which terms the data may be used."""


class Dataset(Spec):
    """A dataset contract."""

    kind: Literal["Dataset"]
    spec: DatasetBody

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((column for column in self.spec.columns if column.name == name), None)
