"""A Prometheus for tests: series in memory, with the rules of the real one for staleness, steps and counts of series."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from reconciler.domain.live import Point, Sample
from reconciler.errors import ObserveError

T = TypeVar("T")
STALE = timedelta(minutes=5)
"""A sample counts this long, as in Prometheus."""


class FakeMetrics:
    """Answers a query, as it is written, from the series that it was given for it, each oldest first.

    `labels` has those of a query's series, in the same order.
    """

    def __init__(
        self, series: Mapping[str, Sequence[Sequence[Point]]], labels: Mapping[str, Sequence[Mapping[str, str]]] | None = None
    ) -> None:
        self.series = series
        self.labels = labels or {}

    def instant(self, query: str, at: datetime) -> float:
        """The value at the time. Raises ObserveError."""
        found = [values[-1] for points in self.series.get(query, ()) if (values := _at(points, at))]
        return self._one(query, found).value

    def range(self, query: str, start: datetime, end: datetime, step: timedelta) -> tuple[Point, ...]:
        """The values over [start, end], one each step. Raises ObserveError."""
        times = [start + i * step for i in range((end - start) // step + 1)]
        found = []
        for points in self.series.get(query, ()):
            seen = [Point(at=at, value=values[-1].value) for at in times if (values := _at(points, at))]
            if seen:
                found.append(tuple(seen))
        return self._one(query, found)

    def vector(self, query: str, at: datetime) -> tuple[Sample, ...]:
        """Every series at the time, in the order of their labels."""
        series = self.series.get(query, ())
        labels = self.labels.get(query, [{}] * len(series))
        found = [(_at(points, at), named) for points, named in zip(series, labels, strict=True)]
        samples = [Sample(labels=named, value=values[-1].value) for values, named in found if values]
        return tuple(sorted(samples, key=lambda one: sorted(one.labels.items())))

    def _one(self, query: str, found: Sequence[T]) -> T:
        if not found:
            raise ObserveError(f"{query}: no data: 0 series")
        if len(found) > 1:
            raise ObserveError(f"{query}: {len(found)} series instead of 1")
        return found[0]


def _at(points: Sequence[Point], at: datetime) -> list[Point]:
    """The samples that count at the time, oldest first."""
    return [point for point in points if at - STALE < point.at <= at]
