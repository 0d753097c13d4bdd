"""Logs on a disk: what an append leaves, twice, killed or at once with others; and files that nobody should have put there."""

import multiprocessing
import time
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import polars as pl
import pytest

from reconciler.adapters.logs import ParquetLogs
from reconciler.adapters.logs.append import Appended, LabelLog, PredictionLog
from reconciler.adapters.logs.rows import UnfitRowsError
from reconciler.errors import ObserveError, ReconcilerError, TransientActError

START = datetime(2013, 3, 1, tzinfo=UTC)
END = START + timedelta(days=100)
HOUR = timedelta(hours=1)


def predictions(count: int, first: int = 0) -> pl.DataFrame:
    numbers = range(first, first + count)
    ids, times = [f"r{i}" for i in numbers], [START + i * HOUR for i in numbers]
    return pl.DataFrame({"id": ids, "time": times, "digest": ["sha256:a"] * count, "prediction": [i / 7 for i in numbers]})


def labels(value: float, known: datetime = START) -> pl.DataFrame:
    return pl.DataFrame({"id": ["a"], "label": [value], "known": [known]})


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_each_day_has_a_folder_and_each_append_a_file(tmp_path: Path) -> None:
    assert PredictionLog(str(tmp_path)).append("alpha", predictions(48)) == Appended(rows=48, files=2, present=0)
    LabelLog(str(tmp_path)).append("alpha", labels(1, START + 24 * HOUR))
    parts = [name.rsplit("/", 1) for name in files(tmp_path)]

    assert [folder for folder, _ in parts] == [
        "alpha/labels/day=2013-03-02",
        "alpha/predictions/day=2013-03-01",
        "alpha/predictions/day=2013-03-02",
    ]
    assert all(len(name) == 32 + len(".parquet") for _, name in parts)


def test_the_same_rows_again_are_the_same_files(tmp_path: Path) -> None:
    log, rows = PredictionLog(str(tmp_path)), predictions(48)
    log.append("alpha", rows)
    before = files(tmp_path)

    assert log.append("alpha", rows.reverse()) == Appended(rows=48, files=2, present=2)
    assert files(tmp_path) == before


def test_no_rows_leave_nothing(tmp_path: Path) -> None:
    assert PredictionLog(str(tmp_path)).append("alpha", predictions(0)) == Appended(rows=0, files=0, present=0)
    assert files(tmp_path) == []


def test_an_id_that_comes_twice_in_one_frame_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnfitRowsError, match=r"1 of 4 ids come again, such as 'r2'"):
        PredictionLog(str(tmp_path)).append("alpha", pl.concat([predictions(3), predictions(1, 2)]))
    assert files(tmp_path) == []


@pytest.mark.parametrize("model", ["..", "../alpha", "a/b", "", "A", "alpha\0", "day=2013-03-01"])
def test_what_is_no_name_of_a_model_has_no_log(tmp_path: Path, model: str) -> None:
    with pytest.raises(ReconcilerError, match="is no name of a model"):
        PredictionLog(str(tmp_path / "logs")).append(model, predictions(1))
    with pytest.raises(ReconcilerError, match="is no name of a model"):
        ParquetLogs(str(tmp_path / "logs")).labels(model, START, END)
    assert files(tmp_path) == []


def test_labels_of_the_same_time_are_settled_the_same_way_whatever_the_order(tmp_path: Path) -> None:
    winners = set()
    for number, order in enumerate(permutations([1, 2, 3])):
        for value in order:
            LabelLog(str(tmp_path / str(number))).append("alpha", labels(value))
        winners.add(ParquetLogs(str(tmp_path / str(number))).labels("alpha", START, END)["label"].item())

    assert len(winners) == 1


def append_until_killed(folder: str) -> None:
    for number in range(1_000_000):
        PredictionLog(folder).append("alpha", predictions(500, 500 * number))


@pytest.mark.parametrize("after", [0.0, 0.011, 0.023])
def test_an_append_that_is_killed_leaves_nothing_that_is_read(tmp_path: Path, after: float) -> None:
    writer = multiprocessing.get_context("spawn").Process(target=append_until_killed, args=(str(tmp_path),))
    writer.start()
    while not files(tmp_path):
        time.sleep(0.001)
    time.sleep(after)
    writer.kill()
    writer.join()
    PredictionLog(str(tmp_path)).append("alpha", predictions(500))
    found = ParquetLogs(str(tmp_path)).predictions("alpha", START, START + 10_000_000 * HOUR)

    assert found.head(500).select("id", "prediction").equals(predictions(500).select("id", "prediction"))
    assert found["id"].n_unique() == found.height


def append_many(folder: str, own: int) -> None:
    for number in range(10):
        PredictionLog(folder).append("alpha", predictions(24, 24 * 10 * own + 24 * number))
        PredictionLog(folder).append("alpha", predictions(24, 9_000))


