"""Measurement `volume`: how the rows of the snapshot are spread over the days of its range."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from typing import TYPE_CHECKING

from reconciler.domain.measured.data import DailyRows, Volume
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.scored import Scored

if TYPE_CHECKING:
    import polars as pl

USUALLY = 10
"""A day without rows is odd where the same weekday has so many at least: by chance alone it is empty once in 20,000."""
SAME_WEEKDAY = 3
"""Fewer days of one weekday do not tell what is usual on it; then all days do."""
_DAY = timedelta(days=1)


def volume(context: StageContext, scored: Scored) -> Volume:
    """Whole UTC days only: where a range begins or ends within a day, that day is left out."""
    data, column = scored.stored.data, context.dataset.spec.event_time
    train = _daily(scored.stored.train[column], data.train_from, data.train_until)
    holdout = _daily(scored.stored.holdout[column], data.holdout_from, data.holdout_until)
    usual = _usual({**train, **holdout})
    return Volume(train=_told(train, usual), holdout=_told(holdout, usual))


def _daily(times: "pl.Series", start: datetime, end: datetime) -> dict[date, int]:
    """Rows of each whole day of [start, end), also of days that have none."""
    counted = times.dt.date().value_counts(name="rows")
    rows: Mapping[date, int] = dict(zip(counted[times.name].to_list(), counted["rows"].to_list(), strict=True))
    begin = start.astimezone(UTC)
    midnight = datetime.combine(begin.date(), time(), UTC)
    first = midnight if midnight == begin else midnight + _DAY
    days = max(0, (end.astimezone(UTC) - first) // _DAY)
    whole = [(first + place * _DAY).date() for place in range(days)]
    return {day: rows.get(day, 0) for day in whole}


def _usual(rows: Mapping[date, int]) -> dict[int, float]:
    """What a weekday has in the middle of its days: shops that close on Sundays have no gap on Sundays."""
    found = {}
    for weekday in range(7):
        same = [count for day, count in rows.items() if day.weekday() == weekday]
        counts = same if len(same) >= SAME_WEEKDAY else [*rows.values()]
        found[weekday] = float(median(counts)) if counts else 0.0
    return found


def _told(rows: Mapping[date, int], usual: Mapping[int, float]) -> DailyRows:
    empty = tuple(day.isoformat() for day, count in rows.items() if not count and usual[day.weekday()] >= USUALLY)
    return DailyRows(days=len(rows), poorest=min(rows.values(), default=0), empty=empty)
