"""Releases that are unwell, for tests of what takes them back."""

from typing import Any

from reconciler.domain.clusters import Deployed, Health, Sync
from reconciler.domain.facts import ModelFacts, OpenChange
from reconciler.domain.fallbacks import Fallback
from reconciler.domain.names import release_path
from reconciler.domain.releases import Release
from tests.builders import NOW, a_release, a_revision, an_open_change, facts

BEFORE = a_release("before", version="0.9.0")
LIVE = a_release()
PATH = release_path("flight-delay", "production")


def a_deployed(release: Release = LIVE, **changes: Any) -> Deployed:
    """The release in production, whose health is Degraded."""
    told: dict[str, Any] = {
        "health": Health.DEGRADED,
        "sync": Sync.SYNCED,
        "message": "Deployment flight-delay exceeded its progress deadline",
        "digests": frozenset({release.digest}),
    }
    return Deployed(application="flight-delay.production", **told | changes)


def a_fallback(**changes: Any) -> Fallback:
    """0.9.0 ran before what runs now."""
    files: dict[str, str | None] = {PATH: "release: 0.9.0\n", "runs/flight-delay/new.json": None}
    return Fallback(**{"digest": LIVE.digest, "release": BEFORE, "files": files} | changes)


def unwell(**changes: Any) -> ModelFacts:
    """Production runs 1.0.0, which is degraded; 0.9.0 ran before."""
    usual: dict[str, Any] = {
        "introduced": {"production": a_revision("promotion")},
        "deployed": {"production": a_deployed()},
        "fallbacks": {"production": a_fallback()},
    }
    return facts(**usual | changes)


def a_takeback(**changes: Any) -> OpenChange:
    """An open pull request that takes the release back."""
    return an_open_change(
        **{"number": 9, "environment": "production", "digest": LIVE.digest, "written": NOW, "tip": a_revision("back")} | changes
    )
