"""What becomes of each column: the time, the target, a feature, or left out with the reason. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from reconciler.domain.survey import ColumnSurvey, Kind, Numbers, TableSurvey
from reconciler.specs.dataset import ColumnType
from reconciler.specs.draft.quoting import number, shown
from reconciler.specs.draft.ranges import bounds

MOST_CATEGORIES = 100
MOST_LISTED = 50
"""Columns with at most this many categories have them listed in the contract."""
TELLS = 0.999
"""A column that alone removes this share of the target's variation was probably written after the event."""
_RARE = 5
_FEW_ROWS_PER_VALUE = 2
_NEARLY_ALL = 0.95
_FREE_TEXT = 4
_HASH = 1e12
_IDENTIFIER = re.compile(r"(^|[^a-z])(id|ids|uuid|guid|key|no|nr|number)$", re.IGNORECASE)
_TYPES = {
    Kind.INTEGER: ColumnType.INTEGER,
    Kind.NUMBER: ColumnType.NUMBER,
    Kind.BOOLEAN: ColumnType.BOOLEAN,
    Kind.TIME: ColumnType.TIME,
    Kind.TEXT: ColumnType.TEXT,
}


class Role(StrEnum):
    """What the model does with a column."""

    TIME = "time"
    TARGET = "target"
    NUMERIC = "numeric"
    CATEGORICAL = "categorical"
    LEFT_OUT = "leftOut"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnDraft:
    """One column as the contract will declare it. `why` says why it is left out, or what a reader should know of it."""

    name: str
    type: ColumnType
    role: Role
    why: str = ""
    leak: bool = False
    nullable: bool = True
    minimum: float | None = None
    maximum: float | None = None
    categories: tuple[str, ...] | None = None


def features(table: TableSurvey) -> tuple[ColumnDraft, ...]:
    """All columns but the time and the target, in the order of the file."""
    return tuple(_column(one, table) for one in table.columns if one.name not in (table.time_column, table.target))


def _column(one: ColumnSurvey, table: TableSurvey) -> ColumnDraft:
    if one.explains >= TELLS or table.target in (one.copy_of, one.name) or table.label.copy_of == one.name:
        why = f"tells {shown(table.target)} all by itself, so it is probably known only after the event"
        return _left_out(one, why, leak=True)
    if why := _useless(one, table) or _numeric_trouble(one) or _text_trouble(one):
        return _left_out(one, why)
    if one.kind is Kind.TEXT:
        return _categorical(one)
    low, high = bounds(one.numbers) if one.numbers else (None, None)
    return ColumnDraft(
        name=one.name,
        type=_TYPES[one.kind],
        role=Role.NUMERIC,
        nullable=one.missing > 0,
        minimum=low,
        maximum=high,
        why=_open_range(one.numbers, low, high) if one.numbers else "",
    )


def _left_out(one: ColumnSurvey, why: str, *, leak: bool = False) -> ColumnDraft:
    """What is not used is not checked either."""
    return ColumnDraft(name=one.name, type=_TYPES[one.kind], role=Role.LEFT_OUT, why=why, leak=leak)


def _useless(one: ColumnSurvey, table: TableSurvey) -> str:
    """Why a column of any kind has nothing to say; empty when it has."""
    if one.present == 0:
        return f"no value in any of {table.rows:,} rows"
    if one.distinct == 1 and one.missing == 0:
        return f"the same value {shown(one.values[0][0])} in all {table.rows:,} rows"
    if one.copy_of:
        return f"the same values as {shown(one.copy_of)} in all rows"
    if one.kind is Kind.TIME:
        return "a time, which no estimator takes: derive numbers from it where the data is made"
    return ""


def _numeric_trouble(one: ColumnSurvey) -> str:
    seen = one.numbers
    if one.kind not in (Kind.INTEGER, Kind.NUMBER):
        return ""
    if seen is None or seen.infinite:
        return f"{seen.infinite if seen else one.present:,} infinite values, which no estimator takes"
    if seen.ordered:
        return "follows the event time like a counter: the values of new rows lie outside of all that was learnt"
    unique = one.distinct >= _NEARLY_ALL * one.present
    dense = seen.maximum - seen.minimum < _FEW_ROWS_PER_VALUE * one.distinct
    hashed = seen.maximum - seen.minimum > _HASH
    if one.kind is Kind.INTEGER and unique and (dense or hashed or _IDENTIFIER.search(one.name)):
        return f"an identifier: {one.distinct:,} different whole numbers in {one.present:,} rows"
    return ""


def _text_trouble(one: ColumnSurvey) -> str:
    if one.kind is not Kind.TEXT:
        return ""
    if one.punctuated:
        return f"numbers that are written like {shown(one.punctuated)}: write them as 1234.5 and they can be used"
    if one.distinct <= min(MOST_CATEGORIES, one.present / _FEW_ROWS_PER_VALUE):
        return ""
    if one.words >= _FREE_TEXT:
        return f"free text: {one.distinct:,} different values of {one.words:.0f} words on average"
    if one.distinct >= _NEARLY_ALL * one.present:
        return f"an identifier: {one.distinct:,} different values in {one.present:,} rows"
    return f"{one.distinct:,} categories in {one.present:,} rows, more than {MOST_CATEGORIES} or too few rows of each"


def _categorical(one: ColumnSurvey) -> ColumnDraft:
    """Categories are listed when new ones are not to be expected: all are frequent, and none was new in the newer half."""
    closed = one.distinct <= MOST_LISTED and one.late_values == 0 and min(rows for _, rows in one.values) >= _RARE
    return ColumnDraft(
        name=one.name,
        type=ColumnType.CATEGORY,
        role=Role.CATEGORICAL,
        nullable=one.missing > 0,
        categories=tuple(sorted(text for text, _ in one.values)) if closed else None,
        why="" if closed else f"{one.distinct} categories so far, some of them rare or new: any may come",
    )


def _open_range(seen: Numbers, low: float | None, high: float | None) -> str:
    """What was seen on a side that is left open."""
    if low is not None and high is not None:
        return ""
    return f"seen {number(seen.minimum)} to {number(seen.maximum)}; a side without a bound has values far out, or moves with time"
