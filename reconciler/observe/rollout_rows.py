"""What the logs tell of one release over one stretch of time: what it answered, how good that was, and what it earned."""

import math
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

import numpy as np
import polars

from reconciler.domain.known import Known, Missing
from reconciler.domain.names import Digest
from reconciler.domain.tallies import Buckets, Share, Sums
from reconciler.errors import ReconcilerError
from reconciler.observe.frames import PREDICTED
from reconciler.pipeline.targets import coding_of
from reconciler.ports import Logs
from reconciler.specs.dataset import Dataset
from reconciler.specs.model import Aggregate, BusinessMetric, Model, Task

NO_LOGS = Missing(code="notConfigured", why="no logs are configured: logs = ... in [tool.perennial] of pyproject.toml")
BINS = 10
"""Of answers between 0 and 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What counts once: all rows with one value of the column, of those whose `segment` column holds one of the `values`."""

    column: str = ""
    segment: str = ""
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedRows:
    """The rows of one model, each stretch read once. `now` is the pass's one moment: labels that come later are not known."""

    model: Model
    dataset: Dataset
    logs: Logs | None
    now: datetime
    read: dict[tuple[datetime, datetime], Known[polars.DataFrame]] = field(default_factory=dict)

    @property
    def mature(self) -> datetime:
        """Labels of events before this moment are known."""
        return self.now - self.dataset.spec.label.delay

    def of(self, digest: Digest, since: datetime, until: datetime) -> Known[polars.DataFrame]:
        """What the release answered, with the labels that had come by now (column `label`)."""
        if (since, until) not in self.read:
            self.read[since, until] = self._read(since, until)
        rows = self.read[since, until]
        return rows if isinstance(rows, Missing) else rows.filter(polars.col("digest") == digest)

    def _read(self, since: datetime, until: datetime) -> Known[polars.DataFrame]:
        if self.logs is None:
            return NO_LOGS
        try:
            answered = self.logs.predictions(self.model.name, since, until)
            copied = self.logs.shadows(self.model.name, since, until)
            rows = polars.concat([answered, copied], how="diagonal_relaxed") if copied.height else answered
            labels = self.logs.labels(self.model.name, since, self.now).select("id", "label")
        except ReconcilerError as error:
            return Missing(code="rowsUnreadable", why=error.message)
        return rows.drop("label", strict=False).join(labels, on="id", how="left", maintain_order="left")

    def answers(self, rows: polars.DataFrame) -> Known[np.ndarray]:
        """(n,) numbers, or (n, k) of several classes; Missing when the log has other columns than the task wants."""
        names = self._answer_columns(rows)
        if not names or not set(names) <= set(rows.columns):
            return Missing(code="noAnswers", why=f"the log has {', '.join(sorted(rows.columns))}, and no answers of this task")
        found = rows.select(polars.col(name).cast(polars.Float64) for name in names).to_numpy()
        return found if self.model.spec.task is Task.MULTICLASS else found.reshape(rows.height)

    def _answer_columns(self, rows: polars.DataFrame) -> list[str]:
        """In the order of the classes, which the spec or the contract names, or else the alphabet."""
        if self.model.spec.task is not Task.MULTICLASS:
            return [PREDICTED]
        logged = sorted(name.removeprefix(f"{PREDICTED}:") for name in rows.columns if name.startswith(f"{PREDICTED}:"))
        return [f"{PREDICTED}:{name}" for name in self.classes or logged]

    @property
    def classes(self) -> tuple[str, ...]:
        """Those that are declared."""
        bands = self.model.spec.target.classes
        column = self.dataset.column(self.dataset.spec.label.column)
        return tuple(band.name for band in bands) if bands else (column.categories or () if column else ())


def spread(served: ServedRows, rows: polars.DataFrame, edges: tuple[float, ...]) -> Known[Buckets]:
    """How the answers are spread: over ten bins, over `edges` for numbers, or over the likeliest classes."""
    answers = served.answers(rows)
    if isinstance(answers, Missing):
        return answers
    given = answers[np.isfinite(answers).all(axis=1) if answers.ndim == 2 else np.isfinite(answers)]
    if given.ndim == 2:
        return Buckets(counts=tuple(np.bincount(given.argmax(axis=1), minlength=given.shape[1]).tolist()))
    inner = edges or tuple(number / BINS for number in range(1, BINS))
    places = np.searchsorted(np.asarray(inner), given, side="left")
    return Buckets(counts=tuple(np.bincount(places, minlength=len(inner) + 1).tolist()), edges=inner)


def differing(
    served: ServedRows, pair: tuple[Digest, Digest], since: datetime, until: datetime, tolerance: float
) -> Known[Share]:
    """Of the requests that both releases answered, one of them as a copy, those with answers further apart than `tolerance`."""
    first, second = (served.of(digest, since, until) for digest in pair)
    if isinstance(first, Missing):
        return first
    if isinstance(second, Missing):
        return second
    same = first.select("id").join(second.select("id"), on="id", how="inner")
    mine, other = (served.answers(same.join(side, on="id", how="left", maintain_order="left")) for side in (first, second))
    if isinstance(mine, Missing):
        return mine
    if isinstance(other, Missing):
        return other
    apart = np.abs(mine - other)
    if apart.ndim == 2:
        apart = apart.max(axis=1, initial=0.0) if tolerance else (mine.argmax(axis=1) != other.argmax(axis=1)).astype(float)
    known = apart[np.isfinite(apart)]
    return Share(rows=known.size, hits=int((known > tolerance).sum()))


