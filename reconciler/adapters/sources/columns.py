"""Used by the survey: the numbers about one column, whatever it holds."""

from typing import Any

import polars as pl
from polars.datatypes import DataTypeClass

from reconciler.adapters.sources import times
from reconciler.domain.survey import ColumnSurvey, Kind, Numbers

MOST_VALUES = 100
"""Columns with at most this many different values are kept with all of them."""
_FREQUENT = 5
_RISING = 0.999
_DECORATED = r"^[$€£]?\s?[+-]?(\d{1,3}([,.' ]\d{3})+|\d+)([.,]\d+)?\s?[%$€£]?$"
_MOSTLY = 0.95


def kind_of(dtype: pl.DataType | DataTypeClass) -> Kind:
    """What values of the type are. Lists, structures and bytes are OTHER."""
    if dtype == pl.Boolean:
        return Kind.BOOLEAN
    if dtype.is_integer():
        return Kind.INTEGER
    if dtype.is_numeric():
        return Kind.NUMBER
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return Kind.TEXT
    if dtype == pl.Date or isinstance(dtype, pl.Datetime):
        return Kind.TIME
    return Kind.OTHER


def column_survey(rows: pl.Series) -> ColumnSurvey:
    """The column's numbers; its rows are ordered by event time, and NaN is null already."""
    kind = kind_of(rows.dtype)
    half = rows.len() // 2
    present = rows.drop_nulls()
    texts = texts_of(present)
    distinct = present.n_unique()
    few = distinct <= MOST_VALUES
    late = set(texts_of(rows.tail(rows.len() - half).drop_nulls())) - set(texts_of(rows.head(half).drop_nulls())) if few else ()
    is_text = kind is Kind.TEXT and not present.is_empty()
    return ColumnSurvey(
        name=rows.name,
        kind=Kind.TIME if is_text and _are_times(texts) else kind,
        present=present.len(),
        missing=rows.null_count(),
        distinct=distinct,
        values=_frequent(texts, distinct if few else _FREQUENT),
        late_values=len(late),
        late_missing=rows.tail(rows.len() - half).null_count(),
        words=as_float(texts.str.count_matches(r"\S+").mean()) if is_text else 0.0,
        punctuated=_punctuated(texts) if is_text else "",
        numbers=_numbers(rows) if kind in (Kind.INTEGER, Kind.NUMBER) else None,
    )


def as_float(value: Any) -> float:
    """A scalar of polars, whose types say that it might be anything."""
    return float(value)


def texts_of(values: pl.Series) -> pl.Series:
    """The values as the texts that classes have: `1.0` is `1`, and True is `true`."""
    if values.dtype.is_float():
        whole = (values.is_null() | ((values.abs() < 2**53) & (values == values.floor()))).all()
        values = values.cast(pl.Int64) if whole else values
    return values.cast(pl.String)


def _frequent(texts: pl.Series, count: int) -> tuple[tuple[str, int], ...]:
    """The most frequent texts, the more frequent first, then by the alphabet."""
    counted = texts.alias("text").value_counts(name="rows").sort(["rows", "text"], descending=[True, False]).head(count)
    return tuple((str(text), int(rows)) for text, rows in counted.iter_rows())


def _are_times(texts: pl.Series) -> bool:
    if pl.select(times.parsed(pl.lit(texts.head(100)))).to_series().null_count():
        return False
    return pl.select(times.parsed(pl.lit(texts))).to_series().null_count() == 0


def _punctuated(texts: pl.Series) -> str:
    """The first decorated number by the alphabet, when nearly all texts are numbers and some of them are decorated."""
    if as_float(texts.str.contains(_DECORATED).mean()) < _MOSTLY:
        return ""
    plain = texts.str.strip_chars().cast(pl.Float64, strict=False).is_not_null()
    decorated = texts.filter(texts.str.contains(_DECORATED) & ~plain)
    return "" if decorated.is_empty() else str(decorated.min())


def _numbers(rows: pl.Series) -> Numbers | None:
    """About the finite values; None when there are none."""
    values = rows.cast(pl.Float64)
    half = values.len() // 2
    finite, early = (part.drop_nulls().filter(part.drop_nulls().is_finite()) for part in (values, values.head(half)))
    if finite.is_empty():
        return None
    early = finite.head(1) if early.is_empty() else early
    low, median, high = (as_float(finite.quantile(q, "nearest")) for q in (0.01, 0.5, 0.99))
    return Numbers(
        minimum=as_float(finite.min()),
        maximum=as_float(finite.max()),
        low=low,
        median=median,
        high=high,
        early_minimum=as_float(early.min()),
        early_maximum=as_float(early.max()),
        infinite=values.len() - values.null_count() - finite.len(),
        whole=bool((finite == finite.floor()).all()),
        ordered=_ordered(finite),
    )


def _ordered(finite: pl.Series) -> bool:
    """The rank of the value follows that of the time."""
    if finite.n_unique() < max(3, finite.len() // 100):
        return False
    frame = pl.DataFrame({"value": finite.rank(), "row": pl.int_range(finite.len(), eager=True)})
    return abs(as_float(frame.select(pl.corr("value", "row")).item())) > _RISING
