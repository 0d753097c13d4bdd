"""Schemas for tests: what columns each source has, in memory."""

from collections.abc import Mapping

from reconciler.domain.data import Source
from reconciler.errors import ObserveError


class FakeSchemas:
    """Answers a source with the columns that it was given for it."""

    def __init__(self, sources: Mapping[Source, Mapping[str, str]]) -> None:
        self.sources = sources

    def columns(self, source: Source) -> Mapping[str, str]:
        """Column name to its type in polars' words. Raises ObserveError."""
        if source not in self.sources:
            raise ObserveError(f"there is no {source}")
        return self.sources[source]
