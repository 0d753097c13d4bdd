"""Requests to the releases of a model, as a Prometheus would have counted them: an answer to each question about a rollout."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reconciler.domain.live import Point, Sample
from reconciler.errors import ObserveError
from reconciler.render.promql import REQUESTS, SECONDS

_QUESTION = re.compile(r'(\w+)\{[^}]*perennial_release="(\w+)"(,code=~"5\.\.")?\}\[(\d+)s\]')
EDGES = tuple(0.01 * 1.1**power for power in range(60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What one release does with its requests, evenly: so many a minute, a share of which fails."""

    per_minute: int
    failing: float
    seconds: float = 0.1


@dataclass(slots=True)
class Traffic:
    """A Metrics. `served` is by the first ten digits of a release's digest; `asked` are all questions so far."""

    served: Mapping[str, Served]
    asked: list[str] = field(default_factory=list)
    broken: bool = False

    def instant(self, query: str, at: datetime) -> float:
        series, one, failed, minutes = self._about(query)
        if series != REQUESTS:
            return 0.0
        rows = one.per_minute * minutes
        return rows * one.failing if failed else rows

    def vector(self, query: str, at: datetime) -> tuple[Sample, ...]:
        series, one, _, minutes = self._about(query)
        assert series == SECONDS
        rows = one.per_minute * minutes
        below = {f"{edge:g}": rows if edge >= one.seconds else 0.0 for edge in EDGES} | {"+Inf": rows}
        return tuple(Sample(labels={"le": edge}, value=value) for edge, value in below.items())

    def range(self, query: str, start: datetime, end: datetime, step: timedelta) -> Sequence[Point]:
        raise NotImplementedError

    def _about(self, query: str) -> tuple[str, Served, bool, float]:
        self.asked.append(query)
        if self.broken:
            raise ObserveError("connection refused")
        found = _QUESTION.search(query)
        assert found, query
        series, part, failed, seconds = found.groups()
        return series, self.served.get(part, Served(per_minute=0, failing=0.0)), bool(failed), int(seconds) / 60
