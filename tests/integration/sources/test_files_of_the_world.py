"""CSV and Parquet files as they come: byte order marks, line ends, quotes, gaps, infinities, repeated names, odd addresses."""

import gzip
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from reconciler.adapters.sources import SourceData
from reconciler.domain.data import FileFormat, FileSource, RowQuery
from reconciler.errors import ObserveError
from tests.unprivileged import as_nobody

START = datetime(2013, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def read(root: Path, path: str, *columns: str, **changes: object) -> pl.DataFrame:
    form = FileFormat.PARQUET if path.endswith("parquet") else FileFormat.CSV
    source = FileSource(**{"path": path, "format": form, **changes})  # type: ignore[arg-type]
    asked = RowQuery(source=source, time_column="t", columns=columns or ("a",), start=None, end=None)
    return SourceData([root]).read(asked)


@pytest.mark.parametrize(
    ("content", "values"),
    [
        ("t,a\n2013-01-01,x\n", ["x"]),
        ("\ufefft,a\n2013-01-01,x\n", ["x"]),
        ("t,a\r\n2013-01-01,x\r\n", ["x"]),
        ("t,a\n2013-01-01,x", ["x"]),
        ('t,a\n2013-01-01,"x\ny, ""z"""\n', ['x\ny, "z"']),
        ('"t","a"\n"2013-01-01","x"\n', ["x"]),
        ("t,a\n2013-01-01,\n2013-01-02,x\n", [None, "x"]),
        ("t,a,a\n2013-01-01,x,y\n", ["x"]),
        ("a,b,t\nx,1,2013-01-01\n", ["x"]),
        ("t,a\n2013-01-01, x \n", [" x "]),
        ("t,a\n2013-01-01,列 🙂\n", ["列 🙂"]),
        ("t,a\n2013-01-01,=cmd|' /C calc'!A0\n", ["=cmd|' /C calc'!A0"]),
    ],
    ids=[
        "plain",
        "byte order mark",
        "line ends of Windows",
        "no last line end",
        "quotes",
        "all quoted",
        "a gap",
        "a name twice: the first",
        "time last",
        "blanks are kept",
        "letters of the world",
        "a formula is text",
    ],
)
def test_texts_come_as_they_are_written(tmp_path: Path, content: str, values: list[str | None]) -> None:
    (tmp_path / "x.csv").write_text(content, newline="")

    assert read(tmp_path, "x.csv")["a"].to_list() == values


@pytest.mark.parametrize(
    ("written", "values"),
    [
        (["1", "2"], [1, 2]),
        (["1.5", "inf", "-inf"], [1.5, math.inf, -math.inf]),
        (["1.5", "NaN", "NA", ""], [1.5, None, None, None]),
        (["9223372036854775807", "-9223372036854775808"], [2**63 - 1, -(2**63)]),
        (["9223372036854775808"], ["9223372036854775808"]),
        (["1e3", "-2E-2"], [1000.0, -0.02]),
        (["1,5", "2"], ["1,5", "2"]),
        (["0x10"], ["0x10"]),
        (["1_000"], ["1_000"]),
        (["TRUE", "false"], [True, False]),
        (["yes", "no"], ["yes", "no"]),
        (["+1", "-0"], [1, 0]),
        (["0", "00"], ["0", "00"]),
        (["0.5", "00.5"], ["0.5", "00.5"]),
    ],
    ids=[
        "integers",
        "infinities",
        "gaps",
        "the widest integers",
        "a wider one",
        "exponents",
        "decimal commas",
        "hexadecimal",
        "underscores",
        "truth",
        "words",
        "signs",
        "leading zeros",
        "leading zeros of numbers",
    ],
)
def test_types_lose_nothing_of_what_is_written(tmp_path: Path, written: list[str], values: list[object]) -> None:
    lines = [f'2013-01-0{day},"{text}"' for day, text in enumerate(written, start=1)]
    (tmp_path / "x.csv").write_text("\n".join(["t,a", *lines]))

    assert read(tmp_path, "x.csv")["a"].to_list() == values


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_sources(tmp_path: Path, separator: str) -> None:
    (tmp_path / "x.csv").write_text(f"t{separator}a\n2013-01-01{separator}5\n")

    assert read(tmp_path, "x.csv", separator=separator).rows() == [(START, 5)]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("%d/%m/%Y", "01/02/2013"),
        ("%d.%m.%Y %H:%M", "01.02.2013 00:00"),
        ("%b %d, %Y", "Feb 01, 2013"),
        ("%Y%m%d%H%M", "201302010000"),
    ],
)
def test_times_of_a_form_of_their_own(tmp_path: Path, form: str, text: str) -> None:
    (tmp_path / "x.csv").write_text(f't,a\n"{text}",1\n')

    assert read(tmp_path, "x.csv", time_format=form)["t"].to_list() == [datetime(2013, 2, 1, tzinfo=UTC)]


