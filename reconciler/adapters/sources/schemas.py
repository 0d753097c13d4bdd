"""Adapter of the port Schemas: the columns that a source has now, of each kind of source as cheaply as it allows."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from reconciler.adapters.sources.addresses import Roots
from reconciler.domain.data import FileSource, PythonSource, Source, SqlSource


class SourceSchemas:
    """Columns of any source. Relative paths and modules start at the first of `roots` that has them.

    `environment` holds the values that `${NAME}` in a database's URL may stand for.
    """

    def __init__(self, roots: Sequence[Path], environment: Mapping[str, str] | None = None) -> None:
        self._roots = Roots(tuple(roots))
        self._environment = dict(environment or {})

    def columns(self, source: Source) -> Mapping[str, str]:
        """Column name to its type in polars' words, in the source's order; `Null` where no value was seen.

        Of several files the last by name counts, which is the newest where names carry a date. Parquet says its types; those
        of CSV and SQL are told from 1,000 rows, of CSV the last. Raises ObserveError.
        """
        from reconciler.adapters.sources import schema

        match source:
            case FileSource():
                found = schema.of_file(source, self._roots)
            case SqlSource():
                found = schema.of_query(source, self._roots, self._environment)
            case PythonSource():
                found = schema.of_function(source, self._roots)
        return {name: str(dtype) for name, dtype in found.items()}
