"""Random histories of a dataset: events at any hour, labels with gaps, and any delay, for the laws of what may be known when."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
from hypothesis import strategies as st

from tests.snapshots import FIRST

HOUR = timedelta(hours=1)
UTC_US = pl.Datetime("us", "UTC")
CARRIERS = ("AA", "B6", None)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Rows, the hours after which a label is known, and the moment of looking."""

    rows: pl.DataFrame
    delay_hours: int
    now: datetime

    @property
    def delay(self) -> timedelta:
        return self.delay_hours * HOUR

    @property
    def mature(self) -> datetime:
        """Labels of events before this moment are known."""
        return self.now - self.delay

    @property
    def label(self) -> dict[str, Any]:
        """As a dataset's spec says it."""
        return {"column": "arr_delay", "delay": f"{self.delay_hours}h"}

    def known(self) -> pl.DataFrame:
        """The rows whose labels are known, told in another way than the code under test does."""
        kept = [
            row
            for row in self.rows.iter_rows(named=True)
            if row["scheduled"] + self.delay < self.now and row["arr_delay"] is not None and row["arr_delay"] == row["arr_delay"]
        ]
        return pl.DataFrame(kept, schema=self.rows.schema).sort("scheduled")

    def with_another_future(self) -> pl.DataFrame:
        """The same past; what cannot be known now is otherwise: labels from `mature` on, and all rows from `now` on."""
        past = self.rows.filter(pl.col("scheduled") < self.now)
        other = pl.when(pl.col("scheduled") < self.mature).then(pl.col("arr_delay")).otherwise(-9999.0)
        return pl.concat([past.with_columns(other.alias("arr_delay")), rows_at(self.now, range(0, 2000, 3))])


def rows_at(start: datetime, hours: Any, delays: Any = None, extra: timedelta = timedelta()) -> pl.DataFrame:
    """A row at each of these hours after the start."""
    hours = list(hours)
    labels = [500.0] * len(hours) if delays is None else list(delays)
    return pl.DataFrame(
        {
            "scheduled": pl.Series([start + hour * HOUR + extra for hour in hours], dtype=UTC_US),
            "distance": [100.0 + 7 * (hour % 90) for hour in hours],
            "carrier": pl.Series([CARRIERS[hour % 3] for hour in hours], dtype=pl.String),
            "arr_delay": pl.Series(labels, dtype=pl.Float64),
        }
    )


@st.composite
def histories(draw: st.DrawFn, *, rows: int = 60, hours: int = 600) -> History:
    """Up to so many rows within so many hours, of which a third has no label; now may be before, within or long after them."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    at = random.integers(0, hours, draw(st.integers(1, rows))).tolist()
    labels = [random.choice([None, float("nan"), *[float(random.integers(-20, 60))] * 4]) for _ in at]
    extra = timedelta(microseconds=draw(st.sampled_from([0, 1, 999_999, 1_800_000_000])))
    now = FIRST + draw(st.one_of(st.integers(hours // 2, 3 * hours), st.integers(-hours, hours))) * HOUR
    return History(rows=rows_at(FIRST, at, labels, extra), delay_hours=draw(st.sampled_from([1, 24, 100])), now=now)
