"""The law of asOf: whatever the data, no row and no label is used before it could be known."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import polars as pl
from hypothesis import assume, given
from hypothesis import strategies as st

from reconciler.errors import ReconcilerError
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.snapshot import SECOND, Split, anchor_of, chosen_rows
from tests.builders import DAY, a_model
from tests.examples import examples
from tests.snapshots import FrameData, a_run
from tests.timelines import HOUR, History, histories

OFTEN = examples(1)
Chosen = tuple[Split, pl.DataFrame, pl.DataFrame]
NOWHERE = Path("unused")


def the_run(seen: History, rows: pl.DataFrame | None = None, *, window: str | None = None, holdout: str = "3d") -> StageContext:
    run = a_run(NOWHERE, as_of=seen.now, rows=seen.rows if rows is None else rows, label=seen.label)
    training = {"holdout": holdout} | ({"window": window} if window else {})
    return replace(run, model=a_model(training=training))


def chosen(run: StageContext) -> Chosen | str:
    """What is chosen, or why nothing is."""
    try:
        return chosen_rows(run)
    except ReconcilerError as error:
        return error.message


def rows_of(run: StageContext) -> Chosen:
    found = chosen(run)
    assume(not isinstance(found, str))
    assert not isinstance(found, str)
    return found


@OFTEN
@given(histories(), st.sampled_from([None, "10d"]))
def test_no_label_is_used_before_it_is_known(seen: History, window: str | None) -> None:
    _, train, holdout = rows_of(the_run(seen, window=window))
    for rows in (train, holdout):
        assert max(rows["scheduled"]) + seen.delay < seen.now
        assert rows["arr_delay"].is_finite().all()


@OFTEN
@given(histories(), st.sampled_from([None, "10d"]))
def test_what_is_learnt_was_known_when_the_first_judged_row_happened(seen: History, window: str | None) -> None:
    split, train, holdout = rows_of(the_run(seen, window=window))
    assert max(train["scheduled"]) + seen.delay < split.holdout_from <= min(holdout["scheduled"])
    assert split.train_until + seen.delay == split.holdout_from


@OFTEN
@given(histories(), st.sampled_from([None, "10d"]))
def test_another_future_changes_nothing(seen: History, window: str | None) -> None:
    now, later = (chosen(the_run(seen, rows, window=window)) for rows in (seen.rows, seen.with_another_future()))
    if isinstance(now, str) or isinstance(later, str):
        assert now == later
        return
    assert now[0] == later[0]
    assert [part.to_dicts() for part in now[1:]] == [part.to_dicts() for part in later[1:]]


@OFTEN
@given(histories())
def test_the_newest_known_label_is_judged_and_no_known_label_is_lost(seen: History) -> None:
    split, train, holdout = rows_of(the_run(seen))
    times = seen.known()["scheduled"].to_list()
    assert max(holdout["scheduled"]) == max(times)
    assert sorted(holdout["scheduled"]) == [at for at in times if at >= split.holdout_from]
    assert sorted(train["scheduled"]) == [at for at in times if at < split.train_until]


@OFTEN
@given(histories())
def test_windows_end_just_after_the_newest_known_label_however_old_it_is(seen: History) -> None:
    times = seen.known()["scheduled"].to_list()
    assume(times)
    anchor = anchor_of(the_run(seen))
    assert max(times) < anchor <= max(times) + SECOND
    assert anchor <= seen.mature


@OFTEN
@given(histories(), st.sampled_from([DAY, 400 * DAY, 3000 * DAY]))
def test_waiting_without_new_labels_changes_no_row(seen: History, wait: timedelta) -> None:
    """Data that ended is split the same way whenever it is looked at: there is no window that slides off its end."""
    past = seen.rows.filter(pl.col("scheduled") < seen.mature - SECOND)
    now, later = (chosen(the_run(replace(seen, now=at), past)) for at in (seen.now, seen.now + wait))
    assume(not isinstance(now, str))
    assert now[0] == later[0]
    assert [part.to_dicts() for part in now[1:]] == [part.to_dicts() for part in later[1:]]


@OFTEN
@given(histories(), st.integers(-20_000, 20_000))
def test_the_calendar_does_not_matter(seen: History, hours: int) -> None:
    """Everything moved by the same time is split at the same places, across leap days and changes of clocks."""
    shift = hours * HOUR
    moved = replace(seen, rows=seen.rows.with_columns(pl.col("scheduled") + shift), now=seen.now + shift)
    here, there = rows_of(the_run(seen)), rows_of(the_run(moved))
    assert there[0].holdout_from == here[0].holdout_from + shift
    assert [part.height for part in there[1:]] == [part.height for part in here[1:]]


@OFTEN
@given(histories(), st.sampled_from(["4d", "10d", "40d"]))
def test_a_window_only_takes_rows_away(seen: History, window: str) -> None:
    split, train, holdout = rows_of(the_run(seen, window=window))
    _, all_train, same = rows_of(the_run(seen))
    assert holdout.equals(same)
    assert split.train_from is not None
    assert train["scheduled"].to_list() == [at for at in all_train["scheduled"] if at >= split.train_from]


@OFTEN
@given(histories())
def test_the_source_is_never_asked_for_what_is_not_known_yet(seen: History) -> None:
    run = the_run(seen)
    chosen(run)
    assert isinstance(run.data, FrameData)
    assert run.data.asked
    assert all(query.end is not None and query.end <= seen.mature for query in run.data.asked)


@OFTEN
@given(histories())
def test_the_order_of_the_source_does_not_matter(seen: History) -> None:
    assume(seen.rows["scheduled"].is_unique().all())
    here, there = (chosen(the_run(seen, rows)) for rows in (seen.rows, seen.rows.reverse()))
    assert isinstance(here, str) == isinstance(there, str)
    if not isinstance(here, str):
        assert [part.to_dicts() for part in here[1:]] == [part.to_dicts() for part in there[1:]]
