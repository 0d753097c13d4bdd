"""Used by the adapter of the port Logs: reads the files of the days that a range touches, and keeps each id once."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO

import polars as pl

from reconciler.adapters.logs import layout
from reconciler.adapters.logs.layout import Kind
from reconciler.adapters.logs.rows import EMPTY, UnfitRowsError, shaped
from reconciler.adapters.redaction import without_credentials
from reconciler.adapters.sources import times
from reconciler.adapters.sources.urls import failures
from reconciler.adapters.stores.places import Place
from reconciler.errors import ObserveError

_FILE = "perennial:file"
_AT_ONCE = 8


def rows_of(place: Place, model: str, kind: Kind, start: datetime, end: datetime) -> pl.DataFrame:
    """All rows of the range, with the rank of their file in the order of names."""
    first, last = start.astimezone(UTC), end.astimezone(UTC)
    try:
        names = list(layout.names(place, model, kind, first, last))
    except failures() as error:
        raise ObserveError(f"cannot list {place}/{model}/{kind}: {without_credentials(str(error))}") from error
    order = {name: rank for rank, name in enumerate(sorted(names, key=lambda name: name.rsplit("/", 1)[-1]))}
    wanted = times.in_range(pl.col(kind.time), first, last)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        parts = [
            part.filter(wanted).with_columns(pl.lit(order[name], pl.Int64).alias(_FILE))
            for name, part in zip(names, pool.map(lambda name: read(place, name, kind), names), strict=True)
        ]
    return together(parts, kind, f"{place}/{model}/{kind}")


def read(place: Place, name: str, kind: Kind) -> pl.DataFrame:
    """The rows of one file. Raises ObserveError with its name."""
    where = f"{place}/{name}"
    try:
        file = place.path(name) if place.is_local else BytesIO(place.read(name))
        rows = shaped(pl.read_parquet(file, hive_partitioning=False, glob=False), kind, where)
    except failures(pl.exceptions.PolarsError) as error:
        said = str(error).strip().split("\n")[0]
        raise ObserveError(f"cannot read {where} as Parquet: {without_credentials(said)}") from error
    except UnfitRowsError as error:
        raise ObserveError(error.message, help=error.help) from error
    require_day(rows, kind, name, where)
    return rows


def require_day(rows: pl.DataFrame, kind: Kind, name: str, where: str) -> None:
    """Raises ObserveError for rows of other days than their folder's: a range that has them would not find them."""
    day = layout.day_of(name.rsplit("/", 2)[-2], where)
    astray = rows.filter(pl.col(kind.time).dt.date() != day)
    if not astray.is_empty():
        first = astray[kind.time][0].date()
        raise ObserveError(f"{where}: {astray.height:,} of {rows.height:,} rows are not of its day, such as one of {first}")


def together(parts: Sequence[pl.DataFrame], kind: Kind, where: str) -> pl.DataFrame:
    """One frame with the columns of all parts; a column that a part lacks is null there.

    A feature that changed its type has one that holds both, at worst text. Raises ObserveError for labels that did so.
    """
    filled = [part for part in parts if not part.is_empty()]
    if not filled:
        return pl.DataFrame(schema={**EMPTY[kind], _FILE: pl.Int64})
    if kind is Kind.LABELS and len(kinds := sorted({str(part.schema["label"]) for part in filled})) > 1 and "String" in kinds:
        raise ObserveError(f"{where}: labels are text in some files and {', '.join(kinds[:-1])} in others")
    try:
        return pl.concat(filled, how="diagonal_relaxed")
    except pl.exceptions.PolarsError as error:
        raise ObserveError(f"{where}: the files do not fit together: {str(error).splitlines()[0]}") from error


def one_each(rows: pl.DataFrame, time: str, *, keep: str) -> pl.DataFrame:
    """Each id once: its first or last row in the order of time, then of files' names."""
    ordered = rows.sort(time, _FILE, "id")
    if ordered["id"].n_unique() == ordered.height:
        return ordered.drop(_FILE).sort(time, "id")
    kept = ordered.unique("id", keep="first" if keep == "first" else "last", maintain_order=True)
    return kept.drop(_FILE).sort(time, "id")
