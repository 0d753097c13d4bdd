"""Worlds for the planner's tests: one model, its facts, and the branches."""

from dataclasses import replace
from typing import Any

from reconciler.domain.changes import find_marker
from reconciler.domain.facts import ModelFacts, OpenChange
from reconciler.domain.steps import Propose
from reconciler.domain.world import EnvironmentFacts, World
from reconciler.specs.parameters import RunParameters
from reconciler.specs.policies import GatePolicy, RetrainPolicy
from reconciler.specs.specs import Specs
from tests.builders import NOW, PROVEN, a_model, a_policy, a_revision, an_open_change, facts, specs_of
from tests.unit.plan.situations import GATES

NOWHERE = EnvironmentFacts(tip=None, files={}, proofs={"flight-delay": PROVEN})
PARAMETERS = b"models:\n  flight-delay:\n    asOf: '2013-03-01'\n    champion: none\n    dataset: flights\n    seed: 7\n"


def a_world(seen: ModelFacts | None = None, **changes: Any) -> World:
    """The usual model's facts at NOW, on main's commit, nothing rendered."""
    seen = seen or facts()
    world = World(
        head=a_revision(),
        at=NOW,
        models={seen.model: seen},
        environments={"production": NOWHERE, "staging": NOWHERE},
        branches={"main": a_revision()},
    )
    return replace(world, **changes)


def the_specs(seen: ModelFacts | None = None, *, triggers: Any = None, guards: Any = (), **model: Any) -> Specs:
    """Specs of that model whose release files are those of the facts."""
    triggers = triggers or {"any": [{"type": "newLabels", "rows": 20_000}, {"type": "specChanged"}]}
    specs = specs_of(
        a_model(**{"environments": ["staging", "production"], **model}),
        retrain={"standard": a_policy(RetrainPolicy, triggers=triggers, guards=list(guards))},
        gates={"standard": a_policy(GatePolicy, gates=GATES)},
        releases={"flight-delay": (seen or facts()).releases},
        parameters={"flight-delay": RunParameters(dataset="flights", as_of=NOW, seed=7)},
    )
    return replace(specs, files={**specs.files, "params.yaml": PARAMETERS})


def proposed(step: Propose, **changes: Any) -> OpenChange:
    """The open pull request that the step leads to."""
    marker = find_marker(step.body)
    assert marker is not None
    values = {"environment": step.environment, "digest": step.digest, "content": marker.content}
    told = {"title": step.title, "body": step.body, "labels": step.labels}
    return an_open_change(**{**values, **told, **changes})
