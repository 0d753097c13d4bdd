"""Profiles of windows, merged from profiles of days: a day that is over is profiled once and kept in the store.

Counts on the reference's bins add up, so the sum of seven days is the week, exactly (STATISTICS: reference profile).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import reduce

import polars

from reconciler.domain.known import Known, Missing
from reconciler.domain.profiles import CategoricalProfile, FeatureProfile, NumericProfile, Profile
from reconciler.errors import ReconcilerError
from reconciler.pipeline.profile_rows import profile_frame
from reconciler.ports import Store
from reconciler.specs.model import Features

DAY = timedelta(days=1)
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """`prefix` names in the store what the profiles are of; a day is kept when it ended before `settled`, never sooner.

    `rows` reads a span with its event times; its `features` are profiled on the bins of the `reference`.
    """

    store: Store | None
    prefix: str
    settled: datetime
    rows: Callable[[datetime, datetime], Known[polars.DataFrame]]
    event_time: str
    reference: Profile
    features: Features

    def over(self, start: datetime, end: datetime) -> Known[Profile]:
        """The profile of all rows in [start, end); Missing when any of them cannot be read or profiled."""
        from reconciler.statistics.profile import merge

        known = {piece: self._recall(piece) for piece in pieces_of(start, end)}
        unknown = [piece for piece, found in known.items() if found is None]
        for run in runs_of(unknown) if known else [[(start, end)]]:
            rows = self.rows(run[0][0], run[-1][1])
            if isinstance(rows, Missing):
                return rows
            try:
                known |= {piece: self._make(piece, rows) for piece in run}
            except ReconcilerError as error:
                return Missing(code="notProfiled", why=error.message)
        return reduce(merge, (found for found in known.values() if found is not None))

    def _make(self, piece: Span, rows: polars.DataFrame) -> Profile:
        """The profile of those rows that lie in the piece; kept when it lasts."""
        from reconciler.statistics.profile_json import profile_to_json

        at = polars.col(self.event_time)
        made = profile_frame(self.reference, rows.filter((at >= piece[0]) & (at < piece[1])), self.features)
        if self.store and self._lasting(piece):
            self.store.put(self._name(piece), profile_to_json(made).encode())
        return made

    def _recall(self, piece: Span) -> Profile | None:
        """What the store has of a day; None for what is damaged there, or on other bins: it is made again."""
        from reconciler.statistics.profile_json import profile_from_json

        content = self.store.get(self._name(piece)) if self.store and self._lasting(piece) else None
        try:
            found = profile_from_json(content.decode()) if content else None
        except ValueError:
            return None
        return found if found and bins_of(found) == bins_of(self.reference) else None

    def _lasting(self, piece: Span) -> bool:
        """A whole day, long enough over."""
        return piece[1] - piece[0] == DAY and piece[1] <= self.settled

    def _name(self, piece: Span) -> str:
        return f"{self.prefix}/{piece[0]:%Y-%m-%d}.json"


def bins_of(profile: Profile) -> Mapping[str, object]:
    """What two profiles must share to be merged: edges and knots of numbers, the names of categories."""
    return {name: _bins(feature) for name, feature in profile.features.items()}


def _bins(feature: FeatureProfile) -> object:
    match feature:
        case NumericProfile(edges=edges, knots=knots):
            return edges, knots and knots.values
        case CategoricalProfile(counts=counts):
            return frozenset(counts)


def runs_of(pieces: Iterable[Span]) -> list[list[Span]]:
    """Pieces in ascending order, those together that touch."""
    runs: list[list[Span]] = []
    for piece in pieces:
        if runs and runs[-1][-1][1] == piece[0]:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def pieces_of(start: datetime, end: datetime) -> Iterator[Span]:
    """[start, end) cut at each midnight, UTC; nothing when it is empty."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    while start < end:
        midnight = datetime.combine(start.date(), time(), tzinfo=UTC) + DAY
        yield start, min(midnight, end)
        start = midnight
