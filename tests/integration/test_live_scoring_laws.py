"""Laws of live scoring, for random histories: what cannot be known changes nothing, and a remembered number is a fresh one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.domain.facts import LabelFacts
from reconciler.domain.known import Measured
from reconciler.domain.needs import Need, ScoreNeed
from reconciler.domain.profiles import Profile
from reconciler.observe.rows import RowFacts
from tests.observing import AUC, SHAPE, View, back
from tests.scoring import DictMemory, Forgetful
from tests.snapshots import FrameData
from tests.timelines import History, histories

Views = Callable[..., View]
SOME = settings(max_examples=20, deadline=None)
NEEDS: tuple[Need, ...] = (
    AUC,
    back(AUC, 1),
    back(AUC, 0, 3),
    ScoreNeed(metric="brier", window=AUC.window),
    SHAPE,
    back(SHAPE, 2),
)
needs = st.lists(st.sampled_from(NEEDS), min_size=1, unique=True)


def look(view: View, seen: History, *asked: Need, **changes: Any) -> RowFacts:
    """The facts of the history; nothing was ever learnt from it before."""
    return view.see(*asked, now=seen.now, dataset={"label": seen.label}, **{"newest": None} | changes)


@SOME
@given(seen=histories(rows=200))
def test_another_future_changes_no_label_and_no_score(view_of: Views, seen: History) -> None:
    now = look(view_of(seen.rows), seen, *NEEDS)
    later = look(view_of(seen.with_another_future()), seen, *NEEDS)
    assert now.labels == later.labels
    assert now.scores == later.scores
    assert now.profiles == later.profiles


@SOME
@given(seen=histories(rows=200))
def test_new_labels_are_exactly_the_known_ones(view_of: Views, seen: History) -> None:
    known = seen.known()["scheduled"].to_list()
    found = look(view_of(seen.rows), seen).labels
    assert isinstance(found, LabelFacts)
    assert (found.new, found.newest) == (len(known), max(known, default=None))


@SOME
@given(seen=histories(rows=200))
def test_a_score_is_of_the_known_labels_of_its_window_and_of_no_other(view_of: Views, seen: History) -> None:
    for need, found in look(view_of(seen.rows), seen, *NEEDS).scores.items():
        end = seen.mature - need.window.index * need.window.length
        times = [at for at in seen.known()["scheduled"] if end - need.window.length <= at < end]
        assert not isinstance(found, Measured) or found.rows == len(times)


@SOME
@given(seen=histories(rows=200))
def test_a_profile_is_of_all_rows_of_its_window_that_have_happened(view_of: Views, seen: History) -> None:
    for window, found in look(view_of(seen.rows), seen, *NEEDS).profiles.items():
        end = seen.now - window.index * window.length
        assert isinstance(found, Profile)
        assert found.rows == sum(end - window.length <= at < end for at in seen.rows["scheduled"])


@SOME
@given(seen=histories(rows=200), first=needs, second=needs)
def test_a_remembered_number_is_the_fresh_one_whatever_was_asked_before(
    view_of: Views, seen: History, first: list[Need], second: list[Need]
) -> None:
    view = view_of(seen.rows)
    memory = DictMemory()
    look(replace(view, memory=memory), seen, *first)
    remembered = look(replace(view, memory=memory), seen, *second)
    assert remembered == look(replace(view, memory=Forgetful()), seen, *second)


@SOME
@given(seen=histories(rows=200), other=histories(rows=200))
def test_a_memory_shared_by_other_data_never_lies(view_of: Views, seen: History, other: History) -> None:
    memory = DictMemory()
    look(replace(view_of(other.rows), memory=memory), other, *NEEDS)
    shared = look(replace(view_of(seen.rows), memory=memory), seen, *NEEDS)
    assert shared == look(view_of(seen.rows), seen, *NEEDS)


@SOME
@given(seen=histories(rows=200))
def test_a_late_correction_of_a_known_label_is_seen(view_of: Views, seen: History) -> None:
    memory = DictMemory()
    look(replace(view_of(seen.rows), memory=memory), seen, *NEEDS)
    corrected = seen.rows.with_columns(-pl.col("arr_delay"))
    found = look(replace(view_of(corrected), memory=memory), seen, *NEEDS)
    assert found.scores == look(view_of(corrected), seen, *NEEDS).scores


@SOME
@given(seen=histories(rows=200), asked=needs)
def test_nothing_after_now_is_ever_asked_of_the_source(view_of: Views, seen: History, asked: list[Need]) -> None:
    view = view_of(seen.rows)
    look(view, seen, *asked)
    assert isinstance(view.data, FrameData)
    assert all(query.end is not None and query.end <= seen.now for query in view.data.asked)
    assert all(query.end <= seen.mature for query in view.data.asked if query.columns == ("arr_delay",) and query.end)
