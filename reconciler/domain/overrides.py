"""A reviewed override: gates that do not count for a while, by whom, why, and what it is about."""

from dataclasses import dataclass
from datetime import datetime

from reconciler.domain.names import Digest

ON_THE_WAY = ("soak", "pinCandidate", "freeze")
"""What an override may set aside beside gates: whatever an environment asks of a release that is to come to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateOverride:
    """What `models/<model>/override.yaml` says. It is about a candidate, or about whatever is to follow a champion: one is None.

    It counts from `since` on, and no more at `until`.
    """

    gates: tuple[str, ...]
    candidate: Digest | None
    champion: Digest | None
    owner: str
    reason: str
    since: datetime
    until: datetime
