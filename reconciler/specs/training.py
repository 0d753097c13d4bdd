"""The part `training` of kind Model: how it is trained, and what one run may use."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from reconciler.domain import training
from reconciler.rules.fields import Count, Duration, Written
from reconciler.specs.search import Search
from reconciler.specs.weights import LabelConfidence, Weights


class Estimator(StrEnum):
    """Estimators of scikit-learn that can be built from the spec; all others come from the folder `models/<name>`."""

    HIST_GRADIENT_BOOSTING = "histGradientBoosting"
    RANDOM_FOREST = "randomForest"
    LOGISTIC_REGRESSION = "logisticRegression"
    RIDGE = "ridge"
    CUSTOM = "custom"
    SGD = "sgd"
    COMMAND = "command"


class RowFormat(StrEnum):
    """How rows are given to a program, and taken from it."""

    PARQUET = "parquet"
    CSV = "csv"


RUN_TIME, PREDICT_TIME = timedelta(hours=6), timedelta(minutes=10)
Command = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1, strict=False)]
Memory = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,6}(Mi|Gi)$")]


class Limits(Written):
    """What one run of all stages may use. A run that needs more is ended and recorded as failed; the live model stays."""

    time: Duration | None = None
    """How long it may take; none: 6 hours, or 10 minutes where a program answers for rows."""
    memory: Memory | None = None
    """Of all its processes together; none: no limit."""

    def of_run(self, usual: timedelta = RUN_TIME) -> training.Limits:
        """As they are held to; `usual` is the time where none is written."""
        seconds = (self.time or usual).total_seconds()
        return training.Limits(seconds=seconds, memory=bytes_of(self.memory) if self.memory else None)


class Retries(Written):
    """What is done about a failure that may pass: a source that could not be read, a process that was killed."""

    limit: Annotated[int, Field(ge=0, le=10)] = 0
    """How often it is tried again."""
    backoff: Duration = timedelta(minutes=1)
    """The wait before the second try; doubled by each further one."""

    def of_run(self) -> training.Retries:
        """As they are held to."""
        return training.Retries(limit=self.limit, backoff=self.backoff.total_seconds())


class Checkpoint(Written):
    """Keep what is trained so far, so that a training that is killed goes on there."""

    every: Count
    """After so many boosting rounds, or trees."""


class Incremental(Written):
    """Train the champion's model further on the rows that it has not seen, instead of anew on all of them."""

    full_every: Duration
    """Train anew when the last full training is that old; also when the spec, code or environment changed."""


class Predict(Written):
    """The program that answers for rows, with the model that the training's program left."""

    command: Command
    """The program and its arguments; it is given rows, and leaves predictions."""
    limits: Limits = Limits()
    """What it may use each time that it is asked."""


class Training(Written):
    """How it is trained. Windows count back from the newest row whose label is known."""

    estimator: Estimator = Field(default=Estimator.HIST_GRADIENT_BOOSTING, strict=False)
    """`custom` calls `build(spec, seed)` of `models/<name>/pipeline.py`; `command` runs a program in whatever language."""
    parameters: dict[str, Any] = {}
    """Keyword arguments of the scikit-learn estimator; a program reads them as it likes."""
    command: Command | None = None
    """Of `command`: the program that trains, and its arguments."""
    predict: Predict | None = None
    """Of `command`: the program that answers for rows."""
    weights: Weights | None = None
    """How much each training row counts; none: all the same."""
    label_confidence: LabelConfidence | None = None
    """Which labels are sure enough to learn from; none: all."""
    incremental: Incremental | None = None
    """When to train the champion's model further; none: each training is one from the beginning."""
    checkpoint: Checkpoint | None = None
    """When to keep what is trained so far; none: a training that is killed begins anew."""
    search: Search | None = None
    """Parameters that are tried before the model is trained; none: those of `parameters` are taken."""
    rows: RowFormat = Field(default=RowFormat.PARQUET, strict=False)
    """Of `command`: how the programs are given rows."""
    window: Duration | None = None
    """Train on rows at most this much older than the hold-out; none: all history."""
    holdout: Duration
    """The newest rows, kept for judging."""
    limits: Limits = Limits()
    """What one run may use."""
    retries: Retries = Retries()
    """How often a failure that may pass is tried again."""

    @property
    def columns(self) -> tuple[str, ...]:
        """What is read of every training row beside features and label, each once."""
        asked = (self.weights.column if self.weights else None, self.label_confidence.column if self.label_confidence else None)
        return tuple(dict.fromkeys(column for column in asked if column is not None))


STEERS = frozenset({"limits", "retries"})
"""Keys of `training` that say how a run goes, and nothing of the model that it makes."""


def bytes_of(memory: str) -> int:
    """`512Mi` or `4Gi` as a number of bytes."""
    return int(memory[:-2]) << (20 if memory.endswith("Mi") else 30)
