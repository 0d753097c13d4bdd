"""Stage 3 of 6, train: the snapshot's training rows become a fitted model in canonical bytes and its reference profile.

It leaves fitted/ (the model), contract.json, training.json (how it was made), profile.json, outcomes.json and live/.
"""

from collections.abc import Mapping

from reconciler.domain.names import OUTCOMES
from reconciler.pipeline.artifact import CONTRACT, PROFILE, TRAINING, Contract, ProgramContract
from reconciler.pipeline.build_json import json_text
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.fitted import write_fitted
from reconciler.pipeline.log import log_run
from reconciler.pipeline.make import Made, make
from reconciler.pipeline.outcomes import outcomes_of, outcomes_text
from reconciler.pipeline.stored import Stored, read_stored, write_run
from reconciler.pipeline.targets import coding_of
from reconciler.pipeline.unfinished import unfinished
from reconciler.specs.model import Task
from reconciler.specs.training import PREDICT_TIME, Training


def train(context: StageContext) -> str:
    """Make the model, and write what the module says. Returns one line of what was done.

    Raises ReconcilerError for a spec that cannot be built, labels that do not fit the task, or a model that cannot be saved.
    """
    rows = read_stored(context)
    contract = contract_of(context, rows)
    with unfinished(context, rows.data) as folder:
        made = make(context, contract, rows, folder)
        measured = _write(context, contract, rows, made)
    shown = ", ".join(f"{name} {value:.4g}" for name, value in measured.items())
    return f"{context.model.name}: trained on {rows.train.height:,} rows; hold-out of {rows.holdout.height:,}: {shown}"


def _write(context: StageContext, contract: Contract, rows: Stored, made: Made) -> Mapping[str, float]:
    """Everything that the stage leaves. Returns the metrics of the hold-out."""
    from reconciler.pipeline.profile_rows import reference_of_frame
    from reconciler.statistics.profile_json import profile_to_json

    parameters = {**context.model.spec.training.parameters, **made.chosen}
    write_fitted(context, made.files)
    write_run(context, CONTRACT, json_text(contract.model_dump(mode="json", by_alias=True)))
    write_run(context, TRAINING, json_text({"parameters": parameters, **made.record}))
    write_run(context, PROFILE, profile_to_json(reference_of_frame(rows.train, context.model.spec.features)))
    write_run(context, OUTCOMES, outcomes_text(outcomes_of(made.answers, contract, rows.holdout, context.parameters.seed)))
    return log_run(context, made, contract, rows)


def contract_of(context: StageContext, rows: Stored) -> Contract:
    """What the model will take and answer. Classes are those of the dataset's contract, or else of the snapshot."""
    body, label = context.model.spec, context.dataset.spec.label.column
    labels = rows.train[label].extend(rows.holdout[label]) if body.task is Task.MULTICLASS else rows.train[label]
    column = context.dataset.column(label)
    coding = coding_of(body.task, body.target, labels, column.categories if column else None)
    types = {name: context.dataset.column(name) for name in body.features.names}
    return Contract(
        model=context.model.name,
        dataset=context.dataset.name,
        task=body.task,
        estimator=body.training.estimator,
        label=label,
        target=body.target,
        classes=coding.classes,
        bounds=coding.bounds,
        features=body.features,
        types={name: str(column.type) if column else "text" for name, column in types.items()},
        program=_program(body.training),
    )


def _program(training: Training) -> ProgramContract | None:
    if training.predict is None:
        return None
    limits = training.predict.limits.of_run(PREDICT_TIME)
    return ProgramContract(command=training.predict.command, rows=training.rows, seconds=limits.seconds, memory=limits.memory)
