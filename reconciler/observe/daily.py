"""Profiles of windows, merged from profiles of days: a day that is over is profiled once and kept in the store.

Counts on the reference's bins add up, so the sum of seven days is the week, exactly (STATISTICS: reference profile).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import reduce

import polars

from reconciler.domain.facts import Known, Missing
from reconciler.domain.profiles import Profile
from reconciler.errors import ReconcilerError
from reconciler.ports import Store

DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """`prefix` names in the store what the profiles are of; a day is kept when it ended before `settled`, never sooner.

    `rows` reads a span, `profile` turns rows into a profile on the reference. Both may be asked for many spans.
    """

    store: Store | None
    prefix: str
    settled: datetime
    rows: Callable[[datetime, datetime], Known[polars.DataFrame]]
    profile: Callable[[polars.DataFrame], Known[Profile]]
    event_time: str

    def over(self, start: datetime, end: datetime) -> Known[Profile]:
        """The profile of all rows in [start, end); Missing when any of them cannot be read or profiled."""
        from reconciler.statistics.profile import merge

        pieces = [(piece, self._recall(piece)) for piece in pieces_of(start, end)]
        unknown = [piece for piece, known in pieces if known is None]
        frame: Known[polars.DataFrame] | None = self.rows(unknown[0][0], unknown[-1][1]) if unknown else None
        if isinstance(frame, Missing):
            return frame
        found: list[Profile] = []
        for piece, known in pieces:
            made = self._make(piece, frame) if known is None and frame is not None else known
            if isinstance(made, Missing):
                return made
            if made is not None:
                found.append(made)
        return reduce(merge, found)

    def _make(self, piece: Span, frame: polars.DataFrame) -> Known[Profile]:
        at = polars.col(self.event_time)
        try:
            made = self.profile(frame.filter((at >= piece[0]) & (at < piece[1])))
        except ReconcilerError as error:
            return Missing(code="notProfiled", why=error.message)
        if not isinstance(made, Missing):
            self._keep(piece, made)
        return made

    def _recall(self, piece: Span) -> Profile | None:
        from reconciler.statistics.profile_json import profile_from_json

        content = self.store.get(self._name(piece)) if self.store and self._lasting(piece) else None
        try:
            return profile_from_json(content.decode()) if content else None
        except ValueError:  # damaged in the store: it is made again
            return None

    def _keep(self, piece: Span, made: Profile) -> None:
        from reconciler.statistics.profile_json import profile_to_json

        if self.store and self._lasting(piece):
            self.store.put(self._name(piece), profile_to_json(made).encode())

    def _lasting(self, piece: Span) -> bool:
        """A whole day, long enough over."""
        return piece[1] - piece[0] == DAY and piece[1] <= self.settled

    def _name(self, piece: Span) -> str:
        return f"{self.prefix}/{piece[0]:%Y-%m-%d}.json"


def pieces_of(start: datetime, end: datetime) -> Iterator[Span]:
    """[start, end) cut at each midnight, UTC."""
    while start < end:
        midnight = datetime.combine(start.date(), time(), tzinfo=UTC) + DAY
        yield start, min(midnight, end)
        start = midnight
