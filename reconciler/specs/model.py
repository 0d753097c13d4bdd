"""Kind Model: what a team wants of one model."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field

from reconciler.rules.fields import Count, Duration, Name, Written
from reconciler.specs.metadata import Spec


class Task(StrEnum):
    """What is predicted."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    REGRESSION = "regression"


class Band(Written):
    """One class of a number cut into classes: all values below `below` that no earlier class took. The last has no bound."""

    name: Annotated[str, Field(min_length=1)]
    """What the class is called."""
    below: float | None = None
    """The first value that belongs to a later class; only the last class has none."""


class Target(Written):
    """What is predicted: the dataset's label as it is, or classes cut from it.

    `atLeast` makes a binary target of a number; `classes` an ordered multiclass one; `positive` names the positive
    category of a binary label that is not 0 and 1.
    """

    at_least: float | None = None
    """The label is a number; from this value on it is the positive class."""
    positive: str | None = None
    """The label is a category; this one is the positive class."""
    classes: Annotated[tuple[Band, ...], Field(strict=False)] | None = None
    """The label is a number that is cut into these classes, in ascending order."""


class Features(Written):
    """Columns that the model may look at, by how they are treated."""

    numeric: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Columns used as numbers."""
    categorical: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Columns used as categories."""

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, numeric first."""
        return self.numeric + self.categorical


class Estimator(StrEnum):
    """Estimators of scikit-learn that can be built from the spec; others come from `models/<name>/pipeline.py`."""

    HIST_GRADIENT_BOOSTING = "histGradientBoosting"
    RANDOM_FOREST = "randomForest"
    LOGISTIC_REGRESSION = "logisticRegression"
    RIDGE = "ridge"
    CUSTOM = "custom"


class Training(Written):
    """How it is trained. Windows count back from the newest row whose label is known."""

    estimator: Estimator = Field(default=Estimator.HIST_GRADIENT_BOOSTING, strict=False)
    """`custom` calls `build(spec, seed)` of `models/<name>/pipeline.py`."""
    parameters: dict[str, Any] = {}
    """Keyword arguments of the scikit-learn estimator."""
    window: Duration | None = None
    """Train on rows at most this much older than the hold-out; none: all history."""
    holdout: Duration
    """The newest rows, kept for judging."""


class Resources(Written):
    """Requests and limits of the serving container."""

    cpu: Annotated[str, Field(pattern=r"^[0-9]+m?$")] = "500m"
    """Cores, or thousandths of a core."""
    memory: Annotated[str, Field(pattern=r"^[0-9]+(Mi|Gi)$")] = "512Mi"
    """Mebibytes or gibibytes."""


class Serve(Written):
    """How the model is served."""

    image: Annotated[str, Field(min_length=1)] = "perennial/serve:0.1.0"
    """The container image of your model server."""
    port: Annotated[int, Field(ge=1024, le=65535)] = 8080
    """Where it listens."""
    replicas: Annotated[int, Field(ge=0, le=1000)] = 1
    """Pods per environment."""
    resources: Resources = Resources()
    """What each pod may use."""


class Observation(StrEnum):
    """Where live predictions come from."""

    SCORE = "score"
    """Score recent rows of the dataset's source with the released model."""


class ModelBody(Written):
    """The spec. `dataset`, `task`, `target`, `features` and `training` make the model; the rest steers it."""

    dataset: Name
    """The Dataset that it learns from."""
    task: Task = Field(strict=False)
    """What kind of answer it gives."""
    target: Target = Target()
    """How the label becomes what is predicted; empty: as it is."""
    features: Features
    """What it may look at."""
    training: Training
    """How it is trained."""
    retrain: Name
    """The RetrainPolicy."""
    gates: Name
    """The GatePolicy."""
    rollout: Name
    """The RolloutPolicy."""
    environments: Annotated[tuple[Name, ...], Field(min_length=1, strict=False)]
    """In the order of promotion; the last one is production, whose release is the champion."""
    metrics: Annotated[tuple[str, ...], Field(min_length=1, strict=False)]
    """What is measured; the first is the primary one."""
    observe: Observation = Field(default=Observation.SCORE, strict=False)
    """Where its live predictions come from."""
    serve: Serve = Serve()
    """How it is served."""
    bootstrap: Annotated[Count, Field(ge=2000)] = 2000
    """Resamples behind every interval."""


class Model(Spec):
    """A model that is to be kept fresh."""

    kind: Literal["Model"]
    spec: ModelBody

    @property
    def champion_environment(self) -> str:
        """The environment whose release is the champion."""
        return self.spec.environments[-1]
