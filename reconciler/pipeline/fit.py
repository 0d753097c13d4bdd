"""Used by train: the spec's pipeline of scikit-learn, fitted to the training rows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import Contract
from reconciler.pipeline.build import build_pipeline
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.context import StageContext
from reconciler.specs.model import Task

if TYPE_CHECKING:
    import polars as pl


def fit(context: StageContext, contract: Contract, frame: "pl.DataFrame") -> Any:
    """The fitted pipeline. BLAS runs on one thread, because the order of its sums depends on how many there are.

    Raises ReconcilerError for a spec that cannot be built, or rows that nothing can be learnt from.
    """
    from threadpoolctl import threadpool_limits

    target = target_of(contract, frame)
    pipeline = build_pipeline(context.model, context.parameters.seed, context.root)
    with threadpool_limits(limits=1, user_api="blas"):
        try:
            return pipeline.fit(features_of(frame, contract.features), target)
        except ValueError as error:
            raise ReconcilerError(f"{context.model.name} cannot be trained: {error}") from error


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
