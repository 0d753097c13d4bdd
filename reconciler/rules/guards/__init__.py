"""Guards hold a retrain back: YES is "may go". The union of all `type:`s."""

from typing import Annotated, TypeAlias

from pydantic import Field

from reconciler.rules.guards.backoff import Backoff
from reconciler.rules.guards.budget import Budget
from reconciler.rules.guards.concurrency import Concurrency
from reconciler.rules.guards.cooldown import Cooldown
from reconciler.rules.guards.data_quality import DataQuality
from reconciler.rules.guards.freeze import Freeze
from reconciler.rules.guards.hold import HoldGuard
from reconciler.rules.guards.label_lag import LabelLag
from reconciler.rules.guards.label_maturity import LabelMaturity
from reconciler.rules.guards.minimum_new_labels import MinimumNewLabels
from reconciler.rules.guards.minimum_new_rows import MinimumNewRows
from reconciler.rules.guards.one_change_open import OneChangeOpen
from reconciler.rules.guards.rate_limit import RateLimit
from reconciler.rules.guards.return_on_investment import ReturnOnInvestment
from reconciler.rules.guards.training_window import TrainingWindow

Guard: TypeAlias = Annotated[
    Cooldown
    | Backoff
    | MinimumNewRows
    | MinimumNewLabels
    | LabelLag
    | LabelMaturity
    | DataQuality
    | Budget
    | RateLimit
    | Concurrency
    | Freeze
    | TrainingWindow
    | ReturnOnInvestment
    | HoldGuard
    | OneChangeOpen,
    Field(discriminator="type"),
]
