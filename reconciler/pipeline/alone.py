"""Used by leakage: what each feature alone tells of the target, learnt on training rows and judged on the hold-out."""

from typing import TYPE_CHECKING

import numpy as np

from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.data import Alone
from reconciler.pipeline.artifact import Contract
from reconciler.pipeline.columns import features_of
from reconciler.pipeline.scored import Scored
from reconciler.specs.model import Task
from reconciler.statistics.alone import FEWEST, Codes, Floats, bins_of, power_of_classes, power_of_line, power_of_numbers

if TYPE_CHECKING:
    import polars as pl

MOST_ROWS = 100_000
"""Of either side, evenly spaced; what a feature tells alone is as plain on them as on more."""


def told_alone(scored: Scored) -> Known[Alone]:
    """Each feature's power beside the whole model's; features whose power cannot be told are left out.

    Raises ReconcilerError for rows that do not fit the contract.
    """
    contract = scored.contract
    train, holdout = (part.gather_every(_step(part.height)) for part in (scored.stored.train, scored.stored.holdout))
    learnt, judged = scored.truth(train), scored.truth(holdout)
    model = _whole(contract, judged, scored.prediction[:: _step(len(scored.prediction))])
    if isinstance(model, Missing):
        return model
    sides = (features_of(train, contract.features), features_of(holdout, contract.features))
    found = {name: _power(contract, (sides[0][name], learnt), (sides[1][name], judged)) for name in contract.features.names}
    return Alone(
        measure="r2" if contract.task is Task.REGRESSION else "rocAuc",
        rows=holdout.height,
        model=model,
        features={name: power for name, power in found.items() if not isinstance(power, Missing)},
    )


def _step(rows: int) -> int:
    return -(-rows // MOST_ROWS)


def _whole(contract: Contract, truth: np.ndarray, prediction: np.ndarray) -> Known[float]:
    """The model by the same measure."""
    from reconciler.statistics.metrics import measure

    if contract.task is Task.REGRESSION:
        return measure("regression", "r2", truth, prediction)
    shares = prediction if contract.task is Task.MULTICLASS else np.column_stack([1 - prediction, prediction])
    rows = np.bincount(truth, minlength=shares.shape[1])
    told = [code for code in range(1 if rows.size == 2 else 0, rows.size) if min(rows[code], truth.size - rows[code]) >= FEWEST]
    areas = [measure("binary", "rocAuc", truth == code, shares[:, code]) for code in told]
    if not areas or any(isinstance(one, Missing) for one in areas):
        return Missing(code="tooFewOfAClass", why=f"fewer than {FEWEST} of {truth.size} rows are of each class but one")
    return float(np.average(areas, weights=rows[told]))  # type: ignore[arg-type]


def _power(contract: Contract, learnt: "tuple[pl.Series, np.ndarray]", judged: "tuple[pl.Series, np.ndarray]") -> Known[float]:
    """A number by bins, or, of a quantity, by a line if that tells more; categories by themselves."""
    is_number = learnt[0].dtype.is_float()
    numbers = (learnt[0].to_numpy(), judged[0].to_numpy()) if is_number else None
    groups = bins_of(*numbers) if numbers else _codes(learnt[0], judged[0])
    if contract.task is not Task.REGRESSION:
        return power_of_classes((groups[0], learnt[1]), (groups[1], judged[1]), len(contract.classes))
    by_groups = power_of_numbers((groups[0], learnt[1]), (groups[1], judged[1]))
    if numbers is None or isinstance(by_groups, Missing):
        return by_groups
    by_line = [power_of_line(values, judged[1]) for values in (numbers[1], _ranks(numbers[1]))]
    return max([by_groups, *(power for power in by_line if not isinstance(power, Missing))])


def _ranks(values: Floats) -> Floats:
    """Not a number where there is none."""
    import polars as pl

    return pl.Series(values).fill_nan(None).rank().cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _codes(learnt: "pl.Series", judged: "pl.Series") -> tuple[Codes, Codes]:
    """Numbers of the categories learnt, missing among them; -1 for others."""
    import polars as pl

    known = pl.DataFrame({"value": learnt.unique(maintain_order=True)}).with_row_index("code")
    codes = [
        pl.DataFrame({"value": part}).join(known, on="value", how="left", nulls_equal=True, maintain_order="left")["code"]
        for part in (learnt, judged)
    ]
    return codes[0].cast(pl.Int64).to_numpy(), codes[1].cast(pl.Int64).fill_null(-1).to_numpy()
