"""Kinds RetrainPolicy, GatePolicy and RolloutPolicy: thresholds, apart from the models that share them."""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.rules.fields import Written
from reconciler.rules.gates import Gate
from reconciler.rules.guards import Guard
from reconciler.rules.rollouts import Rollout
from reconciler.rules.triggers import Trigger
from reconciler.specs.metadata import Spec


class RetrainBody(Written):
    """When to retrain (the trigger fires) and when not (a guard objects or cannot tell)."""

    triggers: Trigger
    guards: Annotated[tuple[Guard, ...], Field(strict=False)] = ()


class RetrainPolicy(Spec):
    """When a model is retrained."""

    kind: Literal["RetrainPolicy"]
    spec: RetrainBody


class GateBody(Written):
    """All must say YES; an empty list promotes nothing."""

    gates: Annotated[tuple[Gate, ...], Field(strict=False)]


class GatePolicy(Spec):
    """What a candidate must prove."""

    kind: Literal["GatePolicy"]
    spec: GateBody


class RolloutPolicy(Spec):
    """How a merged release reaches its users."""

    kind: Literal["RolloutPolicy"]
    spec: Rollout
