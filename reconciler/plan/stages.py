"""The order in which a plan is carried out: stage by stage, each planned anew from what the one before it left. Pure.

No step brings about another one in its own stage or an earlier one. So a pass that is killed anywhere and run again does the
same things in the same order, for however many models: the ledger's lines and the pull requests' numbers are the same, too.
"""

from enum import IntEnum
from typing import assert_never

from reconciler.domain.events import EventKind
from reconciler.domain.notices import CheckReport, DeploymentRecord, Notice
from reconciler.domain.steps import (
    Close,
    Describe,
    Merge,
    Propose,
    ProposeHold,
    ProposeRollback,
    Publish,
    PublishPackage,
    Record,
    Share,
    Step,
    Tag,
    TakeBack,
    Tell,
    Train,
)
from reconciler.plan.plan import Plan


class Stage(IntEnum):
    """Take back what is unwell; withdraw; hear people; bring packages; publish what is past; train; share; propose; merge; tell.

    A merge moves main. What follows from a roll-back is published in the same pass; what follows from a promotion, in the next.
    """

    TAKE_BACK = 1
    MERGE_BACK = 2
    WITHDRAW = 3
    HEAR = 4
    PACKAGE = 5
    PUBLISH = 6
    TRAIN = 7
    SHARE = 8
    PROPOSE = 9
    MERGE = 10
    TELL = 11


_RECORDED = {
    EventKind.TAKEN_BACK: Stage.TAKE_BACK,
    EventKind.OVERRIDDEN: Stage.HEAR,
    EventKind.REFUSED: Stage.PROPOSE,
}
"""Of lines in the ledger: what a comment asks for is written down before it is answered; a refusal is a verdict on a training,
so it is written down when all are trained."""

_TOLD: dict[type[Notice], Stage] = {DeploymentRecord: Stage.PUBLISH, CheckReport: Stage.PROPOSE}
"""With the line in the ledger that each belongs to; the others are answers."""


def stage_of(step: Step) -> Stage:
    """When the step is done."""
    match step:
        case Close():
            stage = Stage.WITHDRAW
        case Record():
            stage = _RECORDED.get(step.event.kind, Stage.PUBLISH)
        case Tell():
            stage = _TOLD.get(type(step.notice), Stage.HEAR)
        case Tag() | Publish():
            stage = Stage.PUBLISH
        case Train():
            stage = Stage.TRAIN
        case PublishPackage(released=released):
            stage = Stage.PACKAGE if released else Stage.SHARE
        case Share():
            stage = Stage.SHARE
        case Propose() | Describe() | ProposeHold() | ProposeRollback():
            stage = Stage.PROPOSE
        case TakeBack() | Merge():
            stage = _merging(step)
        case _:
            assert_never(step)
    return stage


def _merging(step: TakeBack | Merge) -> Stage:
    """What goes back goes first."""
    if isinstance(step, TakeBack):
        return Stage.TAKE_BACK
    return Stage.MERGE_BACK if step.takes_back else Stage.MERGE


def steps_of(plan: Plan, stage: Stage) -> tuple[Step, ...]:
    """The plan's steps of the stage, in their order; at the end also what the forge is always to show."""
    steps = tuple(step for step in plan.steps if stage_of(step) is stage)
    return (*steps, *plan.notices) if stage is Stage.TELL else steps
