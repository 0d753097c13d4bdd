"""Which models a pass would do something about: for people, for programs, and as the matrix of a workflow's jobs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.domain.decisions import Decision
from reconciler.domain.steps import Publish
from reconciler.plan.plan import Plan
from reconciler.render.canonical import canonical_json
from reconciler.report.plan_text import model_of
from reconciler.report.words import decision_word

MOST_JOBS = 256
"""What GitHub takes in one matrix; the rest comes with the next run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One model, what is to be done, and why. `steps` counts what a pass would do."""

    model: str
    decision: str
    code: str
    message: str
    steps: int


def due_models(plan: Plan) -> tuple[Due, ...]:
    """Those with steps of their own, in the plan's order; what concerns a whole environment is no model's."""
    return tuple(_due(plan))


def _due(plan: Plan) -> Iterator[Due]:
    for decision in plan.decisions:
        if count := sum(not isinstance(step, Publish) and model_of(step) == decision.model for step in plan.steps):
            yield Due(model=decision.model, decision=_word(decision), code=decision.code, message=decision.message, steps=count)


def _word(decision: Decision) -> str:
    return decision_word(decision)[0].lower()


def due_json(plan: Plan) -> str:
    """`{revision, at, due: [{model, decision, code, message, steps}]}`."""
    return canonical_json({"revision": plan.revision, "at": plan.at, "due": list(due_models(plan))})


def due_text(plan: Plan) -> str:
    """A line for each."""
    lines = [f"{due.model}  {due.decision}: {due.message}" for due in due_models(plan)]
    return "\n".join(lines or ["nothing is due"])


def due_outputs(plan: Plan) -> str:
    """Lines for `$GITHUB_OUTPUT`: `models` is a JSON list, `any` true or false. No name holds more than a-z, 0-9 and `-`."""
    models = [due.model for due in due_models(plan)][:MOST_JOBS]
    return f"models={json.dumps(models, separators=(',', ':'))}\nany={'true' if models else 'false'}\n"