def test_appends_at_once_all_land(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        pool.starmap(append_many, [(str(tmp_path), own) for own in range(4)])
    found = ParquetLogs(str(tmp_path)).predictions("alpha", START, START + 20_000 * HOUR)

    assert found["id"].to_list() == [f"r{i}" for i in [*range(24 * 40), *range(9_000, 9_024)]]
    assert len(files(tmp_path)) == 41


def test_other_days_are_not_even_opened(tmp_path: Path) -> None:
    PredictionLog(str(tmp_path)).append("alpha", predictions(72))
    (broken,) = (tmp_path / "alpha/predictions/day=2013-03-03").iterdir()
    broken.write_bytes(b"PAR1")

    assert ParquetLogs(str(tmp_path)).predictions("alpha", START, START + 48 * HOUR).height == 48
    with pytest.raises(ObserveError, match=rf"cannot read .*day=2013-03-03/{broken.name} as Parquet"):
        ParquetLogs(str(tmp_path)).predictions("alpha", START, START + 49 * HOUR)


@pytest.mark.parametrize("cut", [0, 3, 100, -1], ids=["empty", "3 bytes", "100 bytes", "all but the last byte"])
def test_a_damaged_file_is_named(tmp_path: Path, cut: int) -> None:
    LabelLog(str(tmp_path)).append("alpha", labels(1))
    (file,) = (tmp_path / "alpha/labels/day=2013-03-01").iterdir()
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(ObserveError, match=f"cannot read .*{file.name} as Parquet"):
        ParquetLogs(str(tmp_path)).labels("alpha", START, END)


@pytest.mark.parametrize("name", [".new-abc", ".hidden.parquet", "_temporary.parquet", "_SUCCESS", "notes.txt"])
def test_what_is_no_file_of_a_log_is_left_alone(tmp_path: Path, name: str) -> None:
    LabelLog(str(tmp_path)).append("alpha", labels(1))
    (tmp_path / "alpha/labels/day=2013-03-01" / name).write_text("unfinished")
    (tmp_path / "alpha/labels" / name).write_text("unfinished")

    assert ParquetLogs(str(tmp_path)).labels("alpha", START, END).height == 1


def test_files_of_other_writers_are_read_and_held_to_the_columns(tmp_path: Path) -> None:
    folder = tmp_path / "alpha/predictions/day=2013-03-01"
    folder.mkdir(parents=True)
    rows = predictions(2).with_columns(pl.col("time").dt.replace_time_zone(None).dt.cast_time_unit("ms"))
    rows.write_parquet(folder / "spark-00000.parquet")
    assert ParquetLogs(str(tmp_path)).predictions("alpha", START, END)["time"].to_list() == [START, START + HOUR]

    rows.drop("digest").write_parquet(folder / "spark-00001.parquet")
    with pytest.raises(ObserveError, match=r"spark-00001\.parquet has no column digest"):
        ParquetLogs(str(tmp_path)).predictions("alpha", START, END)


def test_rows_of_another_day_than_their_folders_are_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "alpha/predictions/day=2013-03-01"
    folder.mkdir(parents=True)
    predictions(25).write_parquet(folder / "a.parquet")
    with pytest.raises(ObserveError, match="1 of 25 rows are not of its day, such as one of 2013-03-02"):
        ParquetLogs(str(tmp_path)).predictions("alpha", START, END)


def test_a_folder_of_no_day_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "alpha/labels/day=2013-3-1").mkdir(parents=True)
    with pytest.raises(ObserveError, match="day=2013-3-1 is named after no day"):
        ParquetLogs(str(tmp_path)).labels("alpha", START, END)


def test_a_feature_that_changed_its_type_is_text_and_a_label_that_did_is_an_error(tmp_path: Path) -> None:
    for number, gate in enumerate(([1], ["B2"], [None])):
        PredictionLog(str(tmp_path)).append("alpha", predictions(1, number).with_columns(gate=pl.Series(gate)))
    assert ParquetLogs(str(tmp_path)).predictions("alpha", START, END)["gate"].to_list() == ["1", "B2", None]

    LabelLog(str(tmp_path)).append("alpha", labels(1.5))
    LabelLog(str(tmp_path)).append("alpha", labels(1).with_columns(id=pl.lit("b"), label=pl.lit("late")))
    with pytest.raises(ObserveError, match="labels are text in some files and Float64 in others"):
        ParquetLogs(str(tmp_path)).labels("alpha", START, END)


def test_a_place_that_cannot_be_written_to_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TransientActError, match=r"cannot write .*file/logs/alpha/labels/day=2013-03-01/") as caught:
        LabelLog(str(tmp_path / "file/logs")).append("alpha", labels(1))
    assert caught.value.help == "append the same rows again"


def test_a_million_rows_take_seconds(tmp_path: Path) -> None:
    count = 1_000_000
    minutes = pl.int_range(count, eager=True) * 500_000
    times = pl.select((pl.lit(START) + pl.duration(microseconds=minutes)).dt.cast_time_unit("us")).to_series()
    rows = pl.DataFrame(
        {"id": pl.int_range(count, eager=True), "time": times, "prediction": pl.int_range(count, eager=True) / count}
    )
    assert PredictionLog(str(tmp_path)).append("alpha", rows.with_columns(digest=pl.lit("sha256:a"))).files == 6

    assert ParquetLogs(str(tmp_path)).predictions("alpha", START, END).height == count
