"""Adapter of the port Data: sends a query to the source's kind, and gives every kind's answer the same shape."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.adapters.sources.addresses import Roots
from reconciler.domain.data import FileSource, PythonSource, RowQuery, SqlSource

if TYPE_CHECKING:
    import polars


class SourceData:
    """Reads rows of any source. Relative paths and modules start at the first of `roots` that has them.

    `environment` holds the values that `${NAME}` in a database's URL may stand for.
    """

    def __init__(self, roots: Sequence[Path], environment: Mapping[str, str] | None = None) -> None:
        self._roots = Roots(tuple(roots))
        self._environment = dict(environment or {})

    def read(self, query: RowQuery) -> "polars.DataFrame":
        """The time column (Datetime us UTC) and the asked columns, sorted by time, then by the columns in their order.

        A row without an event time lies in no range, so it is never read. Raises ObserveError.
        """
        match query.source:
            case FileSource():
                from reconciler.adapters.sources import file

                rows = file.read(query.source, query, self._roots)
            case SqlSource():
                from reconciler.adapters.sources import sql

                rows = sql.read(query.source, query, self._roots, self._environment)
            case PythonSource():
                from reconciler.adapters.sources import python

                rows = python.read(query.source, query, self._roots)
        return rows.sort(rows.columns, maintain_order=True)
