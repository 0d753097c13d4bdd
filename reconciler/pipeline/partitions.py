"""Used by the measurement of labels: the segments whose labels are looked at: days, categories, and categories by time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from reconciler.domain.measured.data import SEGMENT_ROWS
from reconciler.statistics.segments import SIBLINGS, Codes, Partition

if TYPE_CHECKING:
    import polars as pl

ROWS_EACH, TOLD = 20, 0.5
"""Rows of a day on average that tell whether days tell the category, and the share of errors that they leave then."""
CATEGORIES = 200
"""Of one feature, the most frequent ones; the others are in no segment."""


def days(times: "pl.Series") -> Partition:
    """The UTC days of the event times."""
    dates = times.dt.date()
    known = dates.unique().sort()
    codes = dates.replace_strict(known, range(known.len()), return_dtype=_int64()).to_numpy()
    return Partition(kind="day", codes=codes, names=[f"day {day.isoformat()}" for day in known.to_list()])


def categories(values: "pl.Series") -> Partition:
    """The categories of a feature, the most frequent first."""
    counted = values.drop_nulls().value_counts(name="rows").sort(["rows", values.name], descending=[True, False])
    known = counted[values.name][:CATEGORIES].to_list()
    codes = values.replace_strict(known, range(len(known)), default=-1, return_dtype=_int64()).fill_null(-1).to_numpy()
    return Partition(kind=_kind(values.name, codes), codes=codes, names=[f"{values.name}={name}" for name in known])


def _kind(feature: str, codes: Codes) -> str:
    """Categories have those of their own feature for siblings, where these are enough: what spoils one taints other features'."""
    large = int((np.bincount(codes[codes >= 0]) >= SEGMENT_ROWS).sum())
    return f"category of {feature}" if large > SIBLINGS else "category"


def follows(part: Partition, other: Partition) -> bool:
    """Whether the other nearly tells the part's segment, as the day tells the weekday; never where it has few rows each.

    Told is Goodman and Kruskal's lambda: the share of the errors of guessing the segment that knowing the other removes.
    """
    known = part.codes >= 0
    if not known.any() or known.sum() < ROWS_EACH * other.size:
        return False
    cells = np.bincount(other.codes[known] * part.size + part.codes[known], minlength=other.size * part.size)
    table = cells.reshape(other.size, part.size)
    wrong, left = known.sum() - table.sum(axis=0).max(), known.sum() - table.max(axis=1).sum()
    return bool(wrong > 0 and left <= TOLD * wrong)


def by_time(part: Partition, blocks: Codes, spans: Sequence[str]) -> Partition:
    """Each segment in each block of time; `spans` say when the blocks are."""
    codes = np.where(part.codes < 0, -1, part.codes * len(spans) + blocks)
    names = [f"{name} {span}" for name in part.names for span in spans]
    return Partition(kind=f"{part.kind} by time", codes=codes, names=names)


def among(part: Partition, rows: "np.ndarray") -> Partition:
    """The same segments of fewer rows; `rows` (n,) chooses them."""
    return Partition(kind=part.kind, codes=part.codes[rows], names=part.names)


def _int64() -> "type[pl.Int64]":
    import polars as pl

    return pl.Int64
