"""The order in which a plan is carried out: stage by stage, each planned anew from what the one before it left. Pure.

No step brings about another one in its own stage or an earlier one. So a pass that is killed anywhere and run again does the
same things in the same order, for however many models: the ledger's lines and the pull requests' numbers are the same, too.
"""

from enum import IntEnum
from typing import assert_never

from reconciler.domain.events import EventKind
from reconciler.domain.steps import Close, Describe, Merge, Propose, Publish, Record, Step, Tag, Train
from reconciler.plan.plan import Plan


class Stage(IntEnum):
    """Withdraw what may not be merged; publish what is past; train what is due; propose what passed; merge what needs nobody.

    A merge moves main, so what follows from it belongs to the next pass.
    """

    WITHDRAW = 1
    PUBLISH = 2
    TRAIN = 3
    PROPOSE = 4
    MERGE = 5


def stage_of(step: Step) -> Stage:
    """When the step is done. A refusal is a verdict on a training, so it is written down when all are trained."""
    match step:
        case Close():
            return Stage.WITHDRAW
        case Record():
            return Stage.PROPOSE if step.event.kind is EventKind.REFUSED else Stage.PUBLISH
        case Tag() | Publish():
            return Stage.PUBLISH
        case Train():
            return Stage.TRAIN
        case Propose() | Describe():
            return Stage.PROPOSE
        case Merge():
            return Stage.MERGE
        case _:
            assert_never(step)


def steps_of(plan: Plan, stage: Stage) -> tuple[Step, ...]:
    """The plan's steps of the stage, in their order."""
    return tuple(step for step in plan.steps if stage_of(step) is stage)
