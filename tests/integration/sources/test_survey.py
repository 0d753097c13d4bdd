"""One reading of a table: the numbers are those that a person would count, and what cannot be read is said in one sentence."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from reconciler.adapters.sources.survey import survey
from reconciler.domain.data import FileFormat
from reconciler.domain.survey import TICKS, Kind, TableSurvey
from reconciler.errors import ObserveError
from tests.tables import ROWS, TABLES, usual, with_gaps, written

FIRST = datetime(2022, 1, 1, tzinfo=UTC)


def surveyed(path: Path, **changes: str | None) -> TableSurvey:
    arguments = {"path": "data/x.csv", "time_column": "t", "target": "y", **changes}
    return survey(path, **arguments)  # type: ignore[arg-type]


def refused(path: Path, **changes: str) -> str:
    with pytest.raises(ObserveError) as caught:
        surveyed(path, **changes)
    assert "\n" not in caught.value.message
    return caught.value.message


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_comes_in_any_way_is_counted(tmp_path: Path, name: str) -> None:
    seen = surveyed(written(TABLES[name](), tmp_path / "x.csv"))

    assert seen.rows + seen.without_time == ROWS
    assert {column.present + column.missing for column in seen.columns} == {seen.rows}
    assert all(sum(count for _, count in column.values) == column.present for column in seen.columns if column.complete)
    assert list(seen.ticks) == sorted(seen.ticks)
    assert (len(seen.ticks), seen.first <= seen.ticks[0], seen.ticks[-1] <= seen.last) == (TICKS + 1, True, True)
    assert (seen.path, seen.target, seen.time_column) == ("data/x.csv", "y", "t")
    assert all(0 <= column.explains <= 1.000001 for column in seen.columns)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_the_format_changes_nothing_but_the_format(tmp_path: Path, ending: str) -> None:
    seen = surveyed(written(usual(), tmp_path / f"x.{ending}"))

    assert seen.format is FileFormat(ending)
    assert (seen.first, seen.last) == (FIRST, FIRST + timedelta(hours=12 * (ROWS - 1)))
    assert [column.kind for column in seen.columns] == [Kind.TIME, Kind.NUMBER, Kind.TEXT, Kind.TEXT]
    assert [column.name for column in seen.columns] == ["t", "size", "colour", "y"]
    assert {value for value, _ in seen.column("colour").values} == {"red", "blue", "green"}
    assert seen.span == seen.last - seen.first


def test_rows_without_a_time_or_twice_are_counted(tmp_path: Path) -> None:
    columns = {name: list(values) for name, values in usual().items()}
    columns["t"][:5] = [""] * 5
    for values in columns.values():
        values.extend(values[-3:])
    seen = surveyed(written(columns, tmp_path / "x.csv"))

    assert (seen.rows, seen.without_time, seen.duplicates) == (ROWS - 2, 5, 3)


def test_gaps_are_counted_in_all_rows_and_in_the_newer_half(tmp_path: Path) -> None:
    columns = with_gaps(usual())
    columns["t"] = usual()["t"]
    seen = surveyed(written(columns, tmp_path / "x.csv"))

    for name in ("size", "colour"):
        assert seen.column(name).missing == sum(value is None for value in columns[name])
        assert seen.column(name).late_missing == sum(value is None for value in columns[name][ROWS // 2 :])


@pytest.mark.parametrize(
    ("form", "separator", "told"),
    [("%d/%m/%Y %H:%M", ";", "%d/%m/%Y %H:%M"), ("%Y-%m-%d %H:%M:%S", "\t", None), ("%d.%m.%Y %H:%M", "|", "%d.%m.%Y %H:%M")],
)
def test_separator_and_form_of_times_are_found(tmp_path: Path, form: str, separator: str, told: str | None) -> None:
    times = [(FIRST + timedelta(hours=12 * i)).strftime(form) for i in range(ROWS)]
    seen = surveyed(written(usual(t=times), tmp_path / "x.csv", separator=separator))

    assert (seen.separator, seen.time_format, seen.first) == (separator, told, FIRST)


def test_the_form_that_a_person_gives_wins(tmp_path: Path) -> None:
    times = [f"{1 + i % 9:02}/{1 + i % 12:02}/2022" for i in range(ROWS)]
    path = written(usual(t=times), tmp_path / "x.csv")

    assert "can be read as %d/%m/%Y and as %m/%d/%Y" in refused(path)
    assert surveyed(path, time_format="%d/%m/%Y").last.month == 12
    assert surveyed(path, time_format="%m/%d/%Y").last.month == 9


def test_a_copy_and_a_teller_of_the_target_are_seen(tmp_path: Path) -> None:
    base = usual()
    base |= {"again": base["size"], "told": ["won" if value == "yes" else "lost" for value in base["y"]]}
    seen = surveyed(written(base, tmp_path / "x.csv"))

    assert seen.column("again").copy_of == "size"
    assert seen.column("told").explains == pytest.approx(1)
    assert seen.column("colour").explains < 0.5
    assert seen.column("y").explains == 0


def test_only_rows_with_a_label_count_for_the_cuts_and_the_recent(tmp_path: Path) -> None:
    target = [value if i < ROWS // 2 else None for i, value in enumerate(usual()["y"])]
    seen = surveyed(written(usual(y=target), tmp_path / "x.csv"))

    assert seen.ticks[-1] == FIRST + timedelta(hours=12 * (ROWS // 2 - 1))
    assert sum(count for _, count in seen.recent) == round(ROWS // 2 * 0.2)
    assert seen.last > seen.ticks[-1]


def test_what_one_number_would_cost(tmp_path: Path) -> None:
    steps = [10.0 if i < ROWS * 0.8 else 30.0 for i in range(ROWS)]
    trivial = surveyed(written(usual(y=steps), tmp_path / "x.csv")).trivial

    assert trivial is not None
    assert (trivial.mae_of_mean, trivial.mae_of_median, trivial.mae_of_recent_mean) == (20, 20, 20)
    assert surveyed(written(usual(), tmp_path / "y.csv")).trivial is None


def test_columns_that_cannot_be_features_and_those_without_a_name_are_left_out(tmp_path: Path) -> None:
    table = pl.DataFrame(usual(), strict=False).with_columns(lists=pl.concat_list("size", "size"), raw=pl.lit(b"x"))
    table = table.with_columns(pl.col("size").alias(""))
    table.write_parquet(tmp_path / "x.parquet")
    seen = surveyed(tmp_path / "x.parquet")

    assert [column.name for column in seen.columns] == ["t", "size", "colour", "y"]
    assert seen.unnamed == 1


@pytest.mark.parametrize(
    ("content", "changes", "said"),
    [
        ("", {}, "is empty: it has 0 bytes"),
        ("t,y\n", {}, "0 of 0 rows have both a time (t) and a value of y"),
        ("t,y\n2022-01-01,\n", {}, "0 of 1 rows have both"),
        ("t,y\n,1\n", {}, "0 of 1 rows have both"),
        ("t,z\n2022-01-01,1\n", {}, "has no column 'y' (target); did you mean"),
        ("x,y\n2022-01-01,1\n", {}, "has no column 't' (time)"),
        ("t,y\n2022-01-01,1\n", {"target": "t"}, "column 't' cannot be both the event time and the target"),
        ("t,y\nsoon,1\n", {}, "column t holds 'soon', which is no time"),
        ("t,y\n2022-01-01,1,2,3\n", {}, "cannot read"),
        ("t,y\n2022-01-01,\udcff\n", {}, "line 2: byte 0xff is not UTF-8"),
        ("t,y\n2022-01-01,\0\n", {}, "line 2: holds a zero byte"),
    ],
    ids=[
        "nothing",
        "only a header",
        "no label",
        "no time",
        "no such target",
        "no such time",
        "one column for both",
        "no times",
        "ragged",
        "not UTF-8",
        "a zero byte",
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(tmp_path: Path, content: str, changes: dict[str, str], said: str) -> None:
    (tmp_path / "x.csv").write_bytes(content.encode(errors="surrogateescape"))
    message = refused(tmp_path / "x.csv", **changes)

    assert said.removesuffix(" did you mean") in message


@pytest.mark.parametrize(
    ("name", "said"), [("gone.csv", "there is no file"), ("x.xlsx", "ends in none of"), ("x.parquet", "cannot read")]
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, said: str) -> None:
    if name != "gone.csv":
        (tmp_path / name).write_bytes(b"PAR1 but nothing else")

    assert said in refused(tmp_path / name)


def test_a_cut_archive_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(("t,y\n" + "2022-01-01,1\n" * 5000).encode())
    for content in (packed[:-30], packed[:30] + bytes(40) + packed[70:], b"no archive"):
        (tmp_path / "x.csv.gz").write_bytes(content)
        assert "cannot read" in refused(tmp_path / "x.csv.gz")
