"""Chains of environments for the planner's tests: what runs where, since when, and what was trained meanwhile."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from reconciler.domain.clusters import Deployed, Health, Sync
from reconciler.domain.facts import Candidate, History, ModelFacts, Move
from reconciler.domain.names import Digest
from reconciler.domain.releases import Release
from reconciler.plan.situation import Situation
from tests.builders import NOW, a_candidate, a_release, a_revision, facts
from tests.unit.plan.situations import a_situation

HOUR = timedelta(hours=1)
SOAKED: list[Any] = [{"name": "staging", "soak": "24h"}, "production"]
"""The usual chain: a release runs in staging for a day before it goes on."""


def a_move(release: Release, ago: timedelta, **changes: Any) -> Move:
    """The environment began to run the release so long ago."""
    at = NOW - ago
    commit = a_revision(f"{release.environment} {release.version}")
    move = Move(environment=release.environment, digest=release.digest, version=release.version, at=at, commit=commit)
    return replace(move, **changes)


def landed(release: Release, **changes: Any) -> Candidate:
    """The release as the candidate that it is for the next environment, read from main."""
    return replace(a_candidate(), build=release.build, revision=a_revision(release.version), landed=True, **changes)


def soaking(ago: timedelta = 25 * HOUR, *, newer: Candidate | None = None, **changes: Any) -> ModelFacts:
    """Production runs 1.0.0, staging 1.1.0 since so long ago; `newer` is what was trained meanwhile."""
    live, next_one = a_release(), a_release("next", environment="staging", version="1.1.0")
    moves = (a_move(live, 300 * HOUR), a_move(next_one, ago))
    usual = {
        "releases": {"production": live, "staging": next_one},
        "introduced": {move.environment: move.commit for move in moves},
        "onward": {"staging": landed(next_one)},
        "candidate": newer,
        "history": History(moves=moves, released=frozenset((move.environment, move.digest) for move in moves)),
    }
    return facts(**usual | changes)


def deployed(digest: Digest, health: Health = Health.HEALTHY, since: datetime | None = None, **changes: Any) -> Deployed:
    """Staging as its cluster has it."""
    seen = Deployed(application="flight-delay.staging", health=health, sync=Sync.SYNCED, digests=frozenset({digest}), since=since)
    return replace(seen, **changes)


def a_chain(seen: ModelFacts | None = None, chain: Any = None, **changes: Any) -> Situation:
    """The situation of a model with the chain."""
    return a_situation(seen or soaking(), environments=chain or SOAKED, **changes)
