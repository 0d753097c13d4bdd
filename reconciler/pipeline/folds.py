"""Used by search: training rows cut by time, so that each trial is judged on rows that come after all that it learnt from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from reconciler.errors import ReconcilerError

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Rows to learn from, and later rows to judge by."""

    train: "pl.DataFrame"
    validation: "pl.DataFrame"


def folds_of(rows: "pl.DataFrame", time: str, count: int, delay: timedelta) -> Iterator[Fold]:
    """The rows, by event time, cut into count + 1 parts; each part but the first is judged with what lies before it.

    Between the two lies an embargo of the label delay, as between training and hold-out: a label that was not known when the
    first row to judge happened is not learnt from. Raises ReconcilerError for a fold without rows on either side.
    """
    times = rows[time]
    edges = [rows.height * part // (count + 1) for part in range(count + 2)]
    for number, (start, end) in enumerate(pairwise(edges[1:]), start=1):
        train = rows.filter(times < times[start] - delay) if start < rows.height else rows.head(0)
        validation = rows[start:end]
        if not train.height or not validation.height:
            raise ReconcilerError(
                f"fold {number} of {count} has {train.height:,} rows to learn from and {validation.height:,} to judge by: "
                f"{rows.height:,} training rows are too few for {count} folds",
                help="fewer training.search.folds, or a longer training.window",
            )
        yield Fold(train=train, validation=validation)
