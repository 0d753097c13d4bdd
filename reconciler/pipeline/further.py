"""Used by make: a released model trained further on the rows that it has not seen; what prepares its inputs stays as it is."""

from typing import TYPE_CHECKING, Any

import numpy as np

from reconciler.domain.names import short
from reconciler.domain.releases import Build
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import Contract, open_artifact
from reconciler.pipeline.canonical import load
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.fitted import MODEL
from reconciler.pipeline.weights import weights_of

if TYPE_CHECKING:
    import polars as pl

ANEW = "set models.{}.continues in params.yaml to none: then it is trained anew"


def train_further(context: StageContext, contract: Contract, frame: "pl.DataFrame", release: Build) -> Any:
    """The pipeline of the release after one more pass over these rows, which are newer than all that it has seen.

    Raises ReconcilerError when its model cannot be had, answers another question, or cannot learn from these rows.
    """
    from threadpoolctl import threadpool_limits

    package = open_artifact(context.artifacts.fetch(release.artifact), release.artifact.sha256)
    which, help = f"{context.model.name} cannot go on with {short(release.digest)}", ANEW.format(context.model.name)
    if differs := _differences(package.contract, contract):
        raise ReconcilerError(f"{which}: it has other {' and '.join(differs)}", help=help)
    pipeline = load(package.fitted[MODEL], contract.estimator)  # a copy of our own: the opened one is shared
    check_further(pipeline, context.model.name)
    target, rows = contract.coding().encode(frame[contract.label]), features_of(frame, contract.features)
    weights = weights_of(context, frame, target)
    given: dict[str, Any] = {} if weights is None else {"sample_weight": weights}
    last = pipeline.steps[-1][1] if hasattr(pipeline, "steps") else pipeline
    if contract.classes:
        given["classes"] = np.asarray(last.classes_)
    with threadpool_limits(limits=1, user_api="blas"):
        try:
            last.partial_fit(pipeline[:-1].transform(rows) if last is not pipeline else rows, target, **given)
        except (ValueError, TypeError) as error:
            raise ReconcilerError(f"{which}: {error}", help=help) from error
    return pipeline


def check_further(pipeline: Any, model: str) -> None:
    """Raises ReconcilerError for a pipeline that can only be trained anew."""
    last = pipeline.steps[-1][1] if hasattr(pipeline, "steps") else pipeline
    if not hasattr(last, "partial_fit"):
        raise ReconcilerError(
            f"{model} cannot be trained further: {type(last).__name__}, the last step of its pipeline, has no partial_fit",
            help="use estimator: sgd, a last step that has partial_fit, or remove training.incremental",
        )


def _differences(old: Contract, new: Contract) -> list[str]:
    pairs = {name: (getattr(old, name), getattr(new, name)) for name in ("task", "estimator", "label", "classes", "features")}
    return [name for name, (was, now) in pairs.items() if was != now]
