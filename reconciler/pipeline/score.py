"""Used by observe and simulate: how a released model does on rows whose labels are known by now."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reconciler.domain.known import Known, Measured, Missing
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import ModelPackage
from reconciler.pipeline.rows import labelled
from reconciler.specs.dataset import Dataset
from reconciler.specs.model import Model, Task

if TYPE_CHECKING:
    import polars as pl

_SEED = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Predicted:
    """Scored rows: `truth` (n,) coded labels, `prediction` (n,) or (n, k)."""

    task: Task
    truth: np.ndarray
    prediction: np.ndarray


def predict_rows(package: ModelPackage, frame: "pl.DataFrame", model: Model, dataset: Dataset) -> Predicted:
    """The rows that have a label, scored. Raises ReconcilerError as `check_question` does."""
    check_question(package, model, dataset)
    rows = labelled(frame, package.contract.label)
    return predicted(package, rows, package.predict(rows))


def check_question(package: ModelPackage, model: Model, dataset: Dataset) -> None:
    """Raises ReconcilerError when the spec has moved on to another label or task than the released model was made for."""
    contract, label = package.contract, dataset.spec.label.column
    if (contract.label, contract.task) != (label, model.spec.task):
        raise ReconcilerError(
            f"the released {model.name} predicts {contract.label} ({contract.task}), "
            f"the spec now wants {label} ({model.spec.task})"
        )


def predicted(package: ModelPackage, rows: "pl.DataFrame", answers: np.ndarray) -> Predicted:
    """Labelled rows beside what the model answered for them."""
    contract = package.contract
    return Predicted(task=contract.task, truth=contract.coding().encode(rows[contract.label]), prediction=answers)


def measure_rows(rows: Predicted, metric: str, *, resamples: int = 0) -> Known[Measured]:
    """The metric of the rows, with its bootstrap interval when there are resamples; Missing when it is undefined on them."""
    if resamples:
        from reconciler.statistics.bootstrap import Resampling, intervals

        resampling = Resampling(seed=_SEED, resamples=resamples)
        return intervals(rows.task, (metric,), rows.truth, rows.prediction, resampling)[metric]
    from reconciler.statistics.metrics import measure

    value = measure(rows.task, metric, rows.truth, rows.prediction)
    if isinstance(value, Missing):
        return value
    return Measured(value=value, low=-np.inf, high=np.inf, rows=len(rows.truth))
