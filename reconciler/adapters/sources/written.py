"""Adapter of the port Data for CSV: the types of columns that are only text, told from all values that were read."""

from collections.abc import Sequence

import polars as pl

MISSING = ("", "NA", "N/A", "NaN", "nan", "NULL", "null", "None")
"""What stands for nothing in a column of numbers or truth values. In a column of text only the empty field does."""


def typed(rows: pl.DataFrame, keep: Sequence[str]) -> pl.DataFrame:
    """Each text column as integers, numbers or truth values if all its values are such, but for those to keep."""
    return rows.with_columns(narrowed(rows[name]) if name not in keep else emptied(rows[name]) for name in rows.columns)


def narrowed(text: pl.Series) -> pl.Series:
    """The narrowest type that loses nothing: `007` and integers beyond 64 bits stay text."""
    if text.dtype != pl.String:
        return text
    values = text.str.strip_chars()
    values = pl.select(pl.when(~values.is_in(MISSING)).then(values)).to_series().alias(text.name)
    present = values.drop_nulls()
    if present.is_empty():
        return emptied(text)
    if present.str.to_lowercase().is_in(["true", "false"]).all():
        return values.str.to_lowercase() == "true"
    if present.str.contains(r"^[+-]?0\d").any():
        return emptied(text)
    if present.str.contains(r"^[+-]?\d+$").all():
        whole = values.cast(pl.Int64, strict=False)
        return whole if whole.null_count() == values.null_count() else emptied(text)
    number = values.cast(pl.Float64, strict=False)
    return number if number.null_count() == values.null_count() else emptied(text)


def emptied(text: pl.Series) -> pl.Series:
    """The text with null for the empty field."""
    if text.dtype != pl.String:
        return text
    return pl.select(pl.when(text != "").then(text)).to_series().alias(text.name)
