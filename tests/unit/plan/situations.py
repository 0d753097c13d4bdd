"""Situations for the planner's tests."""

from typing import Any

from reconciler.domain.facts import ModelFacts
from reconciler.plan.situation import AT_ONCE, Situation
from reconciler.specs.policies import GatePolicy, RetrainPolicy
from tests.builders import NOW, a_model, a_policy, facts

GATES = [
    {"type": "dataQuality"},
    {"type": "floor", "metric": "rocAuc", "atLeast": 0.6},
    {"type": "beatsLive", "metric": "rocAuc"},
]


def a_situation(
    seen: ModelFacts | None = None,
    *,
    triggers: Any = None,
    guards: Any = (),
    gates: Any = None,
    rollout: Any = AT_ONCE,
    **model: Any,
) -> Situation:
    """The usual model with these facts, under a policy that retrains on 20,000 new labels."""
    triggers = triggers or {"any": [{"type": "newLabels", "rows": 20_000}, {"type": "specChanged"}]}
    return Situation(
        model=a_model(**{"environments": ["staging", "production"], **model}),
        retrain=a_policy(RetrainPolicy, triggers=triggers, guards=list(guards)),
        gates=a_policy(GatePolicy, gates=GATES if gates is None else gates),
        facts=seen or facts(),
        now=NOW,
        rollout=rollout,
    )
