"""The rows behind the facts, each span read once: from the dataset's source, or from what serving logged."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import polars

from reconciler.domain.facts import Known, Missing
from reconciler.errors import ReconcilerError
from reconciler.observe.subject import Subject
from reconciler.pipeline.artifact import Contract
from reconciler.pipeline.rows import as_declared, read_rows
from reconciler.ports import Data, Logs
from reconciler.specs.model import Observation

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

    def _read(self, start: datetime, end: datetime) -> Known[polars.DataFrame]:
        try:
            if self.subject.model.spec.observe is Observation.LOG:
                return self._logged(start, end)
            return read_rows(self.subject.dataset, self.data, self.columns, start, end)
        except ReconcilerError as error:
            return Missing(code="rowsUnreadable", why=error.message)

    def _logged(self, start: datetime, end: datetime) -> Known[polars.DataFrame]:
        """Logged predictions with the labels that had come by now; the label of a prediction without one is missing."""
        if self.logs is None:
            return Missing(code="notConfigured", why="the model is observed by its log, and no logs are configured")
        body = self.subject.dataset.spec
        predictions = self.logs.predictions(self.subject.model.name, start, end)
        labels = self.logs.labels(self.subject.model.name, start, self.subject.now)
        joined = predictions.rename({"time": body.event_time}).join(
            labels.rename({"label": body.label.column}), on="id", how="left", maintain_order="left"
        )
        contract = {column.name: column for column in body.columns if column.name != body.event_time}
        return joined.with_columns(as_declared(joined[name], contract[name]) for name in joined.columns if name in contract)


def logged_answers(contract: Contract, rows: polars.DataFrame) -> list[str]:
    """The columns of the log that hold what the model answered, in the order of its classes; empty for rows of the source."""
    several = [f"{PREDICTED}:{name}" for name in contract.classes]
    if contract.task == "multiclass":
        return several if set(several) <= set(rows.columns) else []
    return [PREDICTED] if PREDICTED in rows.columns else []


def of_release(rows: polars.DataFrame, subject: Subject) -> polars.DataFrame:
    """Of logged rows those that the champion answered; a release before it is not judged any more."""
    if "digest" not in rows.columns or subject.champion is None:
        return rows
    return rows.filter(polars.col("digest") == subject.champion.digest)
