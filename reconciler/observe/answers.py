"""What the released model answers for rows, asked once for each day of rows: the same model and rows give the same numbers.

Loading a model costs more than all else in a pass, so answers are remembered under the digest of the model and the rows.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars

from reconciler.domain.names import Digest
from reconciler.domain.releases import digest_of, digest_of_bytes
from reconciler.observe.frames import logged_answers
from reconciler.pipeline.artifact import ModelPackage
from reconciler.pipeline.columns import features_of
from reconciler.ports import Memory

VERSION = 1
"""Counts up when answers would be kept in another form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Of one packaged model."""

    package: ModelPackage
    memory: Memory

    def of(self, rows: polars.DataFrame, event_time: str) -> np.ndarray:
        """(n,) or (n, k) answers for rows in the order of their event times; the logged ones where rows hold them.

        Raises ReconcilerError when the model cannot be loaded, or cannot answer.
        """
        if logged := logged_answers(self.package.contract, rows):
            shares = rows.select(polars.col(name).cast(polars.Float64) for name in logged).to_numpy()
            return shares if len(logged) > 1 else shares[:, 0]
        if not rows.height:
            return self.package.predict(rows)
        from threadpoolctl import threadpool_limits

        with threadpool_limits(limits=1):  # a day is few rows: more threads mostly wait for each other
            return np.concatenate([self._answer(day) for day in _days(rows, event_time)])

    def _answer(self, rows: polars.DataFrame) -> np.ndarray:
        key = self._key(rows)
        known = _read(self.memory.recall(key), rows.height)
        if known is not None:
            return known
        answers = self.package.predict(rows)
        content = io.BytesIO()
        np.save(content, answers, allow_pickle=False)
        self.memory.remember(key, content.getvalue())
        return answers

    def _key(self, rows: polars.DataFrame) -> Digest:
        content = io.BytesIO()
        features_of(rows, self.package.contract.features).write_ipc(content)
        return digest_of(
            {"version": VERSION, "artifact": self.package.sha256, "rows": digest_of_bytes(content.getvalue())},
        )


def _days(rows: polars.DataFrame, event_time: str) -> Iterator[polars.DataFrame]:
    """The rows of each day (UTC), in order."""
    days = rows[event_time].dt.date().rle_id()
    ends = [0, *(days.value_counts(name="rows").sort(days.name)["rows"].cum_sum().to_list())]
    for start, end in pairwise(ends):
        yield rows[start:end]


def _read(content: bytes | None, rows: int) -> np.ndarray | None:
    """What was remembered; None for anything that is not that many answers, so that a damaged memory is asked again."""
    try:
        answers = np.load(io.BytesIO(content or b""), allow_pickle=False)
    except (ValueError, OSError, EOFError):
        return None
    return answers if isinstance(answers, np.ndarray) and answers.dtype == np.float64 and len(answers) == rows else None
