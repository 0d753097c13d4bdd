"""A run whose rows come from a frame in memory, for the tests of the stages that read the source."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from reconciler.domain.data import RowQuery
from reconciler.domain.releases import Artifact
from reconciler.errors import ObserveError
from reconciler.pipeline.context import StageContext
from reconciler.specs.parameters import RunParameters
from tests.builders import a_dataset, a_fingerprint, a_model

FIRST = datetime(2013, 1, 1, tzinfo=UTC)


class FrameData:
    """The port Data over a frame with the column `scheduled`; keeps what was asked."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self.rows = rows
        self.asked: list[RowQuery] = []

    def read(self, query: RowQuery) -> pl.DataFrame:
        self.asked.append(query)
        time, wanted = pl.col("scheduled"), pl.lit(value=True)
        if query.start is not None:
            wanted &= time >= query.start
        if query.end is not None:
            wanted &= time < query.end
        return self.rows.filter(wanted).select("scheduled", *query.columns).sort("scheduled")


class NoStore:
    """Stages before evaluate fetch nothing."""

    def fetch(self, artifact: Artifact) -> Path:
        raise ObserveError(f"{artifact.path} must not be fetched")


def hourly(days: int) -> pl.DataFrame:
    """A flight every hour from FIRST on; every seventh has no label."""
    at = range(24 * days)
    return pl.DataFrame(
        {
            "scheduled": pl.Series([FIRST + timedelta(hours=i) for i in at], dtype=pl.Datetime("us", "UTC")),
            "distance": [100.0 + i % 50 for i in at],
            "carrier": [("AA", "B6", "UA")[i % 3] for i in at],
            "arr_delay": [None if i % 7 == 0 else float(i % 40 - 10) for i in at],
        }
    )


def a_run(root: Path, *, as_of: datetime, rows: pl.DataFrame | None = None, **dataset: Any) -> StageContext:
    """The usual model on these rows, or on sixty days of hourly ones; changes are keys of the dataset's `spec:`."""
    return StageContext(
        root=root,
        model=a_model(),
        dataset=a_dataset(**dataset),
        parameters=RunParameters(dataset="flights", as_of=as_of),
        made_from=a_fingerprint(),
        champion=None,
        data=FrameData(hourly(60) if rows is None else rows),
        artifacts=NoStore(),
    )
