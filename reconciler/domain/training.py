"""What is asked of the machinery that trains, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from reconciler.domain.names import Revision
from reconciler.domain.releases import Fingerprint

HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one run may use: `seconds` for all stages together, `memory` in bytes of all its processes (None: no limit)."""

    seconds: float = 6 * HOUR
    memory: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often a failure that may pass is tried again, and the wait in seconds before the second try, then doubled."""

    limit: int = 0
    backoff: float = 60.0

    def wait_before(self, number: int) -> float:
        """Seconds before try `number`, which counts from 1; before the first there is none."""
        return self.backoff * float(1 << (number - 2)) if number > 1 else 0.0


USUAL_LIMITS = Limits()
NO_RETRIES = Retries()


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A training that began. One whose process is gone, and that did not end, was interrupted."""

    model: str
    at: datetime
    as_of: datetime
    reason: str
    made_from: Fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOrder:
    """Run the model's stages on a checkout of `base` with `files` laid over it. `begun` is remembered until the run ends."""

    model: str
    base: Revision
    files: Mapping[str, str]
    limits: Limits = USUAL_LIMITS
    retries: Retries = NO_RETRIES
    begun: Begun | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What an hour of training costs, in a currency of ISO 4217."""

    per_hour: float
    currency: str


class Resource(StrEnum):
    """What a run can use too much of."""

    TIME = "time"
    MEMORY = "memory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exceeded:
    """A run was ended because it used too much: seconds, or bytes."""

    resource: Resource
    used: float
    allowed: float

    def __str__(self) -> str:
        if self.resource is Resource.TIME:
            return f"ran for {self.used:,.0f} s, {self.allowed:,.0f} s are allowed"
        return f"used {self.used / 2**20:,.0f} MiB of memory, {self.allowed / 2**20:,.0f} MiB are allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """The files under version control that the run wrote: dvc.lock and runs/<model>/*, by path.

    `seconds` is how long it took (None: nobody measured), and `failures` are the sentences of the tries before the one that
    went well; two runs that wrote the same are equal, however long they took.
    """

    files: Mapping[str, str]
    seconds: float | None = field(default=None, compare=False)
    failures: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingFailed:
    """The run ended badly: the stage that failed and the end of its log, free of secrets and local paths. `seconds` as above.

    `transient`: the same again may go well. `failures` are the sentences of the tries before the last.
    """

    stage: str
    message: str
    log_tail: str
    seconds: float | None = field(default=None, compare=False)
    exceeded: Exceeded | None = None
    transient: bool = False
    failures: tuple[str, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.stage}: {self.message}"


TrainingResult = Trained | TrainingFailed
