"""Columns of sources that change, or that cannot be read."""

from pathlib import Path

import polars as pl
import pytest

from reconciler.adapters.sources.schemas import SourceSchemas
from reconciler.domain.data import FileFormat, FileSource, PythonSource, Source, SqlSource
from reconciler.errors import ObserveError

CSV, PARQUET = FileFormat.CSV, FileFormat.PARQUET


@pytest.mark.parametrize("format", [CSV, PARQUET])
def test_of_several_files_the_last_by_name_counts(tmp_path: Path, format: FileFormat) -> None:
    frames = {"2013-03-01": pl.DataFrame({"a": [1], "b": [2]}), "2013-03-02": pl.DataFrame({"a": ["x"], "c": [0.5]})}
    for name, rows in frames.items():
        (rows.write_csv if format is CSV else rows.write_parquet)(tmp_path / f"{name}.{format}")  # type: ignore[operator]

    found = SourceSchemas([tmp_path]).columns(FileSource(path=f"*.{format}", format=format))
    assert found == {"a": "String", "c": "Float64"}


def test_of_a_growing_csv_file_the_last_rows_count(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n" + "1,x\n" * 5_000 + "1.5,7\n" * 1_000)

    assert SourceSchemas([tmp_path]).columns(FileSource(path="a.csv", format=CSV)) == {"a": "Float64", "b": "Int64"}


def test_a_header_without_rows_has_columns_of_no_type(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b\n")

    assert SourceSchemas([tmp_path]).columns(FileSource(path="a.csv", format=CSV)) == {"a": "Null", "b": "Null"}


def test_the_key_of_a_partition_is_a_column(tmp_path: Path) -> None:
    (tmp_path / "day=2013-03-01").mkdir()
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "day=2013-03-01/x.parquet")
    found = SourceSchemas([tmp_path]).columns(FileSource(path="*/*.parquet", format=PARQUET))

    assert list(found) == ["a", "day"]


def test_no_rows_of_parquet_are_read(tmp_path: Path) -> None:
    pl.DataFrame({"a": range(100_000)}).write_parquet(tmp_path / "a.parquet")
    content = bytearray((tmp_path / "a.parquet").read_bytes())
    content[4:10_000] = bytes(9_996)
    (tmp_path / "a.parquet").write_bytes(content)

    assert SourceSchemas([tmp_path]).columns(FileSource(path="a.parquet", format=PARQUET)) == {"a": "Int64"}


BROKEN: dict[str, tuple[Source, str]] = {
    "empty": (FileSource(path="empty.csv", format=CSV), "empty.csv is empty: it has not even a header"),
    "no parquet": (FileSource(path="text.csv", format=PARQUET), "cannot read the columns of text.csv"),
    "no url": (FileSource(path="s3x://bucket/a.csv", format=CSV), "s3x://bucket/a.csv"),
    "gone": (SqlSource(url="sqlite:///gone.db", query="t"), "there is no file at gone.db"),
    "no table": (SqlSource(url="sqlite:///a.db", query="nowhere"), "cannot read sqlite:///a.db: no such table: nowhere"),
    "no function": (PythonSource(function="code:rows"), "cannot tell columns of a python source: .* no function rows_columns"),
    "raises": (PythonSource(function="code:bad"), r"code.py:2: bad_columns failed: ZeroDivisionError"),
    "no mapping": (PythonSource(function="code:odd"), "odd_columns returned list, not a mapping of columns"),
}
CODE = """def bad_columns():
    return 1 / 0

def odd_columns():
    return ["a"]
"""


@pytest.mark.parametrize(("source", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_what_has_no_columns_is_an_error(tmp_path: Path, source: Source, message: str) -> None:
    (tmp_path / "empty.csv").touch()
    (tmp_path / "a.db").touch()
    (tmp_path / "text.csv").write_text("a,b\n1,2\n")
    (tmp_path / "code.py").write_text(CODE)
    with pytest.raises(ObserveError, match=message):
        SourceSchemas([tmp_path]).columns(source)
