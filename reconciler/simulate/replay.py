"""The replay: at each moment the loop runs until it is settled, and a reviewer merges what it proposes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from reconciler.domain.changes import PullRequest
from reconciler.domain.decisions import Decision, Hold
from reconciler.domain.events import Event
from reconciler.domain.known import Known, Measured

MOST_MERGES = 10


class Loop(Protocol):
    """A repository with its reconciler, at any moment."""

    def settle(self, at: datetime) -> Sequence[Decision]:
        """Run passes until nothing changes; the model's decisions, in order."""
        ...

    def open_pull_requests(self) -> Sequence[PullRequest]:
        """What waits for a review."""
        ...

    def merge(self, pull: PullRequest, at: datetime) -> None:
        """Merge it, and do what follows from that."""
        ...

    def events(self) -> Sequence[Event]:
        """The ledger, oldest first."""
        ...

    def live(self, at: datetime) -> Known[Measured]:
        """How the live model did on the newest week whose labels are known."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What happened at one moment. `live` was measured before anything changed; `held` is a due retrain that a guard held."""

    at: datetime
    live: Known[Measured]
    held: Hold | None
    events: tuple[Event, ...]


def weekly(start: datetime, end: datetime) -> Iterator[datetime]:
    """Every seven days from start, as long as not after end."""
    while start <= end:
        yield start
        start += timedelta(weeks=1)


def replay(loop: Loop, moments: Iterable[datetime]) -> Iterator[Week]:
    """The loop at each moment; yields as it goes, so that progress can be shown."""
    for at in moments:
        live = loop.live(at)
        decisions = list(loop.settle(at))
        for _ in range(MOST_MERGES):
            waiting = loop.open_pull_requests()
            if not waiting:
                break
            loop.merge(waiting[0], at)
            decisions.extend(loop.settle(at))
        yield Week(
            at=at,
            live=live,
            held=next((said for said in decisions if isinstance(said, Hold) and said.code == "guarded"), None),
            events=tuple(event for event in loop.events() if event.at == at),
        )
