"""Carry plans out, stage by stage: after each stage the world is looked at again, because it has changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reconciler.act.execute import execute
from reconciler.domain.outcomes import Outcome
from reconciler.errors import ConflictError
from reconciler.plan.plan import Plan
from reconciler.plan.stages import Stage, steps_of
from reconciler.ports import Readers, Writers

MOST_CONFLICTS = 3
Look = Callable[[], Plan]
"""Load, observe and plan from what is there now."""
Tell = Callable[[Outcome], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What was planned, and what became of one stage of it."""

    plan: Plan
    outcome: Outcome


def carry_out(stages: Sequence[Stage], look: Look, readers: Readers, writers: Writers, tell: Tell = lambda _: None) -> list[Pass]:
    """The stages that had something to do; then, but for the last stage, the plan that has nothing for those that are left.

    `tell` hears what became of a stage before the next is planned. When the world moves underneath, a stage is planned
    again. Raises ConflictError in the end.
    """
    passes: list[Pass] = []
    plan = look()
    for stage in stages:
        done = _act(plan, stage, look, readers, writers) if steps_of(plan, stage) else None
        if done and (done.outcome.steps or stage is not Stage.TELL):
            passes.append(done)
            tell(done.outcome)
            if stage is stages[-1]:
                return passes
            plan = look()
    return [*passes, Pass(plan=plan, outcome=Outcome(steps=()))]


def _act(plan: Plan, stage: Stage, look: Look, readers: Readers, writers: Writers) -> Pass:
    for _ in range(MOST_CONFLICTS - 1):
        try:
            return Pass(plan=plan, outcome=execute(plan, steps_of(plan, stage), readers, writers))
        except ConflictError:
            plan = look()
    return Pass(plan=plan, outcome=execute(plan, steps_of(plan, stage), readers, writers))
