"""Used by train and verify: a model made from the rows of a run, whoever makes it: scikit-learn, or the team's own program."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import Contract
from reconciler.pipeline.canonical import dump
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.fit import fit, target_of, with_parameters
from reconciler.pipeline.fitted import MODEL, FittedFiles
from reconciler.pipeline.further import train_further
from reconciler.pipeline.program import ProgramModel, run_training
from reconciler.pipeline.search import search
from reconciler.pipeline.stored import Stored
from reconciler.specs.training import Estimator


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """`files` are the model's bytes, `answers` looks like a fitted estimator; `said` are numbers that its program left.

    `chosen` are parameters that a search found, `record` how the model was made, of values that JSON can hold.
    """

    files: FittedFiles
    answers: Any
    chosen: Mapping[str, Any] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)
    said: Mapping[str, float] = field(default_factory=dict)


def make(context: StageContext, contract: Contract, rows: Stored, folder: Path) -> Made:
    """The model; `folder` is for what a killed training wants to find again.

    Raises ReconcilerError for a spec that cannot be built, or a model that cannot be trained or saved.
    """
    if contract.estimator is Estimator.COMMAND:
        target_of(contract, rows.train)
        files, said = run_training(context, contract, rows, folder)
        return Made(files=files, answers=ProgramModel(contract=contract, files=files, programs=context.programs), said=said)
    if rows.data.lineage is not None:
        return _further(context, contract, rows)
    found = search(context, contract, rows.train, folder)
    fitted = fit(with_parameters(context, found.parameters), contract, rows.train, folder)
    return Made(
        files={MODEL: dump(fitted, contract.estimator)}, answers=fitted, chosen=found.parameters, record={"search": found.record}
    )


def _further(context: StageContext, contract: Contract, rows: Stored) -> Made:
    """The model of the release that params.yaml names, after these rows too."""
    if context.continues is None:
        message = f"the snapshot of {context.model.name} goes on with a release, and params.yaml names none"
        raise ReconcilerError(message, help="dvc repro")
    fitted = train_further(context, contract, rows.train, context.continues)
    record = {"search": None, "continues": context.continues.digest}
    return Made(files={MODEL: dump(fitted, contract.estimator)}, answers=fitted, record=record)
