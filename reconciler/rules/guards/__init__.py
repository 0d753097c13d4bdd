"""Guards hold a retrain back: YES is "may go". The union of all `type:`s."""

from typing import Annotated, TypeAlias

from pydantic import Field

from reconciler.rules.guards.cooldown import Cooldown
from reconciler.rules.guards.hold import HoldGuard
from reconciler.rules.guards.minimum_new_labels import MinimumNewLabels
from reconciler.rules.guards.one_change_open import OneChangeOpen

Guard: TypeAlias = Annotated[Cooldown | MinimumNewLabels | HoldGuard | OneChangeOpen, Field(discriminator="type")]
