"""What the ledger remembers: one line per thing decided or done, never changed afterwards, each chained to the one before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reconciler.domain.names import Digest
from reconciler.domain.releases import digest_of, digest_of_bytes


class EventKind(StrEnum):
    """The closed list of things worth remembering."""

    TRAINED = "trained"
    TRAINING_FAILED = "trainingFailed"
    TRAINING_INTERRUPTED = "trainingInterrupted"
    REFUSED = "refused"
    PROPOSED = "proposed"
    DECLINED = "declined"
    PROMOTED = "promoted"
    TAKEN_BACK = "takenBack"
    ROLLED_BACK = "rolledBack"
    ABORTED = "aborted"
    REQUESTED = "requested"
    OVERRIDDEN = "overridden"
    GATE_OVERRIDDEN = "gateOverridden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the ledger. `id` is made from what happened, so writing it twice leaves one line."""

    id: str
    at: datetime
    model: str
    kind: EventKind
    message: str
    details: Mapping[str, str | int | float]


FIRST = digest_of_bytes(b"")
"""What a first line names as the one before it: the digest of nothing."""


def linked(line: Mapping[str, object], previous: Digest) -> dict[str, object]:
    """The line with its place in the chain: the digest of the line before it, and its own, which covers that."""
    placed = {**line, "previous": previous}
    return {**placed, "digest": own_digest(placed)}


def own_digest(line: Mapping[str, object]) -> Digest:
    """The digest of all of the line but the digest that stands in it."""
    return digest_of({key: value for key, value in line.items() if key != "digest"})
