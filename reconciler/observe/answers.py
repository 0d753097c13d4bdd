"""What the released model answers for rows, asked once for each day of rows: the same model and rows give the same numbers.

Loading a model costs more than all else in a pass, so answers are remembered under the digest of the model and the rows.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars

from reconciler.domain.names import Digest
from reconciler.domain.releases import digest_of, digest_of_bytes
from reconciler.observe.frames import logged_answers
from reconciler.pipeline.artifact import ModelPackage
from reconciler.pipeline.columns import features_of
from reconciler.ports import Memory
from reconciler.specs.model import Task

VERSION = 2
"""Counts up when answers would be kept in another form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Of one packaged model. `logged`: rows come from its log, and hold what it answered when it was asked."""

    package: ModelPackage
    memory: Memory
    logged: bool = False

    def of(self, rows: polars.DataFrame, event_time: str) -> np.ndarray:
        """(n,) or (n, k) answers for rows by event time; the logged ones where rows hold them.

        Raises ReconcilerError when the model cannot be loaded, or cannot answer.
        """
        if self.logged and (names := logged_answers(self.package.contract, rows)):
            given = rows.select(polars.col(name).cast(polars.Float64) for name in names).to_numpy()
            return self._shaped(given, rows.height)
        if not rows.height:
            return self.package.predict(rows)
        from threadpoolctl import threadpool_limits

        with threadpool_limits(limits=1):  # a day is few rows: more threads mostly wait for each other
            return np.concatenate([self._answer(day) for day in _days(rows, event_time)])

    def given(self, rows: polars.DataFrame) -> polars.DataFrame:
        """The rows that have an answer: a logged one may be missing, and is then neither right nor wrong."""
        names = logged_answers(self.package.contract, rows) if self.logged else []
        return rows.filter(polars.all_horizontal(polars.col(names).is_finite())) if names else rows

    def _answer(self, rows: polars.DataFrame) -> np.ndarray:
        key = self._key(rows)
        known = self.memory.recall(key)
        if known is not None and len(known) == rows.height * self._width * np.float64().itemsize:
            return self._shaped(np.frombuffer(known, dtype=np.float64), rows.height)
        answers = self.package.predict(rows)
        self.memory.remember(key, answers.tobytes())
        return answers

    @property
    def _width(self) -> int:
        """Numbers per answer."""
        return len(self.package.contract.classes) if self.package.contract.task is Task.MULTICLASS else 1

    def _shaped(self, answers: np.ndarray, rows: int) -> np.ndarray:
        """As `ModelPackage.predict` gives them: (n, k) of several classes, else (n,)."""
        return answers.reshape(rows, self._width) if self.package.contract.task is Task.MULTICLASS else answers.reshape(rows)

    def _key(self, rows: polars.DataFrame) -> Digest:
        content = io.BytesIO()
        features_of(rows, self.package.contract.features).write_ipc(content)
        return digest_of(
            {"version": VERSION, "artifact": self.package.sha256, "rows": digest_of_bytes(content.getvalue())},
        )


def _days(rows: polars.DataFrame, event_time: str) -> Iterator[polars.DataFrame]:
    """The rows of each day (UTC), in order."""
    runs = rows[event_time].dt.date().rle().struct.field("len").to_list()
    start = 0
    for length in runs:
        yield rows[start : start + length].rechunk()  # pieces would make other bytes of the same rows
        start += length
