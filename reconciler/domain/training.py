"""What is asked of the machinery that trains, and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.domain.names import Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOrder:
    """Run the model's stages on a checkout of `base` with `files` laid over it."""

    model: str
    base: Revision
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What an hour of training costs, in a currency of ISO 4217."""

    per_hour: float
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """The files under version control that the run wrote: dvc.lock and runs/<model>/*, by path.

    `seconds` is how long it took (None: nobody measured); two runs that wrote the same are equal, however long they took.
    """

    files: Mapping[str, str]
    seconds: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingFailed:
    """The run ended badly: the stage that failed and the end of its log, free of secrets and local paths. `seconds` as above."""

    stage: str
    message: str
    log_tail: str
    seconds: float | None = field(default=None, compare=False)


TrainingResult = Trained | TrainingFailed
