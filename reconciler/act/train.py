"""Train: have the stages run in a checkout of their own, and commit what they wrote to the candidate's branch."""

import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import assert_never

from reconciler.act.ledger import Ledger
from reconciler.domain.commits import RefUpdate
from reconciler.domain.events import Event, EventKind
from reconciler.domain.names import CAUSE, Revision, run_path, short
from reconciler.domain.outcomes import Status, StepOutcome
from reconciler.domain.releases import Build, digest_of
from reconciler.domain.steps import Train
from reconciler.domain.training import Begun, Exceeded, Trained, TrainingFailed, TrainingOrder, TrainingResult
from reconciler.errors import ActError, ReconcilerError
from reconciler.pipeline.build_json import read_build
from reconciler.pipeline.evidence_json import read_evidence
from reconciler.plan.bookkeeping import LOCK, PARAMETERS, check_bookkeeping, merge_lock, merge_parameters
from reconciler.plan.record import Details, cost_details, trained_event
from reconciler.ports import Readers, Writers
from reconciler.rules.fields import time_text


def train(step: Train, at: datetime, readers: Readers, writers: Writers) -> StepOutcome:
    """Run the training. A failed one is recorded and backed off, and leaves the live model alone. Raises ActError."""
    ledger = Ledger(readers.repository, writers.repository)
    result = writers.trainer.train(_order(step, at))
    match result:
        case TrainingFailed():
            return _record_failure(step, result, at, ledger)
        case Trained():
            try:
                build = trained_build(step.model, result)
            except ReconcilerError as error:
                stage = f"package@{step.model}"
                unfit = TrainingFailed(stage=stage, message=error.message, log_tail="", seconds=result.seconds)
                return _record_failure(step, replace(unfit, failures=result.failures), at, ledger)
            commit = _commit(step, build, candidate_files(step, result, readers), at, writers)
            evidence = read_evidence({p: text for p, text in result.files.items() if p.startswith(run_path(step.model, ""))})
            event = trained_event(step.model, build, at, step.reason, evidence, run_details(step, result))
            return _record_success(step, build, commit, event, ledger)
        case _:
            assert_never(result)


def _order(step: Train, at: datetime) -> TrainingOrder:
    begun = Begun(model=step.model, at=at, as_of=step.as_of, reason=step.reason, made_from=step.made_from)
    return TrainingOrder(
        model=step.model, base=step.base, files=step.files, limits=step.limits, retries=step.retries, begun=begun
    )


def run_details(step: Train, result: TrainingResult) -> Details:
    """What the ledger is told of how the run went: what it cost, and its tries when there were several."""
    tries = {f"try/{number}": said for number, said in enumerate(result.failures, start=1)}
    counted: Details = {"tries": len(tries) + 1} if tries else {}
    return {**cost_details(result.seconds, step.price), **counted, **tries}


def trained_build(model: str, result: Trained) -> Build:
    """What the run says that it made. Raises ReconcilerError when it says nothing that can be understood, or of another model."""
    path = run_path(model, "candidate.json")
    if path not in result.files:
        raise ReconcilerError(f"the run left no {path}")
    check_bookkeeping(result.files)
    build = read_build(result.files[path])
    if build.model != model:
        raise ReconcilerError(f"{path} is about {build.model}")
    return build


def candidate_files(step: Train, result: Trained, readers: Readers) -> Mapping[str, bytes | None]:
    """What the candidate's commit changes: the run's records and its cause, and this model's entries of the shared files."""
    base = {path: content.decode() for path, content in readers.repository.files(step.base, PARAMETERS, LOCK).items()}
    files = dict(result.files)
    if step.cause:
        files[run_path(step.model, CAUSE)] = step.cause
    files[LOCK] = merge_lock(base.get(LOCK, ""), result.files.get(LOCK, ""), step.model)
    files[PARAMETERS] = merge_parameters(base.get(PARAMETERS, ""), step.files[PARAMETERS], step.model)
    return {path: text.encode() for path, text in sorted(files.items())}


def _commit(step: Train, build: Build, files: Mapping[str, bytes | None], at: datetime, writers: Writers) -> Revision:
    message = f"Train {step.model} as of {time_text(step.as_of)}\n\n{step.reason}\n\nRelease-Digest: {build.digest}\n"
    return writers.repository.commit(parent=step.base, files=files, message=message, at=at)


def _record_success(step: Train, build: Build, commit: Revision, event: Event, ledger: Ledger) -> StepOutcome:
    move = RefUpdate(ref=f"refs/heads/{step.branch}", new=commit, expected=step.replaces)
    ledger.record(event, *([] if commit == step.replaces else [move]))
    said = f"trained {short(build.digest)} on {build.data.train_rows:,} rows as of {time_text(step.as_of)}"
    return StepOutcome(step=step, status=Status.DONE, message=said)


def _record_failure(step: Train, result: TrainingFailed, at: datetime, ledger: Ledger) -> StepOutcome:
    event = Event(
        id=f"{EventKind.TRAINING_FAILED}/{step.model}/{time_text(at)}/{short(digest_of(asdict(step.made_from)))}",
        at=at,
        model=step.model,
        kind=EventKind.TRAINING_FAILED,
        message=f"{result.stage}: {result.message}",
        details={
            "stage": result.stage,
            "reason": step.reason,
            "log": result.log_tail,
            **asdict(step.made_from),
            **_exceeded(result.exceeded),
            **run_details(step, result),
        },
    )
    ledger.record(event)
    after = f" (try {len(result.failures) + 1} of {step.retries.limit + 1})" if result.failures else ""
    said = f"training failed in {result.stage}: {result.message}{after}"
    return StepOutcome(step=step, status=Status.FAILED, message=said, exit_code=ActError.exit_code)


def _exceeded(exceeded: Exceeded | None) -> Details:
    """What a run that was ended used too much of, in seconds or bytes."""
    if exceeded is None:
        return {}
    return {"limit": str(exceeded.resource), "used": math.ceil(exceeded.used), "allowed": math.ceil(exceeded.allowed)}
