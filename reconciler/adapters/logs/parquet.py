"""Adapter of the port Logs: the range of a log in Parquet files at any fsspec address. Polars loads at the first use."""

from datetime import datetime
from typing import TYPE_CHECKING

from reconciler.adapters.logs.layout import Kind
from reconciler.adapters.stores.places import Place

if TYPE_CHECKING:
    import polars


class ParquetLogs:
    """The logs of every model below an fsspec address or local folder. A model without logs has no rows."""

    def __init__(self, address: str) -> None:
        self._place = Place(address)

    def predictions(self, model: str, start: datetime, end: datetime) -> "polars.DataFrame":
        """Logged predictions with start <= time < end, by time, then id; of an id that was logged twice the first.

        Raises ObserveError with the name of a file that cannot be read.
        """
        from reconciler.adapters.logs import frames

        return frames.one_each(frames.rows_of(self._place, model, Kind.PREDICTIONS, start, end), "time", keep="first")

    def shadows(self, model: str, start: datetime, end: datetime) -> "polars.DataFrame":
        """Answers to copies of requests, as `predictions`."""
        from reconciler.adapters.logs import frames

        return frames.one_each(frames.rows_of(self._place, model, Kind.SHADOWS, start, end), "time", keep="first")

    def labels(self, model: str, since: datetime, until: datetime) -> "polars.DataFrame":
        """Labels with since <= known < until, by that time, then id; of an id the one that was known last.

        Of several that became known at the same time it is always the same one. Raises ObserveError with the name of a
        file that cannot be read.
        """
        from reconciler.adapters.logs import frames

        return frames.one_each(frames.rows_of(self._place, model, Kind.LABELS, since, until), "known", keep="last")
