"""Stage 3 of 6, train: the snapshot's training rows become a fitted model in canonical bytes and its reference profile."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from reconciler.domain.known import Missing
from reconciler.domain.names import run_path
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import CONTRACT, MODEL, PROFILE, Contract, predictions
from reconciler.pipeline.build import build_pipeline
from reconciler.pipeline.build_json import json_text
from reconciler.pipeline.canonical import dump
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.outcomes import OUTCOMES, outcomes_of, outcomes_text
from reconciler.pipeline.stored import Stored, read_stored, write_run
from reconciler.pipeline.targets import coding_of
from reconciler.specs.model import Task

if TYPE_CHECKING:
    import polars as pl

POINTS = 50
"""Of a learning curve; DVCLive writes its files again at each."""


def train(context: StageContext) -> str:
    """Fit, and write model.skops, contract.json, profile.json, outcomes.json and live/. Returns one line of what was done.

    Raises ReconcilerError for a spec that cannot be built, labels that do not fit the task, or a model that cannot be saved.
    """
    from reconciler.pipeline.profile_rows import reference_of_frame
    from reconciler.statistics.profile_json import profile_to_json

    rows = read_stored(context)
    contract = contract_of(context, rows)
    features = context.model.spec.features
    fitted = fit(context, contract, rows.train)
    profile = reference_of_frame(rows.train, features)
    write_run(context, MODEL, dump(fitted, contract.estimator))
    write_run(context, CONTRACT, json_text(contract.model_dump(mode="json", by_alias=True)))
    write_run(context, PROFILE, profile_to_json(profile))
    write_run(context, OUTCOMES, outcomes_text(outcomes_of(fitted, contract, rows.holdout, context.parameters.seed)))
    measured = _log(context, fitted, contract, rows)
    shown = ", ".join(f"{name} {value:.4g}" for name, value in measured.items())
    return f"{context.model.name}: trained on {rows.train.height:,} rows; hold-out of {rows.holdout.height:,}: {shown}"


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
    )


def fit(context: StageContext, contract: Contract, frame: "pl.DataFrame") -> Any:
    """The fitted pipeline. BLAS runs on one thread, because the order of its sums depends on how many there are."""
    from threadpoolctl import threadpool_limits

    target = contract.coding().encode(frame[contract.label])
    if contract.task is not Task.REGRESSION and len(np.unique(target)) < 2:
        only = contract.classes[int(target[0])]
        raise ReconcilerError(f"all {len(target)} training labels are of one class, {only}: nothing can be learnt")
    pipeline = build_pipeline(context.model, context.parameters.seed, context.root)
    with threadpool_limits(limits=1, user_api="blas"):
        try:
            return pipeline.fit(features_of(frame, contract.features), target)
        except ValueError as error:
            raise ReconcilerError(f"{context.model.name} cannot be trained: {error}") from error


def _log(context: StageContext, fitted: Any, contract: Contract, rows: Stored) -> Mapping[str, float]:
    """Parameters, learning curve and metrics through DVCLive, which here only writes files. Returns the hold-out's metrics."""
    from dvclive.live import Live

    coding = contract.coding()
    training = context.model.spec.training
    measured: Mapping[str, float] = {}
    folder = str(context.root / run_path(context.model.name, "live"))
    live: Any = Live(dir=folder, save_dvc_exp=False, dvcyaml=None, report=None, monitor_system=False)
    live.log_params({"estimator": str(training.estimator), "seed": context.parameters.seed, **training.parameters})
    for round_number, losses in _curves(fitted).items():
        live.step = round_number
        for name, value in losses.items():
            live.log_metric(f"loss/{name}", value)
    for part, frame in (("train", rows.train), ("holdout", rows.holdout)):
        target, prediction = coding.encode(frame[contract.label]), predictions(fitted, contract, frame)
        measured = metrics_on(context, target, prediction)
        for name, value in measured.items():
            live.log_metric(f"{part}/{name}", value)
    live.end()
    context.path("live/plots").mkdir(parents=True, exist_ok=True)
    return measured


def metrics_on(context: StageContext, target: np.ndarray, prediction: np.ndarray) -> Mapping[str, float]:
    """The model's metrics that have a value on these rows."""
    from reconciler.statistics.metrics import measure

    body = context.model.spec
    values = {name: measure(body.task, name, target, prediction) for name in body.metrics}
    return {name: value for name, value in values.items() if not isinstance(value, Missing)}


def _curves(fitted: Any) -> Mapping[int, Mapping[str, float]]:
    """Round of boosting to the losses after it, of at most 50 rounds, where the estimator kept its scores (larger is better)."""
    estimator = fitted.steps[-1][1] if hasattr(fitted, "steps") else fitted
    scores = {"train": getattr(estimator, "train_score_", ()), "validation": getattr(estimator, "validation_score_", ())}
    kept = {name: -np.asarray(values, dtype=float) for name, values in scores.items() if len(values)}
    rounds = min(map(len, kept.values()), default=0)
    shown = np.unique(np.linspace(0, rounds - 1, min(POINTS, rounds)).astype(int)).tolist()
    return {number: {name: float(values[number]) for name, values in kept.items()} for number in shown}
