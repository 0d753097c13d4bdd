"""What one reading of a table tells about it: the numbers from which `perennial new model` drafts specs. No rows are kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reconciler.domain.data import FileFormat

TICKS = 100
"""Parts into which a table's labelled rows are cut by their event times."""


class Kind(StrEnum):
    """What a column's values are."""

    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    TIME = "time"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The finite values of a column of numbers. `early_*` are those of the older half of the rows, by event time."""

    minimum: float
    maximum: float
    low: float
    """The 1 % quantile."""
    median: float
    high: float
    """The 99 % quantile."""
    early_minimum: float
    early_maximum: float
    infinite: int
    whole: bool
    """No value has a fraction."""
    ordered: bool
    """The values rise (or fall) with the event time, as a counter does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSurvey:
    """One column. Counts are rows; `distinct` counts different values, missing aside.

    `values` are the most frequent ones as text, with their counts, all of them when there are few.
    """

    name: str
    kind: Kind
    present: int
    missing: int
    distinct: int
    values: tuple[tuple[str, int], ...] = ()
    late_values: int = 0
    """Values that occur only in the newer half of the rows."""
    late_missing: int = 0
    """Missing values in the newer half of the rows."""
    words: float = 0.0
    """Mean number of words of a text."""
    punctuated: str = ""
    """A number among the texts that is written with separators of thousands or a decimal comma, when most of them are."""
    numbers: Numbers | None = None
    explains: float = 0.0
    """Share of the target's variation that this column alone removes: 1 means that it tells the target."""
    copy_of: str = ""
    """An earlier column with the same values in all rows."""

    @property
    def complete(self) -> bool:
        """`values` holds all of them."""
        return len(self.values) == self.distinct


@dataclass(frozen=True, slots=True, kw_only=True)
class Trivial:
    """Mean absolute errors of predicting the newest fifth of a numeric target by one number made of the rows before.

    `mae_of_recent_mean` takes only the newest quarter of these.
    """

    mae_of_median: float
    mae_of_mean: float
    mae_of_recent_mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSurvey:
    """One table. `ticks` are TICKS + 1 event times that cut the labelled rows into equal parts, oldest first.

    `recent` counts the target's values among the newest fifth of the labelled rows; empty when there are too many values.
    """

    path: str
    format: FileFormat
    separator: str
    time_format: str | None
    time_column: str
    target: str
    rows: int
    without_time: int
    duplicates: int
    first: datetime
    last: datetime
    ticks: tuple[datetime, ...]
    columns: tuple[ColumnSurvey, ...]
    unnamed: int = 0
    """Columns without a name, which are left out."""
    recent: tuple[tuple[str, int], ...] = ()
    trivial: Trivial | None = None

    def column(self, name: str) -> ColumnSurvey:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def label(self) -> ColumnSurvey:
        """The target's column."""
        return self.column(self.target)

    @property
    def span(self) -> timedelta:
        """From the oldest to the newest labelled row."""
        return self.ticks[-1] - self.ticks[0]
