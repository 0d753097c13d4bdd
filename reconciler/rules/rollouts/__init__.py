"""How a release reaches its users: the union of all rollouts."""

from reconciler.rules.rollouts.direct import Direct

Rollout = Direct
