"""`spec.rollback` of a model: what takes a release back without anybody asking, and who merges that."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from reconciler.domain.tiers import Tier
from reconciler.rules.alarms import Alarm
from reconciler.rules.alarms.aborted import Aborted
from reconciler.rules.alarms.degraded import Degraded
from reconciler.rules.fields import Duration, Written

USUAL = (Degraded(type="degraded"), Aborted(type="aborted"))


class Merging(StrEnum):
    """Who merges a roll-back that automation proposes."""

    BY_TIER = "byTier"
    """Of the tiers `low` and `standard` it merges itself, because it goes back to what was approved before."""
    ITSELF = "itself"
    """It merges itself, whatever the tier."""
    REVIEWED = "reviewed"
    """Somebody merges it."""


class Rollback(Written):
    """When automation takes back what runs, and how. People can always do so with `perennial rollback`."""

    when: Annotated[tuple[Alarm, ...], Field(strict=False)] = USUAL
    """Alarms, of which one is enough. Left out: `degraded` and `aborted`; an empty list: nothing is taken back by itself."""
    settle: Duration = timedelta(minutes=10)
    """Numbers are not listened to until a release has run for so long, nor before all of their window is about it."""
    merge: Merging = Field(default=Merging.BY_TIER, strict=False)
    """Who merges it."""

    def merges_itself(self, tier: Tier) -> bool:
        """Nobody is waited for."""
        match self.merge:
            case Merging.BY_TIER:
                return tier is not Tier.HIGH
            case Merging.ITSELF:
                return True
            case Merging.REVIEWED:
                return False
