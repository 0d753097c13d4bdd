"""What the ledger remembers: one line per thing decided or done, never changed afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """The closed list of things worth remembering."""

    TRAINED = "trained"
    TRAINING_FAILED = "trainingFailed"
    REFUSED = "refused"
    PROPOSED = "proposed"
    DECLINED = "declined"
    PROMOTED = "promoted"
    ROLLED_BACK = "rolledBack"
    REQUESTED = "requested"
    OVERRIDDEN = "overridden"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the ledger. `id` is made from what happened, so writing it twice leaves one line."""

    id: str
    at: datetime
    model: str
    kind: EventKind
    message: str
    details: Mapping[str, str | int | float]
