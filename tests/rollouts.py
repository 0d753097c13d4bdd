"""Rollouts for tests: two releases, what was counted of them, and where they stand."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from pydantic import TypeAdapter

from reconciler.domain.known import Known
from reconciler.domain.names import Digest
from reconciler.domain.rollouts import Changeover, Observed, Progress, RolloutFacts, Weights, Window
from reconciler.domain.tallies import Buckets, Share, Sums, Tally
from reconciler.rules.rollouts import Rollout
from tests.builders import NOW, a_release

LIVE, NEW, THIRD = (Digest("sha256:" + letter * 64) for letter in "abc")
HOUR = timedelta(hours=1)
ROLLOUT: TypeAdapter[Any] = TypeAdapter(Rollout)
EDGES = tuple(0.01 * 1.1**power for power in range(60))
"""Seconds, from 10 ms to 2.8 s, each bucket a tenth longer than the one before."""


def a_rollout(**written: Any) -> Any:
    """The rollout as people write it."""
    return ROLLOUT.validate_python(written)


def a_canary(**changes: Any) -> Any:
    """Two steps, errors only."""
    steps = [{"weight": 5, "pause": "1h"}, {"weight": 50, "pause": "1h"}]
    return a_rollout(**{"type": "canary", "steps": steps, "analysis": [{"type": "errors", "margin": 0.02}]} | changes)


def progress(weight: int = 5, since: timedelta = 2 * HOUR, **changes: Any) -> Progress:
    """A candidate that has had the weight for so long; before it has any, weights are empty."""
    at = NOW - since
    weights = {NEW: weight, LIVE: 100 - weight} if weight else {}
    fields: dict[str, Any] = {"live": LIVE, "candidates": (NEW,), "weights": weights, "started_at": at, "changed_at": at}
    return Progress(**fields | changes)


OLD, NEXT = a_release(), a_release("candidate", version="1.1.0")


def a_changeover(weight: int = 5, since: timedelta = 2 * HOUR, facts: RolloutFacts | None = None) -> Changeover:
    """From the usual release to one that main names now, whose candidate has had the weight for so long."""
    at = NOW - since
    weights = {OLD.digest: 100 - weight, NEXT.digest: weight} if weight else {}
    at_now = Progress(live=OLD.digest, candidates=(NEXT.digest,), weights=weights, started_at=at, changed_at=at)
    return Changeover(releases=(OLD, NEXT), progress=at_now, facts=facts or RolloutFacts())


def as_changing(facts: RolloutFacts) -> RolloutFacts:
    """The same, counted of the releases of `a_changeover`."""
    names = {NEW: NEXT.digest, LIVE: OLD.digest}
    windows = [
        Window(
            weights={names[one]: weight for one, weight in window.weights.items()},
            releases={names[one]: seen for one, seen in window.releases.items()},
        )
        for window in facts.windows
    ]
    return RolloutFacts(windows=tuple(windows))


def a_window(
    mine: Mapping[str, Known[Tally]],
    live: Mapping[str, Known[Tally]],
    weight: int = 5,
    since: datetime = NOW - 2 * HOUR,
    until: datetime = NOW,
) -> Window:
    """Both releases over the same time."""
    seen = {
        NEW: Observed(since=since, until=until, tallies=mine),
        LIVE: Observed(since=since, until=until, tallies=live),
    }
    return Window(weights={NEW: weight, LIVE: 100 - weight}, releases=seen)


def seen(mine: Known[Tally], live: Known[Tally], key: str = "errors", weight: int = 5) -> RolloutFacts:
    """One count of both releases in one window."""
    return RolloutFacts(windows=(a_window({key: mine}, {key: live}, weight),))


def errors(mine: tuple[int, int], live: tuple[int, int], weight: int = 5) -> RolloutFacts:
    """Failed requests of so many, of both releases."""
    return seen(share(*mine), share(*live), weight=weight)


def share(hits: int, rows: int) -> Share:
    return Share(rows=rows, hits=hits)


def sums(mean: float, deviation: float, rows: int) -> Sums:
    """Rows of so many numbers with this mean and this standard deviation (of the population)."""
    total = Fraction(mean) * rows
    return Sums(rows=rows, total=total, squares=rows * (Fraction(mean) ** 2 + Fraction(deviation) ** 2))


def latencies(median: float, rows: int, growth: float = 1.1) -> Buckets:
    """Lognormal answering times around the median in seconds, in buckets that grow so."""
    from math import erf, log, sqrt

    edges = tuple(0.01 * growth**power for power in range(round(60 * log(1.1) / log(growth))))
    below = [round(rows * (1 + erf(log(edge / median) / 0.3 / sqrt(2))) / 2) for edge in edges]
    counts = [low - before for before, low in zip([0, *below], [*below, rows], strict=False)]
    return Buckets(counts=tuple(counts), edges=edges)


def weights(**percent: int) -> Weights:
    """By the names `new`, `live` and `third`."""
    return {{"new": NEW, "live": LIVE, "third": THIRD}[name]: weight for name, weight in percent.items()}
