import gzip
from pathlib import Path

import polars as pl
import pytest

from reconciler.adapters.sources.sniffed import format_of, separator_of, time_format_of
from reconciler.domain.data import FileFormat
from reconciler.errors import ObserveError


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n", ";"),
        ("a\tb\n1\t2\n", "\t"),
        ("a|b|c\n1|2,3|4\n", "|"),
        ('a,b\n"x;y\nz;w",2\n', ","),
        ("a\n1\n", ","),
        ("a,b;c\n1,2;3\n4,5\n", ","),
    ],
)
def test_the_separator_is_the_one_that_most_lines_agree_on(tmp_path: Path, text: str, separator: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())

    assert separator_of(path) == separator


def test_a_compressed_file_is_looked_into(tmp_path: Path) -> None:
    path = tmp_path / "table.csv.gz"
    path.write_bytes(gzip.compress(b"a;b\n1;2\n"))

    assert separator_of(path) == ";"
    path.write_bytes(b"a;b\n1;2\n")
    with pytest.raises(ObserveError, match="cannot read"):
        separator_of(path)


@pytest.mark.parametrize(
    ("name", "form"),
    [("x.csv", FileFormat.CSV), ("x.CSV.gz", FileFormat.CSV), ("x.tsv", FileFormat.CSV), ("x.parquet", FileFormat.PARQUET)],
)
def test_the_format_is_in_the_name(tmp_path: Path, name: str, form: FileFormat) -> None:
    (tmp_path / name).write_bytes(b"x")

    assert format_of(tmp_path / name) is form


@pytest.mark.parametrize(
    ("texts", "form"),
    [
        (["2022-01-01", "2022-12-31T10:11:12Z", None, ""], None),
        (["1640995200"], None),
        (["31/12/2021", "01/02/2022"], "%d/%m/%Y"),
        (["12/31/2021 01:30 PM"], "%m/%d/%Y %I:%M %p"),
        (["31.12.2021 23:59:59"], "%d.%m.%Y %H:%M:%S"),
        (["01-Feb-2022"], "%d-%b-%Y"),
        (["soon", "later"], None),
        (["05/05/2022", "06/06/2022"], "%d/%m/%Y"),
    ],
)
def test_the_form_of_times_is_the_one_that_fits_them_all(texts: list[str | None], form: str | None) -> None:
    assert time_format_of("t", pl.Series(texts, dtype=pl.String)) == form


def test_times_that_can_be_read_in_two_ways_are_asked_about() -> None:
    with pytest.raises(ObserveError, match="'01/02/2022' does not tell") as refused:
        time_format_of("t", pl.Series(["01/02/2022"]))

    assert refused.value.help == "say which: --time-format '%d/%m/%Y'"
