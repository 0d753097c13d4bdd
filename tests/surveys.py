"""Builders of what one reading of a table tells, for the tests of the drafting."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from reconciler.domain.data import FileFormat
from reconciler.domain.survey import TICKS, ColumnSurvey, Kind, Numbers, TableSurvey, Trivial

ROWS = 20_000
FIRST = datetime(2022, 1, 1, tzinfo=UTC)


def numbers(**changes: Any) -> Numbers:
    """Numbers that are spread evenly between 0 and 100, in both halves of the rows."""
    seen = Numbers(
        minimum=0.0,
        maximum=100.0,
        low=1.0,
        median=50.0,
        high=99.0,
        early_minimum=0.0,
        early_maximum=100.0,
        infinite=0,
        whole=False,
        ordered=False,
    )
    return replace(seen, **changes)


def a_number(name: str = "size", **changes: Any) -> ColumnSurvey:
    """A column of different numbers without gaps."""
    column = ColumnSurvey(name=name, kind=Kind.NUMBER, present=ROWS, missing=0, distinct=ROWS, numbers=numbers())
    return replace(column, **changes)


def a_text(name: str = "colour", *values: str, **changes: Any) -> ColumnSurvey:
    """A column of categories (usually red and blue), all equally frequent."""
    counted = tuple((value, ROWS // len(values or ("red", "blue"))) for value in values or ("red", "blue"))
    column = ColumnSurvey(name=name, kind=Kind.TEXT, present=ROWS, missing=0, distinct=len(counted), values=counted, words=1.0)
    return replace(column, **changes)


def a_table(*columns: ColumnSurvey, label: ColumnSurvey | None = None, days: float = 365, **changes: Any) -> TableSurvey:
    """A table of one year with a time, these columns (usually a number) and a label of yes and no."""
    label = label or a_text("bought", "no", "yes")
    time = ColumnSurvey(name="when", kind=Kind.TIME, present=ROWS, missing=0, distinct=ROWS)
    last = FIRST + timedelta(days=days)
    table = TableSurvey(
        path="data/table.csv",
        format=FileFormat.CSV,
        separator=",",
        time_format=None,
        time_column="when",
        target=label.name,
        rows=ROWS,
        without_time=0,
        duplicates=0,
        first=FIRST,
        last=last,
        ticks=tuple(FIRST + timedelta(days=days) * (tick / TICKS) for tick in range(TICKS + 1)),
        columns=(time, *(columns or (a_number(),)), label),
        recent=tuple((value, count // 5) for value, count in label.values),
        trivial=Trivial(mae_of_median=10.0, mae_of_mean=10.5, mae_of_recent_mean=10.4),
    )
    return replace(table, **changes)