def deciles(served: ServedRows, rows: polars.DataFrame, least: int) -> Known[tuple[float, ...]]:
    """Edges for numbers, from what was answered before; Missing when that is too little."""
    answers = served.answers(rows)
    if isinstance(answers, Missing):
        return answers
    given = answers[np.isfinite(answers)]
    if given.size < least:
        return Missing(code="tooFewRows", why=f"{given.size} answers before the rollout to make bins of, {least} needed")
    return tuple(np.unique(np.quantile(given, np.arange(1, BINS) / BINS, method="inverted_cdf")).tolist())


def quality(served: ServedRows, rows: polars.DataFrame, metric: str) -> Known[Share | Sums]:
    """The metric row by row, of rows whose label is mature; of accuracy the rows that were answered rightly."""
    from reconciler.statistics.linear import LINEAR
    from reconciler.statistics.losses import row_errors

    known = rows.filter((polars.col("time") < served.mature) & polars.col("label").is_not_null())
    answers = served.answers(known)
    if isinstance(answers, Missing):
        return answers
    task, body = served.model.spec.task, served.dataset.spec
    if not known.height:
        return Share(rows=0, hits=0) if metric == "accuracy" else _sums(np.empty(0))
    try:
        labels = known["label"].alias(body.label.column)
        truth = coding_of(task, served.model.spec.target, labels, served.classes or None).encode(labels)
    except ReconcilerError as error:
        return Missing(code="labelsUnfit", why=error.message)
    given = np.isfinite(answers).all(axis=1) if answers.ndim == 2 else np.isfinite(answers)
    truth, answers = truth[given].astype(np.float64), answers[given]
    if metric == "accuracy":
        wrong = row_errors(task, truth, answers)
        return Share(rows=wrong.size, hits=int(wrong.size - wrong.sum()))
    return _sums(LINEAR[metric, task].columns(truth, answers)[0])


def earned(served: ServedRows, rows: polars.DataFrame, metric: BusinessMetric, unit: Unit) -> Known[Sums]:
    """The business metric, one number per unit; Missing where it is no sum over rows of the log."""
    if metric.column is None:
        return Missing(code="notByRelease", why=f"{metric.name} is asked of a database or of Prometheus, which know no releases")
    label = served.dataset.spec.label.column
    if metric.column == label:
        known = rows.filter(polars.col("time") < served.mature)
        rows = known.drop({label} - {"label"}, strict=False).rename({"label": label})
    if lost := [name for name in (metric.column, unit.column, unit.segment) if name and name not in rows.columns]:
        return Missing(code="noSuchColumn", why=f"serving logs no column {lost[0]}")
    if unit.segment:
        rows = rows.filter(polars.col(unit.segment).cast(polars.String).is_in(list(unit.values)))
    value = _value(rows, metric)
    if isinstance(value, Missing):
        return value
    if not unit.column:
        return _sums(rows.select(value.alias("value"))["value"].drop_nulls().to_numpy())
    together = value.mean() if metric.aggregate is Aggregate.MEAN else value.sum()
    return _sums(rows.group_by(unit.column, maintain_order=True).agg(together.alias("value"))["value"].drop_nulls().to_numpy())


def _value(rows: polars.DataFrame, metric: BusinessMetric) -> Known[polars.Expr]:
    """Each row's part in it."""
    name = metric.column or ""
    dtype = rows.schema[name]
    if metric.aggregate is Aggregate.COUNT:
        return polars.col(name).is_not_null().cast(polars.Float64)
    if metric.aggregate is Aggregate.MEDIAN:
        return Missing(code="notASum", why=f"{metric.name} is a median, which does not add up: take mean, sum or count")
    if not (dtype.is_numeric() or dtype in (polars.Boolean, polars.Null)):
        return Missing(code="notANumber", why=f"column {name} holds {dtype}, not numbers")
    number = polars.col(name).cast(polars.Float64)
    return number.fill_null(0.0) if metric.aggregate is Aggregate.SUM else number


def _sums(numbers: np.ndarray) -> Known[Sums]:
    """Sums that are the same in every order; squares never below what the sum allows, however they were rounded."""
    if not np.isfinite(numbers).all():
        return Missing(code="notANumber", why=f"{int((~np.isfinite(numbers)).sum())} of {numbers.size} numbers are not finite")
    total, squares = Fraction(math.fsum(numbers)), Fraction(math.fsum(numbers * numbers))
    least = total * total / numbers.size if numbers.size else Fraction()
    return Sums(rows=numbers.size, total=total, squares=max(squares, least))
