"""What the rows say: new labels, profiles of recent windows, live scores; and Missing, with the reason, for all else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from reconciler.domain.facts import LabelFacts
from reconciler.domain.known import Measured, Missing
from reconciler.domain.needs import Lookback, ScoreNeed
from reconciler.domain.profiles import Profile
from reconciler.observe.rows import bounds
from tests.builders import DAY
from tests.observing import AUC, NOW, SHAPE, WEEK, Unreadable, View, back
from tests.scoring import a_package, a_scored_model, without_labels
from tests.snapshots import FIRST, hourly

Views = Callable[..., View]
HOUR = timedelta(hours=1)
MATURE = NOW - DAY


def between(start: Any, end: Any) -> pl.DataFrame:
    """The usual rows of a time, told in another way than the code under test does."""
    frame = hourly(60)
    return frame.filter([start <= at < end for at in frame["scheduled"]])


@pytest.mark.parametrize(
    ("window", "days"),
    [(WEEK, (7, 0)), (Lookback(length=7 * DAY, index=1), (14, 7)), (Lookback(length=DAY, index=30), (31, 30))],
    ids=["the newest week", "the week before", "a day a month ago"],
)
def test_windows_lie_one_behind_the_other(window: Lookback, days: tuple[int, int]) -> None:
    assert bounds(window, NOW) == (NOW - days[0] * DAY, NOW - days[1] * DAY)


def test_new_labels_are_those_after_the_newest_builds_hold_out(view_of: Views) -> None:
    view = view_of()
    found = view.see()
    since = view.champion().build.data.holdout_until
    known = between(since, MATURE).drop_nulls("arr_delay")
    assert found.labels == LabelFacts(delay=DAY, new=known.height, newest=known["scheduled"][-1])


def test_the_newest_build_may_be_a_candidate(view_of: Views) -> None:
    view = view_of()
    candidate = view.champion(as_of=FIRST + 30 * DAY).build
    known = between(candidate.data.holdout_until, MATURE).drop_nulls("arr_delay")
    labels = view.see(newest=candidate).labels
    assert isinstance(labels, LabelFacts)
    assert labels.new == known.height


def test_every_known_label_is_new_to_a_model_that_was_never_trained(view_of: Views) -> None:
    found = view_of().see(AUC, SHAPE, newest=None, champion=None)
    assert isinstance(found.labels, LabelFacts)
    assert found.labels.new == between(FIRST, MATURE).drop_nulls("arr_delay").height
    for fact in (found.reference, found.profiles[WEEK], found.scores[AUC]):
        assert fact == Missing(code="noRelease", why="nothing is released to production yet")


def test_no_label_is_new_while_the_hold_out_is_the_newest(view_of: Views) -> None:
    view = view_of()
    found = view.see(newest=view.champion(as_of=NOW + 5 * DAY).build)
    assert found.labels == LabelFacts(delay=DAY, new=0, newest=None)
    assert view.data.asked == []


def test_labels_that_are_nan_are_not_known(view_of: Views) -> None:
    gaps = hourly(60).with_columns(pl.col("arr_delay").fill_null(float("nan")))
    assert view_of(gaps).see().labels == view_of().see().labels


def test_only_the_label_is_read_when_no_rule_looks_at_rows(view_of: Views) -> None:
    view = view_of()
    found = view.see()
    assert [query.columns for query in view.data.asked] == [("arr_delay",), ()]
    assert (found.profiles, found.scores) == ({}, {})
    assert isinstance(found.reference, Profile)


def test_a_profile_counts_the_rows_of_its_window_whether_their_labels_are_known_or_not(view_of: Views) -> None:
    earlier = back(SHAPE, 2)
    found = view_of().see(SHAPE, earlier)
    for need, start, end in ((SHAPE, NOW - 7 * DAY, NOW), (earlier, NOW - 21 * DAY, NOW - 14 * DAY)):
        profile = found.profiles[need.window]
        assert isinstance(profile, Profile)
        rows = between(start, end)
        assert profile.rows == rows.height == 7 * 24
        carriers = profile.features["carrier"]
        assert dict(carriers.counts) == dict(rows["carrier"].value_counts().iter_rows())  # type: ignore[union-attr]


def test_a_profile_is_on_the_bins_of_the_release(view_of: Views) -> None:
    found = view_of().see(SHAPE).profiles[WEEK]
    assert isinstance(found, Profile)
    assert found.features["distance"].edges == a_package().reference.features["distance"].edges  # type: ignore[union-attr]


def test_a_score_is_of_the_newest_rows_whose_labels_are_known(view_of: Views) -> None:
    rows = between(MATURE - 7 * DAY, MATURE).drop_nulls("arr_delay")
    found = view_of().see(AUC).scores[AUC]
    assert isinstance(found, Measured)
    assert found.rows == rows.height
    assert found.value == pytest.approx(roc_auc_score((rows["arr_delay"] >= 15).to_numpy(), a_package().predict(rows)))


def test_windows_of_any_length_and_place_are_each_their_own(view_of: Views) -> None:
    needs = [back(AUC, index, days) for index, days in ((0, 7), (1, 7), (0, 14), (3, 2))]
    together = view_of().see(*needs, SHAPE).scores
    assert {need: view_of().see(need).scores[need] for need in needs} == together
    assert len({found.value for found in together.values() if isinstance(found, Measured)}) == 4


def test_the_source_is_asked_once_for_all_windows_and_for_no_more_than_they_need(view_of: Views) -> None:
    view = view_of()
    view.see(AUC, back(AUC, 1), SHAPE)
    wide = [query for query in view.data.asked if len(query.columns) > 1]
    assert [(query.start, query.end) for query in wide] == [(MATURE - 14 * DAY, NOW)]
    assert set(wide[0].columns) == {"distance", "carrier", "arr_delay"}


def test_profiles_alone_read_no_further_back_than_now_allows(view_of: Views) -> None:
    view = view_of()
    view.see(SHAPE)
    assert [query.start for query in view.data.asked if len(query.columns) > 1] == [NOW - 7 * DAY]


@pytest.mark.parametrize("shift", [timedelta(microseconds=-1), timedelta(), timedelta(microseconds=1)], ids=str)
def test_the_ends_of_a_window_are_exact_to_the_microsecond(view_of: Views, shift: timedelta) -> None:
    edges = [NOW - 7 * DAY, NOW]
    row = hourly(1).head(1)
    rows = pl.concat([row.with_columns(pl.lit(at + shift).cast(pl.Datetime("us", "UTC")).alias("scheduled")) for at in edges])
    profile = view_of(rows).see(SHAPE).profiles[WEEK]
    assert isinstance(profile, Profile)
    assert profile.rows == 1


def test_an_empty_window_is_an_empty_profile_and_no_score(view_of: Views) -> None:
    long_after = FIRST + 900 * DAY
    found = view_of().see(AUC, SHAPE, now=long_after)
    assert isinstance(found.profiles[WEEK], Profile)
    assert found.profiles[WEEK].rows == 0  # type: ignore[union-attr]
    assert isinstance(found.scores[AUC], Missing)
    assert isinstance(found.labels, LabelFacts)
    assert found.labels.newest == hourly(60).drop_nulls("arr_delay")["scheduled"][-1]


def test_before_any_row_nothing_is_known_and_nothing_fails(view_of: Views) -> None:
    found = view_of().see(AUC, SHAPE, now=FIRST - 300 * DAY, newest=None)
    assert found.labels == LabelFacts(delay=DAY, new=0, newest=None)
    assert isinstance(found.scores[AUC], Missing)


@pytest.mark.parametrize(
    ("gone", "labels", "rows"),
    [("carrier", True, False), ("arr_delay", False, False)],
    ids=["a feature is gone", "the label is gone"],
)
def test_what_cannot_be_read_is_missing_and_stops_nothing_else(view_of: Views, gone: str, labels: bool, rows: bool) -> None:
    view = replace(view_of(), data=Unreadable(hourly(60), gone))
    found = view.see(AUC, SHAPE)
    assert isinstance(found.labels, LabelFacts) is labels
    lost = Missing(code="rowsUnreadable", why=f"data/flights.csv has no column {gone}")
    assert [found.scores[AUC], found.profiles[WEEK]] == [lost, lost]
    assert isinstance(found.reference, Profile)


def test_a_release_whose_bytes_are_gone_is_missing_but_labels_are_counted(view_of: Views) -> None:
    view = view_of()
    found = replace(view, store=replace(view.store, files={})).see(AUC, SHAPE)
    assert isinstance(found.reference, Missing)
    assert found.reference.code == "artifactUnreadable"
    assert found.scores[AUC] == found.profiles[WEEK] == found.reference
    assert isinstance(found.labels, LabelFacts)


def test_one_window_that_cannot_be_scored_stops_no_other(view_of: Views) -> None:
    old, new = hourly(60).filter(pl.col("scheduled") < MATURE - 7 * DAY), between(MATURE - 7 * DAY, NOW)
    found = view_of(pl.concat([old, without_labels(new, 99.0)])).see(AUC, back(AUC, 1)).scores
    assert isinstance(found[AUC], Missing)
    assert isinstance(found[back(AUC, 1)], Measured)


def test_numbers_that_came_as_text_are_not_profiled(view_of: Views) -> None:
    text = hourly(60).with_columns(pl.col("distance").cast(pl.String) + " km")
    found = view_of(text).see(AUC, SHAPE)
    assert isinstance(found.profiles[WEEK], Missing)
    assert found.profiles[WEEK].code == "notProfiled"
    assert isinstance(found.scores[AUC], Missing)


def test_a_second_look_scores_nothing_anew_and_says_the_same(view_of: Views) -> None:
    view, needs = view_of(), (AUC, back(AUC, 1), replace(AUC, interval=True), ScoreNeed(metric="brier", window=WEEK))
    first = view.see(*needs)
    kept, view.memory.hits = dict(view.memory.kept), 0
    assert view.see(*needs) == first
    assert (view.memory.hits, view.memory.kept) == (len(needs), kept)
    assert view_of().see(*needs) == first


def test_a_metric_that_the_rows_cannot_have_is_missing(view_of: Views) -> None:
    every = hourly(60).with_columns(pl.lit(50.0).alias("arr_delay"))
    found = view_of(every).see(AUC, model=a_scored_model()).scores[AUC]
    assert isinstance(found, Missing)
    assert "class" in found.why
