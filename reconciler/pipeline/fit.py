"""Used by train: the spec's pipeline of scikit-learn, fitted to the training rows."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import Contract
from reconciler.pipeline.build import build_pipeline
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.further import check_further
from reconciler.pipeline.rounds import Checkpoints, fit_in_rounds
from reconciler.pipeline.weights import weights_of
from reconciler.specs.model import Task

if TYPE_CHECKING:
    import polars as pl


def fit(context: StageContext, contract: Contract, frame: "pl.DataFrame", folder: Path | None = None) -> Any:
    """The fitted pipeline; with a `folder`, checkpoints are kept there if the spec asks for them.

    BLAS runs on one thread, because the order of its sums depends on how many there are.
    Raises ReconcilerError for a spec that cannot be built, or rows that nothing can be learnt from.
    """
    from threadpoolctl import threadpool_limits

    training, target = context.model.spec.training, target_of(contract, frame)
    pipeline = build_pipeline(context.model, context.parameters.seed, context.root)
    if training.incremental is not None:
        check_further(pipeline, context.model.name)
    weights, rows = weights_of(context, frame, target), features_of(frame, contract.features)
    given = {} if weights is None else {"sample_weight": weights}
    with threadpool_limits(limits=1, user_api="blas"):
        try:
            if folder is not None and training.checkpoint is not None:
                kept = Checkpoints(folder, training.estimator)
                return fit_in_rounds(pipeline, rows, target, given, training.checkpoint.every, kept)
            return pipeline.fit(rows, target, **_named(pipeline, given))
        except (ValueError, TypeError) as error:
            raise ReconcilerError(f"{context.model.name} cannot be trained: {error}") from error


def _named(pipeline: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    """As a pipeline wants what is for its last step."""
    start = f"{pipeline.steps[-1][0]}__" if hasattr(pipeline, "steps") else ""
    return {f"{start}{name}": value for name, value in given.items()}


def with_parameters(context: StageContext, chosen: Mapping[str, Any]) -> StageContext:
    """The same run with these parameters over those of the spec."""
    body = context.model.spec
    training = body.training.model_copy(update={"parameters": {**body.training.parameters, **chosen}})
    model = context.model.model_copy(update={"spec": body.model_copy(update={"training": training})})
    return replace(context, model=model)


def target_of(contract: Contract, frame: "pl.DataFrame") -> np.ndarray:
    """The labels as the task codes them, (n,). Raises ReconcilerError when there is nothing to tell apart."""
    target = contract.coding().encode(frame[contract.label])
    if contract.task is not Task.REGRESSION and len(np.unique(target)) < 2:
        only = contract.classes[int(target[0])]
        raise ReconcilerError(f"all {len(target)} training labels are of one class, {only}: nothing can be learnt")
    return target
