"""Rows for a simulation: the source is read once for each choice of columns, since every moment asks for almost the same."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from reconciler.domain.data import RowQuery
from reconciler.ports import Data

if TYPE_CHECKING:
    import polars


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """The port Data over another one, for rows with an event time before `until`."""

    data: Data
    until: datetime
    kept: dict[RowQuery, "polars.DataFrame"] = field(default_factory=dict)

    def read(self, query: RowQuery) -> "polars.DataFrame":
        """The rows of the range, in the order of the other port. Raises ObserveError."""
        import polars

        whole = replace(query, start=None, end=self.until)
        if whole not in self.kept:
            self.kept[whole] = self.data.read(whole)
        rows, time = self.kept[whole], polars.col(query.time_column)
        if query.start is not None:
            rows = rows.filter(time >= query.start)
        return rows if query.end is None or query.end >= self.until else rows.filter(time < query.end)
