"""The port Logs: the range, late and double rows, corrections; on the fake and on Parquet at addresses of several kinds."""

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from reconciler.adapters.fakes.logs import FakeLogs
from reconciler.adapters.logs import ParquetLogs
from reconciler.adapters.logs.append import LabelLog, PredictionLog, ShadowLog
from reconciler.ports import Logs

START = datetime(2013, 3, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TIME = pl.Datetime("us", "UTC")
Make = Callable[[Path, Sequence[pl.DataFrame], Sequence[pl.DataFrame]], Logs]


def fake(folder: Path, predicted: Sequence[pl.DataFrame], labelled: Sequence[pl.DataFrame]) -> Logs:
    logs = FakeLogs()
    if predicted:
        logs.predicted["alpha"] = pl.concat(predicted, how="diagonal_relaxed")
    if labelled:
        logs.labelled["alpha"] = pl.concat(labelled)
    return logs


def at(address: str, predicted: Sequence[pl.DataFrame], labelled: Sequence[pl.DataFrame]) -> Logs:
    for frame in predicted:
        PredictionLog(address).append("alpha", frame)
    for frame in labelled:
        LabelLog(address).append("alpha", frame)
    return ParquetLogs(address)


MAKERS: dict[str, Make] = {
    "fake": fake,
    "path": lambda folder, *frames: at(str(folder / "logs"), *frames),
    "file url": lambda folder, *frames: at(f"file://{folder}/logs/", *frames),
    "memory": lambda folder, *frames: at(f"memory://{uuid.uuid4().hex}/logs", *frames),
}
pytestmark = pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())


def predicted(*rows: tuple[str, datetime, float], **features: list[Any]) -> pl.DataFrame:
    ids, times, values = zip(*rows, strict=True)
    columns = {"id": ids, "time": pl.Series(times, dtype=TIME), "digest": ["sha256:a"] * len(rows), "prediction": values}
    return pl.DataFrame(columns | features)


def labelled(*rows: tuple[str, Any, datetime]) -> pl.DataFrame:
    ids, labels, known = zip(*rows, strict=True)
    return pl.DataFrame({"id": ids, "label": labels, "known": pl.Series(known, dtype=TIME)})


def test_shadows_are_logged_apart_from_what_users_saw(make: Make, tmp_path: Path) -> None:
    logs = make(tmp_path, [predicted(("r1", START, 0.1))], [])
    shadow = predicted(("r1", START, 0.9), ("r1", START + HOUR, 0.5))
    if isinstance(logs, FakeLogs):
        logs.shadowed["alpha"] = shadow
    else:
        for row in (shadow[:1], shadow[1:]):
            ShadowLog(str(logs._place)).append("alpha", row)
    assert logs.predictions("alpha", START, START + DAY)["prediction"].to_list() == [0.1]
    assert logs.shadows("alpha", START, START + DAY)["prediction"].to_list() == [0.9]
    assert logs.shadows("beta", START, START + DAY).is_empty()


def test_predictions_of_the_range_come_by_time(make: Make, tmp_path: Path) -> None:
    rows = [(f"r{i}", START + i * 7 * HOUR, i / 10) for i in range(20)]
    logs = make(tmp_path, [predicted(*rows[10:]), predicted(*reversed(rows[:10]))], [])
    found = logs.predictions("alpha", START + 7 * HOUR, START + 10 * 7 * HOUR)

    assert found.rows() == [(name, time, "sha256:a", value) for name, time, value in rows[1:10]]
    assert dict(found.schema) == {"id": pl.String, "time": TIME, "digest": pl.String, "prediction": pl.Float64}


@pytest.mark.parametrize(("start", "end", "count"), [(0, 48, 2), (0, 24, 1), (24, 24, 0), (24, 25, 1), (1, 24, 0), (30, 20, 0)])
def test_the_begin_belongs_to_the_range_and_the_end_does_not(
    make: Make, tmp_path: Path, start: int, end: int, count: int
) -> None:
    logs = make(tmp_path, [predicted(("a", START, 0.1), ("b", START + DAY, 0.2))], [])

    assert logs.predictions("alpha", START + start * HOUR, START + end * HOUR).height == count


def test_of_a_prediction_that_was_logged_twice_the_first_counts(make: Make, tmp_path: Path) -> None:
    late, early = predicted(("a", START + DAY, 0.9), ("b", START, 0.2)), predicted(("a", START, 0.1))
    logs = make(tmp_path, [late, early, early], [])

    assert logs.predictions("alpha", START, START + 9 * DAY).select("id", "prediction").rows() == [("a", 0.1), ("b", 0.2)]


def test_a_feature_that_came_later_is_missing_before(make: Make, tmp_path: Path) -> None:
    parts = [predicted(("a", START, 0.1), hour=[7]), predicted(("b", START + HOUR, 0.2), hour=[8], carrier=["UA"])]
    found = make(tmp_path, parts, []).predictions("alpha", START, START + DAY)

    assert found.select("hour", "carrier").rows() == [(7, None), (8, "UA")]


def test_a_label_is_corrected_by_the_one_that_was_known_last(make: Make, tmp_path: Path) -> None:
    parts = [labelled(("a", 1, START + 2 * DAY), ("b", 0, START)), labelled(("a", 0, START), ("b", 1, START + HOUR))]
    found = make(tmp_path, [], parts).labels("alpha", START, START + 9 * DAY)

    assert found.rows() == [("b", 1, START + HOUR), ("a", 1, START + 2 * DAY)]


def test_before_it_was_corrected_a_label_is_what_it_was(make: Make, tmp_path: Path) -> None:
    logs = make(tmp_path, [], [labelled(("a", 0, START)), labelled(("a", 1, START + 2 * DAY))])

    assert logs.labels("alpha", START, START + 2 * DAY).rows() == [("a", 0, START)]
    assert logs.labels("alpha", START + DAY, START + 3 * DAY).rows() == [("a", 1, START + 2 * DAY)]


def test_labels_may_be_text(make: Make, tmp_path: Path) -> None:
    found = make(tmp_path, [], [labelled(("a", "late", START), ("b", "on time", START))]).labels("alpha", START, START + DAY)

    assert found["label"].to_list() == ["late", "on time"]


@pytest.mark.parametrize("model", ["alpha", "beta"])
def test_nothing_logged_is_no_rows_with_the_columns_of_the_log(make: Make, tmp_path: Path, model: str) -> None:
    logs = make(tmp_path, [predicted(("a", START, 0.1))], [labelled(("a", 1, START))])
    predictions, labels = (ask(model, START + 50 * DAY, START + 51 * DAY) for ask in (logs.predictions, logs.labels))

    assert (predictions.height, labels.height) == (0, 0)
    assert predictions.columns == ["id", "time", "digest", "prediction"]
    assert labels.columns == ["id", "label", "known"]


def test_labels_join_their_predictions(make: Make, tmp_path: Path) -> None:
    rows = [(f"r{i}", START + i * HOUR, i / 10) for i in range(10)]
    logs = make(
        tmp_path, [predicted(*rows)], [labelled(*((name, i % 2, time + 3 * DAY) for i, (name, time, _) in enumerate(rows)))]
    )
    seen = logs.predictions("alpha", START, START + DAY).join(logs.labels("alpha", START, START + 9 * DAY), on="id")

    assert seen.sort("time")["label"].to_list() == [0, 1] * 5
