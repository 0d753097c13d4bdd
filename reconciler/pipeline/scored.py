"""Used by evaluate and its measurements: the candidate and the champion with what they answer for the very same rows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from reconciler.domain.known import Known, Missing
from reconciler.domain.names import Digest, short
from reconciler.errors import ReconcilerError
from reconciler.pipeline.artifact import CONTRACT, Contract, ModelPackage, open_artifact, predictions, read_contract
from reconciler.pipeline.champion import champion_predictions, unseen_rows, with_columns
from reconciler.pipeline.context import StageContext
from reconciler.pipeline.fitted import load_fitted, read_fitted
from reconciler.pipeline.stored import Stored, read_run_bytes, read_stored

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescored:
    """The champion on the candidate's hold-out of n rows, in the candidate's classes.

    `prediction` is (n,) or (n, k); `unseen` (n,) is True where neither model was trained on the row: only these are compared.
    `rows` is the hold-out with the champion's columns too, for whoever asks it again.
    """

    digest: Digest
    package: ModelPackage
    rows: "pl.DataFrame"
    prediction: np.ndarray
    unseen: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The candidate on its hold-out: `target` (n,) coded labels, `prediction` (n,), or (n, k) of several classes.

    `champion` is None where nothing is live, and Missing where what is live cannot be rescored.
    """

    contract: Contract
    stored: Stored
    estimator: Any
    target: np.ndarray
    prediction: np.ndarray
    champion: Known[Rescored] | None

    def predict(self, rows: "pl.DataFrame") -> np.ndarray:
        """What the candidate answers for other rows with its columns, (m,) or (m, k). Raises ReconcilerError."""
        return predictions(self.estimator, self.contract, rows)

    def truth(self, rows: "pl.DataFrame") -> np.ndarray:
        """The rows' labels as the candidate's task codes them, (m,)."""
        return self.contract.coding().encode(rows[self.contract.label])


Measure = Callable[[StageContext, Scored], Any]
"""A measurement: what it finds becomes the field of `Evidence` that it is named after."""


def score(context: StageContext) -> Scored:
    """Load both, and ask both. Raises ReconcilerError when the candidate's own inputs are absent."""
    stored = read_stored(context)
    contract = read_contract(read_run_bytes(context, CONTRACT), context.model.name)
    estimator = load_fitted(read_fitted(context), contract, context.programs)
    return Scored(
        contract=contract,
        stored=stored,
        estimator=estimator,
        target=contract.coding().encode(stored.holdout[contract.label]),
        prediction=predictions(estimator, contract, stored.holdout),
        champion=_rescored(context, contract, stored),
    )


def _rescored(context: StageContext, candidate: Contract, stored: Stored) -> Known[Rescored] | None:
    champion = context.champion
    if champion is None:
        return None
    unseen = unseen_rows(context, champion, stored.holdout)
    if isinstance(unseen, Missing):
        return unseen
    try:
        package = open_artifact(context.artifacts.fetch(champion.artifact), champion.artifact.sha256, context.programs)
        rows = with_columns(context, package.contract.features, stored)
        before = champion_predictions(package, candidate, rows)
    except ReconcilerError as error:
        return Missing(code="championNotComparable", why=f"champion {short(champion.digest)} cannot be rescored: {error.message}")
    return Rescored(digest=Digest(champion.digest), package=package, rows=rows, prediction=before, unseen=unseen)
