"""Logs for tests: frames in memory, appended in any number of parts."""

from datetime import datetime

import polars
import polars as pl

_TIME = pl.Datetime("us", "UTC")
_PREDICTIONS = {"id": pl.String(), "time": _TIME, "digest": pl.String(), "prediction": pl.Float64()}
_LABELS = {"id": pl.String(), "label": pl.Float64(), "known": _TIME}


class FakeLogs:
    """Answers from `predicted`, `shadowed` and `labelled`, a frame of each model with the columns of the port."""

    def __init__(self) -> None:
        self.predicted: dict[str, pl.DataFrame] = {}
        self.shadowed: dict[str, pl.DataFrame] = {}
        self.labelled: dict[str, pl.DataFrame] = {}

    def predictions(self, model: str, start: datetime, end: datetime) -> "polars.DataFrame":
        """Logged predictions of the range, by time; of an id that was logged twice the first."""
        return _answers(self.predicted.get(model), start, end)

    def shadows(self, model: str, start: datetime, end: datetime) -> "polars.DataFrame":
        """Answers to copies of requests, as `predictions`."""
        return _answers(self.shadowed.get(model), start, end)

    def labels(self, model: str, since: datetime, until: datetime) -> "polars.DataFrame":
        """Labels that became known in the range: each id once, with its newest value."""
        rows = self.labelled.get(model, pl.DataFrame(schema=_LABELS))
        found = rows.filter(pl.col("known") >= since, pl.col("known") < until).sort("known", maintain_order=True)
        return found.unique("id", keep="last", maintain_order=True).sort("known", "id")


def _answers(logged: "polars.DataFrame | None", start: datetime, end: datetime) -> "polars.DataFrame":
    rows = pl.DataFrame(schema=_PREDICTIONS) if logged is None else logged
    found = rows.filter(pl.col("time") >= start, pl.col("time") < end).sort("time", maintain_order=True)
    return found.unique("id", keep="first", maintain_order=True).sort("time", "id")
