"""How the released model scores a window of rows, measured once per model and rows: the same rows give the same number."""

import json
import math
from dataclasses import asdict, dataclass
from io import BytesIO

import polars

from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.names import Digest
from reconciler.domain.needs import ScoreNeed
from reconciler.domain.releases import digest_of, digest_of_bytes
from reconciler.errors import ReconcilerError
from reconciler.observe.answers import Answers
from reconciler.pipeline.artifact import ModelPackage
from reconciler.pipeline.rows import labelled
from reconciler.pipeline.score import check_question, measure_rows, predicted
from reconciler.ports import Memory
from reconciler.specs.dataset import Dataset
from reconciler.specs.model import Model

VERSION = 2
"""Counts up when a metric's definition changes, so that older numbers are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowScorer:
    """Scores windows of one model. What was measured before is recalled, so the model is not even loaded for it."""

    answers: Answers
    model: Model
    dataset: Dataset
    memory: Memory

    def measure(self, need: ScoreNeed, rows: polars.DataFrame) -> Known[Measured]:
        """The metric on the rows; Missing when they cannot be scored."""
        resamples = self.model.spec.bootstrap if need.interval else 0
        key = self._key(need, resamples, rows)
        if (known := read_measured(self.memory.recall(key))) is not None:
            return known
        try:
            measured = self._measure(need, rows, resamples)
        except ReconcilerError as error:
            return Missing(code="notScored", why=error.message)
        if isinstance(measured, Measured):
            self.memory.remember(key, write_measured(measured))
        return measured

    def _measure(self, need: ScoreNeed, rows: polars.DataFrame, resamples: int) -> Known[Measured]:
        time, rows = self.dataset.spec.event_time, self.answers.given(rows)
        check_question(self.package, self.model, self.dataset)
        if need.estimated:
            from reconciler.statistics.estimated import estimate

            return estimate(self.package.contract.task, need.metric, self.answers.of(rows, time))
        known = labelled(rows, self.package.contract.label)
        return measure_rows(predicted(self.package, known, self.answers.of(known, time)), need.metric, resamples=resamples)

    @property
    def package(self) -> ModelPackage:
        """The released model."""
        return self.answers.package

    def _key(self, need: ScoreNeed, resamples: int, rows: polars.DataFrame) -> Digest:
        content = BytesIO()
        rows.rechunk().write_ipc(content)  # a source may give the same rows in other pieces
        return digest_of(
            {
                "version": VERSION,
                "artifact": self.package.sha256,
                "label": self.dataset.spec.label.column,
                "task": self.model.spec.task,
                "metric": need.metric,
                "estimated": need.estimated,
                "resamples": resamples,
                "rows": digest_of_bytes(content.getvalue()),
            }
        )


def write_measured(measured: Measured) -> bytes:
    """As JSON; an open end of the interval is null."""
    finite = {name: value if math.isfinite(value) else None for name, value in asdict(measured).items()}
    return json.dumps(finite, sort_keys=True).encode()


def read_measured(content: bytes | None) -> Measured | None:
    """What `write_measured` wrote; None for anything else, so that a damaged memory is measured again."""
    try:
        value = json.loads(content or b"")
        low, high = (-math.inf, math.inf) if value["low"] is None else (float(value["low"]), float(value["high"]))
        measured = Measured(value=float(value["value"]), low=low, high=high, rows=int(value["rows"]))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None
    sound = math.isfinite(measured.value) and measured.low <= measured.high and measured.rows >= 0
    return measured if sound else None
