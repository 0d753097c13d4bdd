"""How a release reaches its users: the union of all rollouts."""

from typing import Annotated, TypeAlias

from pydantic import Field

from reconciler.rules.rollouts.ab_test import AbTest
from reconciler.rules.rollouts.bandit import Bandit
from reconciler.rules.rollouts.blue_green import BlueGreen
from reconciler.rules.rollouts.canary import Canary
from reconciler.rules.rollouts.direct import Direct
from reconciler.rules.rollouts.shadow import Shadow

Rollout: TypeAlias = Annotated[Direct | Canary | BlueGreen | Shadow | AbTest | Bandit, Field(discriminator="type")]
