"""Facts that do not come from rows: business metrics, Prometheus, alerts. What is not configured is Missing, and says so."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import polars

from reconciler.domain.known import Known, Missing
from reconciler.domain.live import Alert, Point
from reconciler.domain.needs import AlertNeed, BusinessNeed, Lookback, PromqlNeed
from reconciler.errors import ReconcilerError
from reconciler.observe.frames import Frames
from reconciler.observe.subject import Subject, bounds
from reconciler.ports import Readers
from reconciler.rules.fields import duration_text
from reconciler.specs.dataset import Known as After
from reconciler.specs.model import Aggregate, BusinessMetric

NO_PROMETHEUS = Missing(
    code="notConfigured", why="no Prometheus is configured: prometheus = ... in [tool.perennial] of pyproject.toml"
)
NO_ALERTS = Missing(code="notConfigured", why="no alerts can be read here")
NO_DATABASE = Missing(code="notConfigured", why="no database can be asked here")
MOST_POINTS = 60
"""Of a range query without a step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """One model's questions to others than its dataset's source."""

    subject: Subject
    frames: Frames
    readers: Readers

    def business(self, need: BusinessNeed) -> Known[float]:
        """The metric's value over the window."""
        declared = next((one for one in self.subject.model.spec.business if one.name == need.metric), None)
        if declared is None:
            return Missing(code="notDeclared", why=f"the model declares no business metric {need.metric}")
        try:
            return self._value(declared, need)
        except ReconcilerError as error:
            return Missing(code="notMeasured", why=error.message)

    def _value(self, declared: BusinessMetric, need: BusinessNeed) -> Known[float]:
        start, end = bounds(need.window, self.subject.now)
        if declared.promql is not None:
            if self.readers.metrics is None:
                return NO_PROMETHEUS
            query = declared.promql.replace("$window", duration_text(need.window.length))
            return self.readers.metrics.instant(query, end)
        if declared.query is not None and declared.url is not None:
            if self.readers.database is None:
                return NO_DATABASE
            return self.readers.database.number(declared.url, declared.query, start, end)
        return self._column(declared.column or "", declared.aggregate, need.window)

    def _column(self, name: str, how: Aggregate, window: Lookback) -> Known[float]:
        """Over the window that ends now, or where labels are mature for what is known only after the event."""
        column = self.subject.dataset.column(name)
        is_after = name == self.subject.dataset.spec.label.column or (column is not None and column.known is After.AFTER)
        end = self.subject.mature if is_after else self.subject.now
        rows = self.frames.only(name).between(*bounds(window, end))
        return rows if isinstance(rows, Missing) else aggregated(rows, name, how)

    def series(self, need: PromqlNeed) -> Known[tuple[Point, ...]]:
        """The query's value at now as one point, or its points over the range."""
        metrics, now = self.readers.metrics, self.subject.now
        if metrics is None:
            return NO_PROMETHEUS
        try:
            if need.over is None:
                return (Point(at=now, value=metrics.instant(need.query, now)),)
            return metrics.range(need.query, now - need.over, now, need.step or need.over / MOST_POINTS)
        except ReconcilerError as error:
            return Missing(code="notMeasured", why=error.message)

    def alerts(self, need: AlertNeed) -> Known[tuple[Alert, ...]]:
        """The alerts of the file."""
        if self.readers.alerts is None:
            return NO_ALERTS
        try:
            return self.readers.alerts.read(need.file)
        except ReconcilerError as error:
            return Missing(code="alertsUnreadable", why=error.message)


def aggregated(rows: polars.DataFrame, column: str, how: Aggregate) -> Known[float]:
    """One number of the column's values that are not missing; Missing when there is none (a sum or count of none is 0)."""
    if column not in rows.columns:
        return Missing(code="noSuchColumn", why=f"there is no column {column}")
    values = rows[column].drop_nulls()
    if values.dtype.is_float():
        values = values.drop_nans()
    if how is Aggregate.COUNT:
        return float(values.len())
    if not (values.dtype.is_numeric() or values.dtype in (polars.Boolean, polars.Null)):
        return Missing(code="notANumber", why=f"column {column} holds {values.dtype}, not numbers")
    numbers = values.cast(polars.Float64)
    if not numbers.len() and how is not Aggregate.SUM:
        return Missing(code="insufficientData", why=f"0 values of {column} in the window")
    found = numbers.sum() if how is Aggregate.SUM else numbers.mean() if how is Aggregate.MEAN else numbers.median()
    value = float(found) if isinstance(found, int | float) else math.nan
    return value if math.isfinite(value) else Missing(code="notANumber", why=f"the {how} of {column} is {value:g}")


def answers_of(
    elsewhere: Elsewhere, needs: frozenset[object]
) -> tuple[
    Mapping[BusinessNeed, Known[float]],
    Mapping[PromqlNeed, Known[tuple[Point, ...]]],
    Mapping[AlertNeed, Known[tuple[Alert, ...]]],
]:
    """Every such question answered."""
    return (
        {need: elsewhere.business(need) for need in needs if isinstance(need, BusinessNeed)},
        {need: elsewhere.series(need) for need in needs if isinstance(need, PromqlNeed)},
        {need: elsewhere.alerts(need) for need in needs if isinstance(need, AlertNeed)},
    )
