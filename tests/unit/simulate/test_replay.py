"""The replay: moments in, weeks out; the reviewer merges until nothing waits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from reconciler.domain.changes import PullRequest, PullState
from reconciler.domain.decisions import Decision, Hold
from reconciler.domain.events import Event, EventKind
from reconciler.domain.known import Measured
from reconciler.simulate.replay import MOST_MERGES, replay, weekly
from tests.builders import DAY, NOW, a_revision


@dataclass
class ScriptedLoop:
    """A loop that proposes to one environment after the other, and remembers what was done to it."""

    waiting: list[str]
    endless: bool = False
    merged: list[str] = field(default_factory=list)
    done: list[Event] = field(default_factory=list)

    def settle(self, at: datetime) -> Sequence[Decision]:
        return [Hold(model="m", code="guarded", message="due, but cooldown says NO")]

    def open_pull_requests(self) -> Sequence[PullRequest]:
        names = self.waiting or (["again"] if self.endless else [])
        return [
            PullRequest(
                number=n, state=PullState.OPEN, branch=name, base="main", title=name, body="", tip=a_revision(), merged=None
            )
            for n, name in enumerate(names, start=1)
        ]

    def merge(self, pull: PullRequest, at: datetime) -> None:
        self.merged.append(pull.branch)
        self.waiting = self.waiting[1:]
        event = Event(id=pull.branch, at=at, model="m", kind=EventKind.PROMOTED, message=pull.branch, details={})
        self.done.append(event)

    def events(self) -> Sequence[Event]:
        return self.done

    def live(self, at: datetime) -> Measured:
        return Measured(value=0.7, low=0.6, high=0.8, rows=100)


def test_weeks_go_from_start_to_end_inclusive() -> None:
    assert list(weekly(NOW, NOW + 14 * DAY)) == [NOW, NOW + 7 * DAY, NOW + 14 * DAY]
    assert list(weekly(NOW, NOW - DAY)) == []


def test_what_waits_is_merged_one_after_the_other() -> None:
    loop = ScriptedLoop(waiting=["staging", "production"])
    (week,) = replay(loop, [NOW])
    assert loop.merged == ["staging", "production"]
    assert [event.message for event in week.events] == ["staging", "production"]
    assert week.held is not None
    assert week.held.message == "due, but cooldown says NO"


def test_a_week_has_only_its_own_events() -> None:
    loop = ScriptedLoop(waiting=["staging"])
    first, second = replay(loop, [NOW, NOW + 7 * DAY])
    assert (len(first.events), len(second.events)) == (1, 0)


def test_a_loop_that_never_settles_is_left_alone() -> None:
    loop = ScriptedLoop(waiting=[], endless=True)
    list(replay(loop, [NOW]))
    assert len(loop.merged) == MOST_MERGES
