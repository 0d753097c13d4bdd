"""Kind Model: what a team wants of one model."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.tiers import Tier
from reconciler.rules.fields import Count, Name, Written
from reconciler.specs.environments import Chain, Environment
from reconciler.specs.metadata import Metadata, Spec
from reconciler.specs.promotion import Promotion
from reconciler.specs.rollback import Rollback
from reconciler.specs.serving import Serve
from reconciler.specs.training import Training


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


class Price(Written):
    """What a training costs. Where none is declared, no duration and no cost is recorded."""

    per_hour: Annotated[float, Field(ge=0)]
    """For one hour of training."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    """ISO 4217."""


class CardText(Written):
    """What only people can say of a model, for its card."""

    intended_use: str = ""
    """What it is for, and who uses it how."""
    not_for: str = ""
    """What it must not be used for."""
    considerations: str = ""
    """Whom it may harm, what was done about it, and what to keep in mind."""


class Observation(StrEnum):
    """Where live predictions come from."""

    SCORE = "score"
    """Score recent rows of the dataset's source with the released model."""
    LOG = "log"
    """Read the prediction log that serving writes, joined with the label log (`logs` of the settings)."""


class Aggregate(StrEnum):
    """How a column's values become one number."""

    MEAN = "mean"
    SUM = "sum"
    COUNT = "count"
    MEDIAN = "median"


class BusinessMetric(Written):
    """A number that the business looks at: a column of the dataset, a query of its database, or a PromQL query."""

    name: Annotated[str, Field(pattern=r"^[a-zA-Z][A-Za-z0-9]{0,50}$")]
    """How rules call it."""
    column: str | None = None
    """A column of the dataset, over the rows of a window."""
    aggregate: Aggregate = Field(default=Aggregate.MEAN, strict=False)
    """Of a column: how its values become one number."""
    query: str | None = None
    """SQL that returns one number; `:start` and `:end` are the window's UTC times."""
    url: str | None = None
    """Of a SQL query: the SQLAlchemy URL; `${NAME}` is read from the environment."""
    promql: str | None = None
    """A PromQL query that returns one number; `$window` is the window, e.g. `7d`."""


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
    chain: Chain
    """In the order of promotion; the last one is production, whose release is the champion. Names, or more about each."""
    metrics: Annotated[tuple[str, ...], Field(min_length=1, strict=False)]
    """What is measured; the first is the primary one."""
    observe: Observation = Field(default=Observation.SCORE, strict=False)
    """Where its live predictions come from."""
    business: Annotated[tuple[BusinessMetric, ...], Field(strict=False)] = ()
    """Business metrics, for the trigger `businessMetric`."""
    slices: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Categorical features whose values are looked at apart in drift reports."""
    protected: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Columns that gates compare groups by. The snapshot carries them; the model sees only those that are features too."""
    price: Price | None = None
    """What an hour of training costs; measured runs are billed by it (guards `budget` and `returnOnInvestment`)."""
    rollback: Rollback = Rollback()
    """What takes a release back without anybody asking."""
    promotion: Promotion = Promotion()
    """Who is asked for a review, and who must approve."""
    serve: Serve = Serve()
    """How it is served."""
    card: CardText = CardText()
    """What its model card says beside what was measured."""
    bootstrap: Annotated[Count, Field(ge=2000)] = 2000
    """Resamples behind every interval."""

    @property
    def environments(self) -> tuple[str, ...]:
        """Names of the environments, in the order of promotion."""
        return tuple(link.name for link in self.chain)

    def environment(self, name: str) -> Environment:
        """What the environment asks of a release; one that is in no chain asks for nothing."""
        return next((link for link in self.chain if link.name == name), Environment(name=name))


class ModelMetadata(Metadata):
    """Who it is, whose it is, and how much harm it can do."""

    tier: Tier = Field(default=Tier.STANDARD, strict=False)
    """`low` merges its own promotions when all gates say YES, `standard` needs an approval, `high` one by a named owner."""


class Model(Spec):
    """A model that is to be kept fresh."""

    kind: Literal["Model"]
    metadata: ModelMetadata
    spec: ModelBody

    @property
    def champion_environment(self) -> str:
        """The environment whose release is the champion."""
        return self.spec.environments[-1]

    def promotion_to(self, environment: str) -> Promotion:
        """Who is asked, and who must agree, where the release is to go to this environment."""
        usual, asked = self.spec.promotion, self.spec.environment(environment).approvals
        if asked is None:
            return usual
        least = max(1, usual.needed(self.metadata.tier)) if asked.owners else usual.approvals
        wanted = {"owners": asked.owners or usual.owners, "approvals": least if asked.count is None else asked.count}
        return usual.model_copy(update=wanted)

    def needs_owner(self, environment: str) -> bool:
        """One of the owners must approve of a promotion to this environment: of tier `high`, or where it names its own."""
        asked = self.spec.environment(environment).approvals
        return self.metadata.tier is Tier.HIGH or (asked is not None and bool(asked.owners))

    def told_approvals(self, environment: str) -> str:
        """Who must agree to a promotion to this environment, in words."""
        return self.promotion_to(environment).told(self.metadata.tier, owner=self.needs_owner(environment))
