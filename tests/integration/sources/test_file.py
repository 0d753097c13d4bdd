"""What goes wrong with files, and what is not read of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import fsspec
import polars as pl
import pytest

from reconciler.adapters.sources import SourceData
from reconciler.domain.data import FileFormat, FileSource, RowQuery
from reconciler.errors import ObserveError

START = datetime(2013, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def read(root: Path, path: str, *columns: str, days: tuple[int, int] | None = None, text: tuple[str, ...] = ()) -> pl.DataFrame:
    start, end = (START + days[0] * DAY, START + days[1] * DAY) if days else (None, None)
    source = FileSource(path=path, format=FileFormat(path.rsplit(".", 1)[1]))
    return SourceData([root]).read(RowQuery(source=source, time_column="t", columns=columns, start=start, end=end, text=text))


def refused(root: Path, content: str) -> str:
    (root / "x.csv").write_text(content)
    with pytest.raises(ObserveError) as caught:
        read(root, "x.csv", "a")
    return caught.value.message


def test_a_bad_time_is_named_with_value_column_file_and_row(tmp_path: Path) -> None:
    said = refused(tmp_path, "t,a\n2013-01-01,1\n01/02/2013,2\n13/02/2013,3\n")

    assert said.startswith(f"{tmp_path}/x.csv, row 2: column t holds '01/02/2013', which is no time (2 such rows)")


def test_a_row_without_a_time_lies_in_no_range(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("t,a\n,1\n2013-01-01,2\n")

    assert read(tmp_path, "x.csv", "a")["a"].to_list() == [2]


def test_an_empty_file_and_a_ragged_one_are_refused(tmp_path: Path) -> None:
    assert "is empty: it has not even a header" in refused(tmp_path, "")
    assert "cannot read" in refused(tmp_path, "t,a\n2013-01-01,1,2,3\n")
    assert "there are: t, b" in refused(tmp_path, "t,b\n2013-01-01,1\n")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"t,a\n2013-01-01,\xff\xfe\n")
    with pytest.raises(ObserveError, match=r"cannot read .*x\.csv as CSV"):
        read(tmp_path, "x.csv", "a")


def test_a_file_of_only_a_header_has_no_rows(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("t,a\n")

    assert read(tmp_path, "x.csv", "a").shape == (0, 2)


def test_files_of_a_glob_may_order_their_columns_differently(tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text("t,a,b\n2013-01-01,1,x\n")
    (tmp_path / "2.csv").write_text("b,t,a\ny,2013-01-02,2\n")

    assert read(tmp_path, "*.csv", "a", "b").rows() == [(START, 1, "x"), (START + DAY, 2, "y")]


def test_a_category_keeps_its_zeros_even_in_a_week_of_plain_numbers(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("t,a\n2013-01-01,10\n2013-01-02,007\n")

    assert read(tmp_path, "x.csv", "a", days=(0, 1), text=("a",))["a"].to_list() == ["10"]


def test_parquet_row_groups_outside_of_the_range_are_not_read(tmp_path: Path) -> None:
    rows = pl.DataFrame({"t": [START + i * DAY for i in range(100)], "a": [f"value-{i:03}" for i in range(100)]})
    rows.write_parquet(tmp_path / "x.parquet", row_group_size=10, compression="uncompressed")
    content = (tmp_path / "x.parquet").read_bytes()
    assert content.count(b"value-055") >= 1
    broken = content.replace(b"value-055", b"\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff")
    (tmp_path / "x.parquet").write_bytes(broken)

    assert read(tmp_path, "x.parquet", "a", days=(20, 22))["a"].to_list() == ["value-020", "value-021"]
    with pytest.raises(ObserveError, match=r"cannot read .*x\.parquet as Parquet"):
        read(tmp_path, "x.parquet", "a", days=(50, 60))


def test_a_hive_partition_is_a_column(tmp_path: Path) -> None:
    for year in (2013, 2014):
        (tmp_path / f"year={year}").mkdir()
        pl.DataFrame({"t": [START.replace(year=year)]}).write_parquet(tmp_path / f"year={year}/x.parquet")

    assert read(tmp_path, "year=*/x.parquet", "year")["year"].to_list() == [2013, 2014]


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_text("t,a\n")
    with pytest.raises(ObserveError, match="as Parquet"):
        read(tmp_path, "x.parquet", "a")


def test_any_file_system_of_fsspec_will_do(tmp_path: Path) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe("/data/x.csv", b"t,a\n2013-01-01,1\n")
    pl.DataFrame({"t": [START], "a": [1]}).write_parquet(tmp_path / "x.parquet")
    memory.pipe("/data/x.parquet", (tmp_path / "x.parquet").read_bytes())

    assert read(tmp_path, "memory://data/*.csv", "a").rows() == [(START, 1)]
    assert read(tmp_path, "memory://data/x.parquet", "a").rows() == [(START, 1)]
    with pytest.raises(ObserveError, match=r"no file at memory://data/gone\.csv"):
        read(tmp_path, "memory://data/gone.csv", "a")


def test_a_url_that_cannot_be_read_says_so_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(ObserveError, match=r"nosuch://\*\*\*@host/x\.csv") as caught:
        read(tmp_path, "nosuch://me:word@host/x.csv", "a")
    assert "word" not in str(caught.value)
