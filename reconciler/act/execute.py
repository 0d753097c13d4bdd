"""Carry out a plan: one match over Step. A step's failure skips the later steps of its model and stops no other."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from reconciler.act.ledger import Ledger
from reconciler.act.packages import publish_package
from reconciler.act.pulls import on_pull
from reconciler.act.refresh import refreshed
from reconciler.act.tell import tell
from reconciler.act.train import train
from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import MAIN
from reconciler.domain.outcomes import Outcome, Status, StepOutcome
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
from reconciler.errors import ActError, ConflictError, NotYetError, PermanentActError
from reconciler.plan.plan import Plan
from reconciler.ports import Readers, Writers

HEADS = "refs/heads/"
MOVED = "a merge moved main: its turn is the next pass"


def execute(plan: Plan, steps: Sequence[Step], readers: Readers, writers: Writers) -> Outcome:
    """Do these steps of the plan in order. Raises ConflictError when the world moved: plan again.

    What the forge shows already is no outcome, and a failure to tell something skips nothing.
    """
    outcomes: list[StepOutcome] = []
    failed: set[str] = set()
    for step in steps:
        if isinstance(step, Merge) and any(isinstance(one.step, Merge) and one.status is Status.DONE for one in outcomes):
            outcomes.append(StepOutcome(step=step, status=Status.SKIPPED, message=MOVED))
            continue
        if not isinstance(step, Tell):
            check_revision(plan, readers)
        subject = subject_of(step)
        if subject in failed:
            outcomes.append(StepOutcome(step=step, status=Status.SKIPPED, message="an earlier step of it failed"))
            continue
        outcome = _attempt(step, plan, readers, writers)
        if outcome.status is Status.FAILED and not isinstance(step, Tell):
            failed.add(subject)
        if outcome.message or not isinstance(step, Tell):
            outcomes.append(outcome)
    return Outcome(steps=tuple(outcomes))


def check_revision(plan: Plan, readers: Readers) -> None:
    """Raises ConflictError when main is not where the plan was made."""
    found = readers.repository.refs(HEADS + MAIN).get(HEADS + MAIN)
    if found != plan.revision:
        message = f"the plan belongs to {plan.revision[:12]}, but {MAIN} is at {(found or 'nothing')[:12]} now"
        raise ConflictError(message, help="perennial reconcile")


def _attempt(step: Step, plan: Plan, readers: Readers, writers: Writers) -> StepOutcome:
    try:
        return refreshed(do(step, plan, readers, writers), readers, writers)
    except ConflictError:
        raise
    except NotYetError as error:
        return StepOutcome(step=step, status=Status.SKIPPED, message=str(error))
    except ActError as error:
        return StepOutcome(step=step, status=Status.FAILED, message=str(error), exit_code=error.exit_code)


def do(step: Step, plan: Plan, readers: Readers, writers: Writers) -> StepOutcome:
    """Do one step. Raises ActError or ConflictError."""
    match step:
        case Train():
            return train(step, plan.at, readers, writers)
        case Share():
            said = _share(step, writers)
        case PublishPackage():
            said = publish_package(step, readers, writers)
        case Propose() | Describe() | Merge() | ProposeHold() | ProposeRollback() | TakeBack() | Close():
            said = on_pull(step, plan.at, readers, writers)
        case Tell():
            said = tell(step.notice, plan.at, writers)
        case Tag():
            tag = writers.repository.tag(name=step.name, target=step.target, message=step.message, at=step.at)
            writers.repository.update([RefUpdate(ref=f"refs/tags/{step.name}", new=tag, expected=None)])
            said = f"tagged {step.name}"
        case Publish():
            said = _publish(step, plan, writers)
        case Record():
            said = _record(step, readers, writers)
        case _:
            assert_never(step)
    return StepOutcome(step=step, status=Status.DONE, message=said)


def subject_of(step: Step) -> str:
    """The model, or the environment, whose later steps depend on this one."""
    match step:
        case Record():
            return step.event.model
        case Publish():
            return f"env/{step.environment}"
        case _:
            return step.model


def _share(step: Share, writers: Writers) -> str:
    if writers.data_remote is None:
        raise PermanentActError("there is no DVC remote to push to", help="dvc remote add --default storage s3://bucket/path")
    writers.data_remote.push([output.md5 for output in step.outputs])
    return f"in DVC's remote: {', '.join(output.path for output in step.outputs)}"


def _record(step: Record, readers: Readers, writers: Writers) -> str:
    Ledger(readers.repository, writers.repository).record(step.event)
    if step.forgets and writers.runs:
        writers.runs.forget(step.forgets)
    return f"in the ledger of {step.event.model}"


def _publish(step: Publish, plan: Plan, writers: Writers) -> str:
    files: Mapping[str, bytes | None] = {path: text.encode() for path, text in step.files.items()}
    commit = writers.repository.commit(parent=step.replaces, files=files, message=step.message, at=plan.at, whole=True)
    writers.repository.update([RefUpdate(ref=HEADS + step.branch, new=commit, expected=step.replaces)])
    return f"rendered {len(step.files)} files to {step.branch}"
