"""Which rows a run may see."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from reconciler.errors import ReconcilerError
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.snapshot import begin_of, snapshot, split_at
from reconciler.pipeline.stored import Stored, read_stored
from tests.builders import a_model
from tests.snapshots import FIRST, FrameData, a_run, hourly

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def taken(run: StageContext) -> Stored:
    snapshot(run)
    return read_stored(run)


def test_the_embargo_lies_between_training_and_hold_out() -> None:
    split = split_at(FIRST, 14 * DAY, 60 * DAY, DAY)

    assert split.holdout_until == FIRST
    assert split.holdout_from == FIRST - 14 * DAY
    assert split.train_until == FIRST - 15 * DAY
    assert split.train_from == FIRST - 75 * DAY


def test_without_a_window_all_history_is_learnt_from() -> None:
    assert split_at(FIRST, DAY, None, DAY).train_from is None


def test_a_range_that_reaches_back_before_there_was_data_begins_with_the_first_row() -> None:
    soon, late = FIRST + timedelta(hours=23, microseconds=7), FIRST + DAY + timedelta(microseconds=7)
    assert begin_of(FIRST, soon) == FIRST
    assert begin_of(FIRST, late) == FIRST + DAY
    assert begin_of(None, soon) == FIRST + timedelta(hours=23)


def test_no_row_is_seen_whose_label_was_unknown(tmp_path: Path) -> None:
    as_of = FIRST + 40 * DAY
    run = a_run(tmp_path, as_of=as_of)
    stored, delay = taken(run), run.dataset.spec.label.delay
    time = run.dataset.spec.event_time

    assert stored.holdout[time].max() < as_of - delay  # type: ignore[operator]
    assert stored.train[time].max() < stored.data.holdout_from - delay  # type: ignore[operator]
    assert stored.data.holdout_until <= as_of - delay
    assert (stored.train.height, stored.holdout.height) == (stored.data.train_rows, stored.data.holdout_rows)


def test_old_data_is_learnt_from_today(tmp_path: Path) -> None:
    run = a_run(tmp_path, as_of=FIRST + 5000 * DAY)
    stored = taken(run)
    known = hourly(60).drop_nulls(run.dataset.spec.label.column)

    assert stored.data.holdout_until == known[run.dataset.spec.event_time][-1] + SECOND
    assert stored.holdout.height > 0


def test_rows_without_a_label_are_left_out(tmp_path: Path) -> None:
    gaps = hourly(60).with_columns(pl.col("arr_delay").fill_null(float("nan")))
    stored = taken(a_run(tmp_path, as_of=FIRST + 40 * DAY, rows=gaps))

    assert stored.train["arr_delay"].is_finite().all()
    assert stored.holdout.height == 14 * 24 * 6 // 7


def test_only_the_range_and_the_columns_of_the_run_are_read(tmp_path: Path) -> None:
    run = a_run(tmp_path, as_of=FIRST + 40 * DAY)
    snapshot(run)
    data = run.data
    assert isinstance(data, FrameData)

    assert all(query.end is not None and query.end <= FIRST + 40 * DAY for query in data.asked)
    assert {name for query in data.asked for name in query.columns} == {
        *run.model.spec.features.names,
        run.dataset.spec.label.column,
    }


def test_protected_columns_are_carried_beside_the_features(tmp_path: Path) -> None:
    rows = hourly(60).with_columns(pl.lit("x").alias("region"))
    run = a_run(tmp_path, as_of=FIRST + 40 * DAY, rows=rows)
    run = replace(run, model=a_model(protected=["region", "carrier"]))

    assert taken(run).holdout.columns == ["scheduled", "distance", "carrier", "region", "arr_delay"]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        run = a_run(tmp_path / name, as_of=FIRST + 40 * DAY)
        snapshot(run)
        made.append(
            [run.path(path).read_bytes() for path in ("snapshot.json", "snapshot/train.parquet", "snapshot/holdout.parquet")]
        )

    assert made[0] == made[1]


def test_too_little_data_is_said_with_both_numbers(tmp_path: Path) -> None:
    run = a_run(tmp_path, as_of=FIRST + 3 * DAY)
    with pytest.raises(ReconcilerError, match=r"flight-delay: 0 labelled rows to train on .* and \d+ to judge by"):
        snapshot(run)
    run = a_run(tmp_path, as_of=FIRST - 3 * DAY)
    with pytest.raises(ReconcilerError, match=r"0 labels of flights are known as of 2012-12-29, at least 2 are needed"):
        snapshot(run)