def test_a_time_that_does_not_fit_the_form_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("t,a\n01/02/2013,1\n2013-02-01,2\n")
    with pytest.raises(ObserveError, match=r"row 2: column t holds '2013-02-01', which is no time \(1 such rows\)"):
        read(tmp_path, "x.csv", time_format="%d/%m/%Y")


def test_a_compressed_file_is_read_and_a_spoilt_one_refused(tmp_path: Path) -> None:
    packed = gzip.compress(b"t,a\n" + b"".join(b"2013-01-01,%d\n" % i for i in range(5000)))
    (tmp_path / "x.csv.gz").write_bytes(packed)
    assert read(tmp_path, "x.csv.gz").height == 5000
    for spoilt in (packed[: len(packed) // 2], packed[:400] + bytes(20) + packed[420:], b"\x1f\x8b" + bytes(50)):
        (tmp_path / "x.csv.gz").write_bytes(spoilt)
        with pytest.raises(ObserveError, match=r"cannot read .*x\.csv\.gz as CSV|holds .*, which is no time"):
            read(tmp_path, "x.csv.gz")


@pytest.mark.parametrize("name", ["a b.csv", "ünï.csv", "[1].csv", "#x.csv", "-x.csv", "x;y.csv", "$(id).csv"])
def test_files_of_any_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("t,a\n2013-01-01,1\n")

    assert read(tmp_path, name)["a"].to_list() == [1]


def test_a_file_without_rights_is_an_error() -> None:
    with as_nobody() as root:
        (root / "x.csv").write_text("t,a\n")
        (root / "x.csv").chmod(0)
        with pytest.raises(ObserveError, match=r"cannot read .*x\.csv as CSV"):
            read(root, "x.csv")


def test_equal_times_come_in_the_same_order_whatever_the_order_of_the_files(tmp_path: Path) -> None:
    lines = [f"2013-01-01,{value}\n" for value in (3, 1, 2)]
    for name, order in (("a", lines), ("b", lines[::-1])):
        (tmp_path / f"{name}.csv").write_text("t,a\n" + "".join(order))

    assert read(tmp_path, "a.csv").equals(read(tmp_path, "b.csv"))


@pytest.mark.parametrize(
    "column",
    [
        pl.Series([1, None, 3], dtype=pl.Int8),
        pl.Series([1.5, None, math.nan]),
        pl.Series(["a", None, "b"], dtype=pl.Categorical),
        pl.Series([True, None, False]),
        pl.Series([None, None, None], dtype=pl.String),
    ],
    ids=["small integers", "NaN and null", "categories", "truth", "only gaps"],
)
def test_parquet_keeps_its_types_and_gaps(tmp_path: Path, column: pl.Series) -> None:
    times = pl.Series([START + i * DAY for i in range(3)])
    pl.DataFrame({"t": times, "a": column}).write_parquet(tmp_path / "x.parquet")
    found = read(tmp_path, "x.parquet")["a"]

    assert found.cast(pl.String).to_list() == column.cast(pl.String).to_list()
    assert found.null_count() == column.null_count()


def test_parquet_files_of_a_glob_may_have_more_columns_than_asked(tmp_path: Path) -> None:
    pl.DataFrame({"t": [START], "a": [1]}).write_parquet(tmp_path / "1.parquet")
    pl.DataFrame({"t": [START + DAY], "a": [2], "more": ["x"]}).write_parquet(tmp_path / "2.parquet")

    assert read(tmp_path, "*.parquet")["a"].to_list() == [1, 2]


def test_parquet_text_that_is_no_time_is_named(tmp_path: Path) -> None:
    pl.DataFrame({"t": ["2013-01-01", "soon"], "a": [1, 2]}).write_parquet(tmp_path / "x.parquet")
    with pytest.raises(ObserveError, match=r"x\.parquet: column t holds 'soon', which is no time \(1 such rows\)"):
        read(tmp_path, "x.parquet")
