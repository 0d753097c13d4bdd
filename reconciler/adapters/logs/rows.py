"""Used by readers and writers of the logs: frames in the one shape that the port promises, or what is wrong with them."""

from collections.abc import Sequence
from difflib import get_close_matches

import polars as pl

from reconciler.adapters.logs.layout import Kind
from reconciler.adapters.sources import times
from reconciler.errors import ObserveError, ReconcilerError

PREDICTION = "prediction"
_ANSWERS = pl.Schema({"id": pl.String(), "time": times.TIME, "digest": pl.String(), PREDICTION: pl.Float64()})
EMPTY = {
    Kind.PREDICTIONS: _ANSWERS,
    Kind.SHADOWS: _ANSWERS,
    Kind.LABELS: pl.Schema({"id": pl.String(), "label": pl.Float64(), "known": times.TIME}),
}
_HELP = "docs/reference/logs.md lists the columns of both logs"


class UnfitRowsError(ReconcilerError):
    """Rows that cannot be logged, or cannot be a log's."""


def shaped(frame: pl.DataFrame, kind: Kind, where: str) -> pl.DataFrame:
    """The rows with the types of the log: ids and digests are text, times are Datetime us UTC, predictions are Float64.

    Times without a zone are UTC. Of a label log only its three columns are kept. Raises UnfitRowsError for columns that are
    missing or of another kind, and for rows without id, time, digest or label; a prediction may be missing.
    """
    asked = [name for name in EMPTY[kind] if name != PREDICTION]
    require(asked, frame.columns, where)
    predicted = [name for name in frame.columns if name == PREDICTION or name.startswith(f"{PREDICTION}:")]
    answers = kind is not Kind.LABELS
    if answers and not predicted:
        raise UnfitRowsError(f"{where} has no column {PREDICTION}, nor {PREDICTION}:<class>", help=_HELP)
    rows = frame if answers else frame.select(asked)
    typed = rows.with_columns(
        texts(rows, "id", where),
        time(rows, kind.time, where),
        *([texts(rows, "digest", where)] if answers else []),
        *(number(rows, name, where) for name in predicted if answers),
        *(pl.col(name).cast(pl.String) for name, dtype in rows.schema.items() if plain(dtype) and name not in asked),
    )
    for name in asked:
        if lost := missing(typed[name]):
            raise UnfitRowsError(f"{where}: {lost:,} of {typed.height:,} rows have no {name}", help=_HELP)
    return typed.select(*asked, *(name for name in typed.columns if name not in asked))


def require(asked: Sequence[str], present: Sequence[str], where: str) -> None:
    """Raises UnfitRowsError for the first column that is not there."""
    for name in asked:
        if name not in present:
            near = get_close_matches(name, present, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(list(present)[:20]) or 'none'}"
            raise UnfitRowsError(f"{where} has no column {name}; {hint}", help=_HELP)


def texts(rows: pl.DataFrame, name: str, where: str) -> pl.Series:
    """The column as text. A fraction or a truth value is no name of anything."""
    column = rows[name]
    if column.dtype.is_float() and (lost := missing(column)):
        raise UnfitRowsError(f"{where}: {lost:,} of {rows.height:,} rows have no {name}", help=_HELP)
    if not (plain(column.dtype) or column.dtype.is_integer() or column.dtype in (pl.String, pl.Null)):
        raise UnfitRowsError(f"{where}: column {name} holds {column.dtype}; text or whole numbers are wanted", help=_HELP)
    text = column.cast(pl.String)
    return pl.select(pl.when(text != "").then(text).alias(name)).to_series()


def time(rows: pl.DataFrame, name: str, where: str) -> pl.Series:
    """The column as times; text that is none is refused with its first value."""
    try:
        found = rows.select(times.to_utc(name, rows.schema[name], where)).to_series()
    except ObserveError as error:
        raise UnfitRowsError(error.message, help=f"write times as {times.ACCEPTED}") from None
    wrong = rows.filter(found.is_null() & rows[name].is_not_null())
    if not wrong.is_empty():
        message = f"{where}: column {name} holds {str(wrong[name][0])[:60]!r}, which is no time"
        raise UnfitRowsError(message, help=f"write times as {times.ACCEPTED}")
    return found


def number(rows: pl.DataFrame, name: str, where: str) -> pl.Series:
    """The column as Float64."""
    dtype = rows.schema[name]
    if not (dtype.is_numeric() or dtype in (pl.Boolean, pl.Null)):
        help = "log a probability for each class, as prediction:<class>"
        raise UnfitRowsError(f"{where}: column {name} holds {dtype}; numbers are wanted", help=help)
    return rows[name].cast(pl.Float64)


def plain(dtype: pl.DataType) -> bool:
    """Text in disguise: it is logged as text, so that all files of a log have one type."""
    return dtype in (pl.Categorical, pl.Enum)


def missing(column: pl.Series) -> int:
    """How many values are null or NaN."""
    return column.null_count() + (int(column.is_nan().sum()) if column.dtype.is_float() else 0)
