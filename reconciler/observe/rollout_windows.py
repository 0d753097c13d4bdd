"""What was counted of the releases of a rollout, window by window; what is settled is remembered and not asked again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from reconciler.domain.known import Known, Missing
from reconciler.domain.names import Digest
from reconciler.domain.releases import digest_of
from reconciler.domain.rollouts import Changeover, Observed, RolloutFacts, Window
from reconciler.domain.tallies import Tally
from reconciler.observe.rollout_metrics import Measured
from reconciler.observe.rollout_tallies import tally_of, tally_text
from reconciler.ports import Readers
from reconciler.rules.analysis import Check
from reconciler.rules.analysis.errors import Errors
from reconciler.rules.analysis.latency import LatencyCheck
from reconciler.rules.analysis.saturation import Saturation
from reconciler.rules.progressive import RolloutRule
from reconciler.specs.model import Model

SETTLED = timedelta(minutes=10)
"""So long after its end a window's numbers may still come in."""
VERSION = 1
"""Counts up when what is counted changes its meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One model in one environment, and the policy that says what is looked at."""

    model: Model
    environment: str
    rollout: RolloutRule
    now: datetime


def counted(changeover: Changeover, watched: Watched, readers: Readers) -> Changeover:
    """The same with everything counted that the policy looks at. What cannot be counted is Missing, and stops no other count."""
    windows = [_counted(window, watched, readers) for window in changeover.facts.windows]
    return replace(changeover, facts=RolloutFacts(windows=tuple(windows)))


def _counted(window: Window, watched: Watched, readers: Readers) -> Window:
    releases = {
        digest: replace(seen, tallies=dict(_tallies(digest, seen, watched, readers))) for digest, seen in window.releases.items()
    }
    return replace(window, releases=releases)


def _tallies(digest: Digest, seen: Observed, watched: Watched, readers: Readers) -> Iterator[tuple[str, Known[Tally]]]:
    checks: tuple[Check, ...] = getattr(watched.rollout, "analysis", ())
    for check in checks:
        match check:
            case Errors() | LatencyCheck() | Saturation():
                yield check.key, _measured(check, digest, seen, watched, readers)
            case _:
                yield check.key, Missing(code="notMeasured", why=f"{check.type} is not measured yet")


def _measured(
    check: Errors | LatencyCheck | Saturation, digest: Digest, seen: Observed, watched: Watched, readers: Readers
) -> Known[Tally]:
    resources = watched.model.spec.serve.resources
    identity = {
        "version": VERSION,
        "model": watched.model.name,
        "environment": watched.environment,
        "digest": digest,
        "check": check.key,
        "since": seen.since.isoformat(),
        "until": seen.until.isoformat(),
        "resources": resources.model_dump(mode="json"),
    }
    key = digest_of(identity)
    if (known := tally_of(readers.memory.recall(key))) is not None:
        return known
    measured = Measured(
        metrics=readers.metrics,
        model=watched.model.name,
        environment=watched.environment,
        digest=digest,
        since=seen.since,
        until=seen.until,
        resources=resources,
    )
    found = measured.count(check)
    if seen.until + SETTLED <= watched.now and not isinstance(found, Missing):
        readers.memory.remember(key, tally_text(found).encode())
    return found
