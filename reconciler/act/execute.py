"""Carry out a plan: one match over Step. A step's failure skips the later steps of its model and stops no other."""

from collections.abc import Mapping, Sequence
from typing import assert_never

from reconciler.act.ledger import Ledger
from reconciler.act.merge import merge
from reconciler.act.train import train
from reconciler.domain.changes import Proposal
from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import MAIN
from reconciler.domain.outcomes import Outcome, Status, StepOutcome
from reconciler.domain.steps import Close, Describe, Merge, Propose, Publish, Record, Sign, Step, Tag, Train
from reconciler.errors import ActError, ConflictError, PermanentActError
from reconciler.plan.plan import Plan
from reconciler.ports import Readers, Writers

HEADS = "refs/heads/"


def execute(plan: Plan, steps: Sequence[Step], readers: Readers, writers: Writers) -> Outcome:
    """Do these steps of the plan in order. Raises ConflictError when the world moved: plan again."""
    outcomes: list[StepOutcome] = []
    failed: set[str] = set()
    for step in steps:
        check_revision(plan, readers)
        subject = subject_of(step)
        if subject in failed:
            outcomes.append(StepOutcome(step=step, status=Status.SKIPPED, message="an earlier step of it failed"))
            continue
        outcome = _attempt(step, plan, readers, writers)
        if outcome.status is Status.FAILED:
            failed.add(subject)
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
        return do(step, plan, readers, writers)
    except ConflictError:
        raise
    except ActError as error:
        return StepOutcome(step=step, status=Status.FAILED, message=str(error), exit_code=error.exit_code)


def do(step: Step, plan: Plan, readers: Readers, writers: Writers) -> StepOutcome:
    """Do one step. Raises ActError or ConflictError."""
    ledger = Ledger(readers.repository, writers.repository)
    match step:
        case Train():
            return train(step, plan.at, readers, writers)
        case Propose():
            said = _propose(step, plan, ledger, writers)
        case Describe():
            said = _describe(step, plan, writers)
        case Merge():
            said = merge(step, plan.at, readers, writers)
        case Close():
            pull = writers.forge.close(step.number, step.comment, plan.at)
            said = f"closed pull request #{pull.number}"
        case Tag():
            tag = writers.repository.tag(name=step.name, target=step.target, message=step.message, at=step.at)
            writers.repository.update([RefUpdate(ref=f"refs/tags/{step.name}", new=tag, expected=None)])
            said = f"tagged {step.name}"
        case Publish():
            said = _publish(step, plan, writers)
        case Record():
            said = _record(step, ledger, writers)
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


def _propose(step: Propose, plan: Plan, ledger: Ledger, writers: Writers) -> str:
    files: dict[str, bytes | None] = {path: text.encode() for path, text in step.files.items()}
    if step.sign:
        files[step.sign.path] = _signature(step.sign, writers)
    commit = writers.repository.commit(parent=step.base, files=files, message=step.commit_message, at=plan.at)
    if commit != step.replaces:
        writers.repository.update([RefUpdate(ref=HEADS + step.branch, new=commit, expected=step.replaces)])
    proposal = Proposal(
        branch=step.branch, base=MAIN, title=step.title, body=step.body, labels=step.labels, reviewers=step.reviewers
    )
    pull = writers.forge.propose(proposal, plan.at)
    ledger.record(step.event)
    return f"pull request #{pull.number}: {step.title}"


def _describe(step: Describe, plan: Plan, writers: Writers) -> str:
    proposal = Proposal(branch=step.branch, base=MAIN, title=step.title, body=step.body, labels=step.labels, draft=step.draft)
    pull = writers.forge.propose(proposal, plan.at)
    return f"pull request #{pull.number} is {'a draft' if step.draft else 'ready'}: {', '.join(step.labels)}"


def _signature(sign: Sign, writers: Writers) -> bytes:
    if writers.signer is None:
        raise PermanentActError("there is nothing to sign releases with", help="set signing.key in pyproject.toml")
    return writers.signer.sign(sign.statement.encode())


def _record(step: Record, ledger: Ledger, writers: Writers) -> str:
    ledger.record(step.event)
    if step.forgets and writers.runs:
        writers.runs.forget(step.forgets)
    return f"in the ledger of {step.event.model}"


def _publish(step: Publish, plan: Plan, writers: Writers) -> str:
    files: Mapping[str, bytes | None] = {path: text.encode() for path, text in step.files.items()}
    commit = writers.repository.commit(parent=step.replaces, files=files, message=step.message, at=plan.at, whole=True)
    writers.repository.update([RefUpdate(ref=HEADS + step.branch, new=commit, expected=step.replaces)])
    return f"rendered {len(step.files)} files to {step.branch}"
