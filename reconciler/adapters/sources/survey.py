"""Reads a table once for `perennial new model`, by the very reader that the pipeline uses, and keeps only numbers about it."""

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from reconciler.adapters.sources.columns import as_float, column_survey, kind_of, texts_of
from reconciler.adapters.sources.data import SourceData
from reconciler.adapters.sources.file import scan_csv
from reconciler.adapters.sources.relations import copies, explains
from reconciler.adapters.sources.sniffed import format_of, separator_of, time_format_of
from reconciler.domain.data import FileFormat, FileSource, RowQuery
from reconciler.domain.survey import TICKS, ColumnSurvey, Kind, TableSurvey, Trivial
from reconciler.errors import ObserveError

_MOST_RECENT_VALUES = 100
_NEWEST = 0.2


def survey(file: Path, *, path: str, time_column: str, target: str, time_format: str | None = None) -> TableSurvey:
    """The survey of the file, which specs will name `path`.

    Raises ObserveError for a file that cannot be read, columns that are not there, and times that are none.
    """
    source = _source(file, time_column, target, time_format)
    names, unnamed, total = _shape(source)
    columns = tuple(name for name in names if name != time_column)
    query = RowQuery(source=source, time_column=time_column, columns=columns, start=None, end=None)
    rows = SourceData([file.parent]).read(query)
    rows = rows.with_columns(pl.col(name).fill_nan(None) for name in rows.columns if rows[name].dtype.is_float())
    labelled = rows.filter(pl.col(target).is_not_null())
    if labelled.is_empty():
        raise ObserveError(f"0 of {total} rows have both a time ({time_column}) and a value of {target}")
    written = replace(source, path=path)
    return TableSurvey(
        path=written.path,
        format=source.format,
        separator=source.separator,
        time_format=source.time_format,
        time_column=time_column,
        target=target,
        rows=rows.height,
        without_time=total - rows.height,
        duplicates=rows.height - rows.n_unique(),
        first=rows[time_column][0],
        last=rows[time_column][-1],
        ticks=tuple(labelled[time_column][round(i * (labelled.height - 1) / TICKS)] for i in range(TICKS + 1)),
        columns=_columns(rows, labelled, names, target),
        unnamed=unnamed,
        recent=_recent(labelled[target]),
        trivial=_trivial(labelled[target]),
    )


def _source(file: Path, time_column: str, target: str, time_format: str | None) -> FileSource:
    """How the file is to be read. The two columns are there, and are two."""
    form = format_of(file)
    source = FileSource(path=str(file), format=form)
    if form is FileFormat.CSV:
        source = replace(source, separator=separator_of(file))
    names = _scan(source).collect_schema().names()
    for role, name in (("time", time_column), ("target", target)):
        if name not in names:
            near = get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names[:20])}"
            raise ObserveError(f"{file} has no column {name!r} ({role}); {hint}")
    if time_column == target:
        raise ObserveError(f"column {target!r} cannot be both the event time and the target")
    if form is FileFormat.CSV:
        texts = _scan(source).select(pl.col(time_column)).collect(engine="streaming").to_series()
        source = replace(source, time_format=time_format or time_format_of(time_column, texts))
    return source


def _scan(source: FileSource) -> pl.LazyFrame:
    """The file as it is, without types in CSV. Raises ObserveError for what is no table."""
    try:
        if source.format is FileFormat.PARQUET:
            rows = pl.scan_parquet(source.path, glob=False)
        else:
            rows = scan_csv(Path(source.path), source.separator)
        rows.collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ObserveError(f"cannot read {source.path}: {str(error).splitlines()[0]}") from error
    return rows


def _shape(source: FileSource) -> tuple[list[str], int, int]:
    """Names of the columns that can be read and compared, how many have no name, and the number of rows."""
    rows = _scan(source)
    schema = rows.collect_schema()
    try:
        total = int(rows.select(pl.len()).collect(engine="streaming").item())
    except pl.exceptions.PolarsError as error:
        raise ObserveError(f"cannot read {source.path}: {str(error).splitlines()[0]}") from error
    named = [name for name in schema.names() if name]
    plain = [name for name in named if kind_of(schema[name]) is not Kind.OTHER]
    return plain, len(schema) - len(named), total


def _columns(rows: pl.DataFrame, labelled: pl.DataFrame, names: list[str], target: str) -> tuple[ColumnSurvey, ...]:
    """All columns in the order of the file."""
    same = copies(rows.select(names))
    label = labelled[target]
    found = []
    for name in names:
        about = column_survey(rows[name])
        tells = 0.0 if name == target else explains(labelled[name], label)
        found.append(replace(about, explains=tells, copy_of=same.get(name, "")))
    return tuple(found)


def _recent(label: pl.Series) -> tuple[tuple[str, int], ...]:
    """The target's values among the newest fifth, by their texts."""
    newest = texts_of(label.tail(max(1, round(label.len() * _NEWEST))))
    if newest.n_unique() > _MOST_RECENT_VALUES:
        return ()
    counted = newest.value_counts(name="rows").sort(newest.name)
    return tuple((str(text), int(count)) for text, count in counted.iter_rows())


def _trivial(label: pl.Series) -> Trivial | None:
    """What predicting one number costs on the newest fifth; None for a target that is no number, or not always."""
    if not label.dtype.is_numeric():
        return None
    values = label.cast(pl.Float64)
    values = values.filter(values.is_finite())
    newest = max(1, round(values.len() * _NEWEST))
    older, newer = values.head(values.len() - newest), values.tail(newest)
    if older.is_empty():
        return None
    mean, median = as_float(older.mean()), as_float(older.median())
    recent = as_float(older.tail(max(1, older.len() // 4)).mean())
    return Trivial(
        mae_of_median=as_float((newer - median).abs().mean()),
        mae_of_mean=as_float((newer - mean).abs().mean()),
        mae_of_recent_mean=as_float((newer - recent).abs().mean()),
    )
