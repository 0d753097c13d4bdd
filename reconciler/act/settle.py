"""Sync models with their environment's branch, and wait until they are well there: bounded, by the clock that it is given."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reconciler.domain.clusters import Deployed, Health, Sync
from reconciler.domain.known import Known, Missing
from reconciler.domain.names import Revision
from reconciler.errors import ConflictError, ObserveError, ReconcilerError
from reconciler.observe.deployed import absent
from reconciler.ports import Clock, ClusterReader, ClusterWriter

ILL_FOR = timedelta(seconds=30)
"""What is Degraded so long does not come up by itself; before that it may only be starting."""
FAILED = ("Failed", "Error")


class Verdict(StrEnum):
    """What came of waiting, or of looking once."""

    WELL = "well"
    UNDER_WAY = "underWay"
    """A rollout is paused, as its policy says: it goes on without us."""
    WAITING = "waiting"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One model in one environment. `tip` is where the environment's branch is; None: it has none."""

    environment: str
    model: str
    tip: Revision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """How it was when it was last looked at. `said` is what became of the order to sync, empty when none was needed."""

    place: Place
    seen: Known[Deployed]
    verdict: Verdict
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How long to wait: `sleep` takes seconds, `every` is between looks. `show` hears every look."""

    clock: Clock
    sleep: Callable[[float], None]
    timeout: timedelta
    every: timedelta = timedelta(seconds=5)
    show: Callable[[Sequence[Settled]], None] = lambda _: None


def sync(places: Sequence[Place], reader: ClusterReader, writer: ClusterWriter, *, prune: bool = False) -> list[Settled]:
    """Have Argo CD look at all of them now, and begin a sync of those that are not what their branch says.

    What is wrong with one of them stops no other.
    """
    told = _refreshed(places, writer)
    seen = look(places, reader)
    return [_ordered(place, one, writer, told.get(place.environment, ""), prune=prune) for place, one in seen.items()]


def look(places: Sequence[Place], reader: ClusterReader) -> Mapping[Place, Known[Deployed]]:
    """What is seen of each, with one question for each environment."""
    found: dict[str, Mapping[str, Deployed] | ObserveError] = {}
    for environment in sorted({place.environment for place in places}):
        try:
            found[environment] = reader.applications(environment)
        except ObserveError as error:
            found[environment] = error
    return {place: _of(place, found[place.environment]) for place in places}


def wait(begun: Sequence[Settled], reader: ClusterReader, waiting: Waiting) -> list[Settled]:
    """Look until none of them has to be waited for any more, or the time is over."""
    end, said = waiting.clock.now() + waiting.timeout, {one.place: one.said for one in begun}
    ill: dict[Place, datetime] = {}
    while True:
        now = waiting.clock.now()
        found = []
        for place, seen in look(list(said), reader).items():
            if isinstance(seen, Deployed) and seen.health is Health.DEGRADED:
                ill.setdefault(place, now)
            else:
                ill.pop(place, None)
            verdict = judge(place, seen, ill_for=now - ill.get(place, now))
            found.append(Settled(place=place, seen=seen, verdict=verdict, said=said[place]))
        waiting.show(found)
        if now >= end or not any(one.verdict is Verdict.WAITING for one in found):
            return found
        waiting.sleep(min(waiting.every, end - now).total_seconds())


def judge(place: Place, seen: Known[Deployed], ill_for: timedelta = timedelta()) -> Verdict:
    """Well is what is healthy, in sync, and at the branch's tip; nothing else is."""
    if isinstance(seen, Missing):
        return Verdict.WAITING
    there = seen.sync is Sync.SYNCED and seen.revision == place.tip
    if there and seen.steady:
        return Verdict.WELL
    if seen.rollout and seen.rollout.aborted and there:
        return Verdict.FAILED
    if there and seen.health is Health.SUSPENDED:
        return Verdict.UNDER_WAY
    if seen.operation in FAILED and seen.sync is not Sync.SYNCED:
        return Verdict.FAILED
    return Verdict.FAILED if seen.health is Health.DEGRADED and ill_for >= ILL_FOR else Verdict.WAITING


def _refreshed(places: Sequence[Place], writer: ClusterWriter) -> Mapping[str, str]:
    """What went wrong, by environment."""
    wrong = {}
    for environment in sorted({place.environment for place in places}):
        try:
            writer.refresh(environment, [place.model for place in places if place.environment == environment])
        except ReconcilerError as error:
            wrong[environment] = error.message
    return wrong


def _ordered(place: Place, seen: Known[Deployed], writer: ClusterWriter, said: str, *, prune: bool) -> Settled:
    """Begin where that is needed."""
    verdict = judge(place, seen)
    if not isinstance(seen, Deployed) or seen.sync is Sync.SYNCED:
        return Settled(place=place, seen=seen, verdict=verdict, said="" if isinstance(seen, Deployed) else said)
    try:
        writer.sync(place.environment, place.model, prune=prune)
        said = "a sync has begun"
    except ConflictError:
        said = "a sync runs already"
    except ReconcilerError as error:
        return Settled(place=place, seen=seen, verdict=Verdict.FAILED, said=error.message)
    return Settled(place=place, seen=seen, verdict=Verdict.WAITING, said=said)


def _of(place: Place, found: Mapping[str, Deployed] | ObserveError) -> Known[Deployed]:
    if isinstance(found, ObserveError):
        return Missing(code="clusterSilent", why=found.message)
    return found.get(place.model, absent(place.model, place.environment))
