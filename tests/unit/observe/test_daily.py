"""Profiles merged from days: exactly those of the window's rows in one go, whatever the store does and wherever it begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.adapters.fakes.store import FakeStore
from reconciler.domain.known import Known, Missing
from reconciler.domain.profiles import NumericProfile, Profile
from reconciler.observe.daily import Days, pieces_of, runs_of
from reconciler.pipeline.profile_rows import profile_frame, reference_of_frame
from reconciler.specs.model import Features
from reconciler.statistics.profile_json import profile_to_json
from tests.builders import DAY
from tests.cases import each
from tests.runs import flights
from tests.snapshots import FIRST

HOUR = timedelta(hours=1)
ROWS = flights(10 * 24, start=FIRST)
FEATURES = Features(numeric=("distance",), categorical=("carrier",))
REFERENCE = reference_of_frame(flights(500, seed=3), FEATURES)


class Unwritable(FakeStore):
    """A store that keeps nothing."""

    def put(self, name: str, content: bytes) -> None:
        """Lose it."""


class Damaged(FakeStore):
    """A store that gives back something else than what was put."""

    content = b"{}"

    def get(self, name: str) -> bytes | None:
        return self.content


@dataclass
class Source:
    """The rows, and the spans that were asked for."""

    rows: pl.DataFrame = field(default_factory=lambda: ROWS)
    asked: list[tuple[datetime, datetime]] = field(default_factory=list)

    def read(self, start: datetime, end: datetime) -> Known[pl.DataFrame]:
        self.asked.append((start, end))
        return self.rows.filter((pl.col("scheduled") >= start) & (pl.col("scheduled") < end))


def days(store: Any = None, source: Source | None = None, **changes: Any) -> Days:
    usual: dict[str, Any] = {
        "prefix": "profiles/a",
        "settled": FIRST + 9 * DAY,
        "event_time": "scheduled",
        "reference": REFERENCE,
    }
    read = (source or Source()).read
    return Days(**(usual | {"store": store, "rows": read, "features": FEATURES} | changes))


def at_once(start: datetime, end: datetime) -> Profile:
    """The profile of the window's rows, which are told in another way than the code under test does."""
    rows = ROWS.filter([start <= at < end for at in ROWS["scheduled"]])
    return profile_frame(REFERENCE, rows, FEATURES)


def exact(profile: Known[Profile]) -> tuple[int, Mapping[str, Any]]:
    """All of a profile that is counted, and what follows from order alone."""
    assert isinstance(profile, Profile)
    told: dict[str, Any] = {}
    for name, one in profile.features.items():
        told[name] = one
        if isinstance(one, NumericProfile):
            assert one.knots is not None
            told[name] = (one.edges, one.counts, one.missing, one.minimum, one.maximum, one.knots.values, one.knots.counts)
    return profile.rows, told


def moments(profile: Known[Profile]) -> list[float]:
    assert isinstance(profile, Profile)
    found: list[float] = []
    for one in profile.features.values():
        if isinstance(one, NumericProfile) and one.knots:
            assert (one.mean is None) == (one.variance is None) == (not sum(one.counts))
            found += [one.mean or 0.0, one.variance or 0.0, one.knots.below, one.knots.above]
    return found


STORES = {"none": lambda: None, "empty": FakeStore, "unwritable": Unwritable, "damaged": Damaged}


@pytest.mark.parametrize("store", STORES.values(), ids=STORES)
@given(start=st.integers(-60, 700), length=st.integers(1, 240))
def test_days_together_are_the_window_in_one_go(store: Any, start: int, length: int) -> None:
    first = FIRST + start * HOUR / 3
    window, made = (first, first + length * HOUR / 3), days(store())
    right = at_once(*window)
    for _ in range(2):
        found = made.over(*window)
        assert exact(found) == exact(right)
        assert moments(found) == pytest.approx(moments(right), rel=1e-9, abs=1e-9)


def test_a_full_store_is_not_asked_for_rows_and_nothing_is_written_anew() -> None:
    store, source = FakeStore(), Source()
    first = days(store, source).over(FIRST, FIRST + 9 * DAY)
    kept = dict(store.contents)
    assert sorted(kept) == [f"profiles/a/2013-01-{day:02}.json" for day in range(1, 10)]
    assert days(store, source).over(FIRST, FIRST + 9 * DAY) == first
    assert source.asked == [(FIRST, FIRST + 9 * DAY)]
    assert store.contents == kept


def test_another_window_reads_only_what_is_not_kept() -> None:
    store, source = FakeStore(), Source()
    days(store, source).over(FIRST, FIRST + 5 * DAY)
    days(store, source).over(FIRST + DAY, FIRST + 7 * DAY)
    assert source.asked == [(FIRST, FIRST + 5 * DAY), (FIRST + 5 * DAY, FIRST + 7 * DAY)]


@each(
    ("start", "end", "kept"),
    [
        (0 * HOUR, 24 * HOUR, 1),
        (1 * HOUR, 48 * HOUR, 1),
        (0 * HOUR, 47 * HOUR, 1),
        (1 * HOUR, 47 * HOUR, 0),
        (8 * DAY, 10 * DAY, 1),
        (9 * DAY, 10 * DAY, 0),
    ],
)
def test_only_whole_days_that_are_settled_are_kept(start: timedelta, end: timedelta, kept: int) -> None:
    store = FakeStore()
    days(store).over(FIRST + start, FIRST + end)
    assert len(store.contents) == kept


