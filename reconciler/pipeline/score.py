"""Used by observe: how a released model does on rows whose labels are known by now."""

from typing import TYPE_CHECKING

import numpy as np

from reconciler.domain.facts import Known, Measured, Missing
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import ModelPackage
from reconciler.specs.dataset import Dataset
from reconciler.specs.model import Model

if TYPE_CHECKING:
    import polars as pl

_SEED = 0


def score(package: ModelPackage, frame: "pl.DataFrame", model: Model, dataset: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """(n,) truth coded as the released model codes it, and its predictions, of the rows that have a label.

    Raises ReconcilerError when the spec has moved on to another label or task than the released model was made for.
    """
    import polars as pl

    contract, label = package.contract, dataset.spec.label.column
    if (contract.label, contract.task) != (label, model.spec.task):
        raise ReconcilerError(
            f"the released {model.name} predicts {contract.label} ({contract.task}), "
            f"the spec now wants {label} ({model.spec.task})"
        )
    labelled = frame.filter(pl.col(label).is_not_null())
    return contract.coding().encode(labelled[label]), package.predict(labelled)


def measure_rows(package: ModelPackage, frame: "pl.DataFrame", model: Model, dataset: Dataset, metric: str) -> Known[Measured]:
    """The released model's metric with its interval; Missing with code `notScored` when the rows cannot be scored."""
    from reconciler.statistics.bootstrap import Resampling, intervals

    try:
        target, prediction = score(package, frame, model, dataset)
    except ReconcilerError as error:
        return Missing(code="notScored", why=error.message)
    return intervals(
        package.contract.task, (metric,), target, prediction, Resampling(seed=_SEED, resamples=model.spec.bootstrap)
    )[metric]
