"""Used by the survey: how a file is written, told from its name and its bytes: format, encoding, separator, form of its times."""

import csv
import gzip
import itertools
import zlib
from pathlib import Path
from typing import IO

import polars as pl

from reconciler.adapters.sources import times
from reconciler.domain.data import FileFormat
from reconciler.errors import ObserveError

SEPARATORS = (",", ";", "\t", "|")
DATES = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%y", "%m/%d/%y", "%d %b %Y", "%d-%b-%Y", "%b %d, %Y")
CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S%.f", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S", ", %H:%M", ", %H:%M:%S")
_LINES = 200
_ENDINGS = {
    ".csv": FileFormat.CSV,
    ".csv.gz": FileFormat.CSV,
    ".tsv": FileFormat.CSV,
    ".tsv.gz": FileFormat.CSV,
    ".parquet": FileFormat.PARQUET,
    ".pq": FileFormat.PARQUET,
}


def format_of(path: Path) -> FileFormat:
    """The format that the name's ending says. Raises ObserveError for a file that is not there, is empty, or ends otherwise."""
    if not path.is_file():
        raise ObserveError(f"there is no file {path}")
    if path.stat().st_size == 0:
        raise ObserveError(f"{path} is empty: it has 0 bytes")
    for ending, form in _ENDINGS.items():
        if path.name.lower().endswith(ending):
            return form
    raise ObserveError(f"{path.name} ends in none of {', '.join(_ENDINGS)}", help="export the table as CSV or Parquet")


def separator_of(path: Path) -> str:
    """What stands between the fields: of the candidates in the header the one that cuts most lines into as many columns.

    Raises ObserveError for a file that is not UTF-8 text.
    """
    require_utf8(path)
    with _opened(path) as raw:
        lines = [line.decode("utf-8-sig", errors="replace") for line in itertools.islice(raw, _LINES)]
    return max(SEPARATORS, key=lambda separator: _fit(lines, separator))


def require_utf8(path: Path) -> None:
    """Raises ObserveError with the line of the first byte that no UTF-8 text has."""
    number = 0
    try:
        with _opened(path) as raw:
            for number, line in enumerate(raw, start=1):
                line.decode()
                if b"\0" in line:
                    raise ObserveError(f"{path}, line {number}: holds a zero byte, so it is no CSV text")
    except UnicodeDecodeError as error:
        byte = error.object[error.start]
        raise ObserveError(
            f"{path}, line {number}: byte 0x{byte:02x} is not UTF-8",
            help=f"iconv -f WINDOWS-1252 -t UTF-8 {path} > {path.with_name('utf8-' + path.name)}",
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        raise ObserveError(f"cannot read {path}: {error}") from error


def time_format_of(column: str, texts: pl.Series) -> str | None:
    """None when all texts are times as they are written everywhere, else the one strptime form that fits them all.

    None too when no form fits: the reading then names the first value that is no time. Raises ObserveError when two forms
    fit and say different times.
    """
    present = texts.drop_nulls().str.strip_chars()
    present = present.filter(present != "").unique()
    if _fits(present, None):
        return None
    first = present.head(1)
    forms = [date + clock for date in DATES for clock in CLOCKS if _fits(first, date + clock)]
    fitting = [form for form in forms if _fits(present, form)]
    readings = {form: _read(present, form) for form in fitting}
    for form in fitting[1:]:
        if not readings[form].equals(readings[fitting[0]]):
            raise ObserveError(
                f"column {column} can be read as {fitting[0]} and as {form}: {present.sort()[0]!r} does not tell",
                help=f"say which: --time-format '{fitting[0]}'",
            )
    return fitting[0] if fitting else None


def _read(texts: pl.Series, form: str | None) -> pl.Series:
    return pl.select(times.parsed(pl.lit(texts), form)).to_series()


def _fits(texts: pl.Series, form: str | None) -> bool:
    return _read(texts, form).null_count() == 0


def _fit(lines: list[str], separator: str) -> tuple[float, int]:
    """Share of the lines with as many fields as the header, and that number; nothing for a header of one field."""
    try:
        widths = [len(fields) for fields in csv.reader(lines, delimiter=separator) if fields]
    except csv.Error:
        return 0.0, 0
    if not widths or widths[0] < 2:
        return 0.0, 0
    return widths.count(widths[0]) / len(widths), widths[0]


def _opened(path: Path) -> IO[bytes] | gzip.GzipFile:
    if path.name.lower().endswith(".gz"):
        return gzip.open(path, "rb")
    return path.open("rb")