def test_a_day_that_is_not_settled_takes_rows_that_come_late() -> None:
    store, source = FakeStore(), Source(rows=ROWS[:-5])
    day = (FIRST + 9 * DAY, FIRST + 10 * DAY)
    assert exact(days(store, source).over(*day))[0] == 19
    source.rows = ROWS
    assert exact(days(store, source).over(*day)) == exact(at_once(*day))


def test_only_the_ends_of_a_window_that_is_not_whole_days_are_read() -> None:
    store, source = FakeStore(), Source()
    noon = timedelta(hours=12)
    days(store, source).over(FIRST + DAY, FIRST + 8 * DAY)
    source.asked.clear()
    found = days(store, source).over(FIRST + DAY + noon, FIRST + 7 * DAY + noon)
    assert source.asked == [(FIRST + DAY + noon, FIRST + 2 * DAY), (FIRST + 7 * DAY, FIRST + 7 * DAY + noon)]
    assert exact(found) == exact(at_once(FIRST + DAY + noon, FIRST + 7 * DAY + noon))


def test_pieces_that_touch_are_one_run() -> None:
    pieces = list(pieces_of(FIRST, FIRST + 5 * DAY))
    assert runs_of([*pieces[:2], *pieces[3:]]) == [pieces[:2], pieces[3:]]
    assert runs_of([]) == []


@each("content", [b"\xff", b"[]", b'{"version": 2}', b"null", b""])
def test_what_is_no_profile_is_made_again(content: bytes) -> None:
    store = Damaged()
    store.content = content
    assert exact(days(store).over(FIRST, FIRST + DAY)) == exact(at_once(FIRST, FIRST + DAY))


def test_a_profile_on_other_bins_is_made_again() -> None:
    others = [
        reference_of_frame(flights(100, seed=9), FEATURES),
        replace(REFERENCE, features={"distance": REFERENCE.features["distance"]}),
        reference_of_frame(flights(500, seed=3).with_columns(pl.lit("ZZ").alias("carrier")), FEATURES),
    ]
    store = Damaged()
    for other in others:
        store.content = profile_to_json(other).encode()
        assert exact(days(store).over(FIRST, FIRST + 2 * DAY)) == exact(at_once(FIRST, FIRST + 2 * DAY))


def test_two_releases_and_two_datasets_share_a_store_and_no_day() -> None:
    store, other = FakeStore(), Source(rows=ROWS.filter(pl.col("carrier") == "AA"))
    days(store).over(FIRST, FIRST + DAY)
    found = days(store, other, prefix="profiles/b").over(FIRST, FIRST + DAY)
    assert exact(found)[0] < exact(at_once(FIRST, FIRST + DAY))[0]
    assert len(store.contents) == 2


@pytest.mark.parametrize("end", [FIRST, FIRST - DAY], ids=["empty", "backwards"])
def test_an_empty_window_is_an_empty_profile(end: datetime) -> None:
    assert exact(days(FakeStore()).over(FIRST, end)) == exact(at_once(FIRST, FIRST))


def test_a_window_before_the_first_row_is_an_empty_profile() -> None:
    assert exact(days(FakeStore()).over(FIRST - 9 * DAY, FIRST))[0] == 0


def test_rows_that_cannot_be_read_or_profiled_are_missing_and_keep_nothing() -> None:
    gone, store = Missing(code="rowsUnreadable", why="the disk is gone"), FakeStore()
    assert days(store, rows=lambda *_: gone).over(FIRST, FIRST + 2 * DAY) == gone
    text = Source(rows=ROWS.with_columns(pl.lit("far").alias("distance")))
    found = days(store, text).over(FIRST, FIRST + 2 * DAY)
    assert isinstance(found, Missing)
    assert found.code == "notProfiled"
    assert store.contents == {}


def test_days_are_those_of_utc_whatever_zone_the_window_is_told_in() -> None:
    new_york = timezone(timedelta(hours=-5))
    start, end = FIRST + HOUR, FIRST + 50 * HOUR
    pieces = list(pieces_of(start.astimezone(new_york), end.astimezone(new_york)))
    assert pieces == [(start, FIRST + DAY), (FIRST + DAY, FIRST + 2 * DAY), (FIRST + 2 * DAY, end)]
    assert all(moment.tzinfo is UTC for piece in pieces for moment in piece)


@given(start=st.integers(-3_000, 3_000), length=st.integers(0, 10_000))
def test_pieces_are_the_window_without_gaps_cut_at_midnights(start: int, length: int) -> None:
    first = FIRST + timedelta(minutes=start)
    end = first + timedelta(minutes=length)
    pieces = list(pieces_of(first, end))
    edges = [first, *(piece[1] for piece in pieces)]
    assert [piece[0] for piece in pieces] == edges[:-1]
    assert edges[-1] == end
    assert all(edge.time() == datetime.min.time() for edge in edges[1:-1])
    assert all(timedelta() < piece[1] - piece[0] <= DAY for piece in pieces)
