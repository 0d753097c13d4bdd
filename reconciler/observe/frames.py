"""The rows behind the facts, each span read once: from the dataset's source, or from what serving logged."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars

from reconciler.domain.known import Known, Missing
from reconciler.errors import ReconcilerError
from reconciler.observe.subject import Subject
from reconciler.pipeline.artifact import Contract
from reconciler.pipeline.rows import as_declared, read_rows
from reconciler.ports import Data, Logs
from reconciler.specs.model import Task

PREDICTED = "prediction"


@dataclass(slots=True, kw_only=True)
class Frames:
    """Rows of one model. `columns` are read for every span; the widest span so far is kept, and smaller ones are cut from it."""

    subject: Subject
    columns: tuple[str, ...]
    data: Data
    logs: Logs | None = None
    ahead: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None
    kept: Known[polars.DataFrame] = field(default_factory=lambda: Missing(code="notAsked", why="no rule looks at rows"))

    def expect(self, back: timedelta) -> None:
        """Rows as far back from now will be asked for: the first read takes them all."""
        if back:
            self.ahead = self.subject.now - back

    def between(self, start: datetime, end: datetime) -> Known[polars.DataFrame]:
        """Rows with start <= event time < end, by event time; Missing when they cannot be read."""
        if not (self.start and self.end and self.start <= start and end <= self.end):
            self.start = min(filter(None, (self.start, self.ahead, start)))
            self.end = max(filter(None, (self.end, self.ahead and self.subject.now, end)))
            self.kept = self._read(self.start, self.end)
        if isinstance(self.kept, Missing):
            return self.kept
        time = polars.col(self.subject.dataset.spec.event_time)
        return self.kept.filter((time >= start) & (time < end))

    def apart(self, start: datetime, end: datetime) -> Known[polars.DataFrame]:
        """The same rows, read by themselves unless more will be read anyway: the ends of a window need not bring its middle."""
        is_kept = self.start and self.end and self.start <= start and end <= self.end
        return self.between(start, end) if is_kept or self.ahead else self._read(start, end)

    def only(self, column: str) -> "Frames":
        """The same rows with one column more, read apart: what the source lacks must not hide what it has."""
        if column in self.columns or self.subject.is_logged:
            return self
        return Frames(subject=self.subject, columns=(column,), data=self.data, logs=self.logs)

    def _read(self, start: datetime, end: datetime) -> Known[polars.DataFrame]:
        try:
            return self._logged(start, end) if self.subject.is_logged else self._sourced(start, end)
        except ReconcilerError as error:
            return Missing(code="rowsUnreadable", why=error.message)

    def _sourced(self, start: datetime, end: datetime) -> polars.DataFrame:
        label = self.subject.dataset.spec.label
        when = [label.arrived] if label.arrived and label.column in self.columns else []
        columns = tuple(dict.fromkeys((*self.columns, *when)))
        return come_by_now(read_rows(self.subject.dataset, self.data, columns, start, end), self.subject)

    def _logged(self, start: datetime, end: datetime) -> Known[polars.DataFrame]:
        """Logged predictions with the labels that had come by now; the label of a prediction without one is missing."""
        if self.logs is None:
            return Missing(code="notConfigured", why="the model is observed by its log, and no logs are configured")
        body = self.subject.dataset.spec
        label, time = body.label.column, body.event_time
        predictions = self.logs.predictions(self.subject.model.name, start, end)
        labels = self.logs.labels(self.subject.model.name, start, self.subject.now)
        served = predictions.drop({label, time} - {"time"}, strict=False).rename({"time": time})
        joined = served.join(labels.select("id", polars.col("label").alias(label)), on="id", how="left", maintain_order="left")
        if not joined.height:  # nobody knows yet which features serving logs
            joined = joined.with_columns(polars.lit(None).alias(name) for name in self.columns if name not in joined.columns)
        contract = {column.name: column for column in body.columns if column.name != time}
        return joined.with_columns(as_declared(joined[name], contract[name]) for name in joined.columns if name in contract)


def come_by_now(rows: polars.DataFrame, subject: Subject) -> polars.DataFrame:
    """Rows whose labels that came only after now are missing, where the contract's column `arrived` tells."""
    label = subject.dataset.spec.label
    if label.arrived not in rows.columns or label.column not in rows.columns or not is_time(rows[label.arrived]):
        return rows
    is_late = polars.col(label.arrived) > subject.now
    return rows.with_columns(polars.when(is_late).then(None).otherwise(polars.col(label.column)).alias(label.column))


def is_time(values: polars.Series) -> bool:
    """They can be compared with now."""
    return isinstance(values.dtype, polars.Datetime) and values.dtype.time_zone is not None


def logged_answers(contract: Contract, rows: polars.DataFrame) -> list[str]:
    """The columns of the log that hold what the model answered, in the order of its classes; empty when it has none."""
    several = [f"{PREDICTED}:{name}" for name in contract.classes]
    wanted = several if contract.task is Task.MULTICLASS else [PREDICTED]
    return wanted if set(wanted) <= set(rows.columns) else []


def of_release(rows: polars.DataFrame, subject: Subject) -> polars.DataFrame:
    """Of logged rows those that the champion answered; a release before it is not judged any more."""
    if not subject.is_logged or subject.champion is None:
        return rows
    return rows.filter(polars.col("digest") == subject.champion.digest)
