"""Used by fit: how much each training row counts, and which rows are too unsure to count at all."""

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from reconciler.errors import ReconcilerError
from reconciler.pipeline.context import StageContext
from reconciler.specs.weights import LabelConfidence, Weights

if TYPE_CHECKING:
    import polars as pl


def weights_of(context: StageContext, frame: "pl.DataFrame", target: np.ndarray) -> np.ndarray | None:
    """(n,) weights with mean 1, or None where the spec names none. `target` (n,) are coded labels.

    The factors of the spec are multiplied: the column's value, a half for each half-life of age, and what gives each class
    the same sum. Raises ReconcilerError for values that are no weights, and when all are 0.
    """
    asked = context.model.spec.training.weights
    if asked is None:
        return None
    weights = _column(frame, asked)
    if asked.half_life is not None:
        weights = weights * _recency(frame[context.dataset.spec.event_time], asked.half_life)
    total = float(weights.sum())
    if not total > 0:
        raise ReconcilerError(f"the weights of all {len(weights):,} training rows are 0: nothing can be learnt")
    if asked.balanced:
        weights = weights * _balance(weights, target)
    return weights * (len(weights) / float(weights.sum()))


def _column(frame: "pl.DataFrame", asked: Weights) -> np.ndarray:
    if asked.column is None:
        return np.ones(frame.height)
    values = _numbers(frame, asked.column)
    bad = ~np.isfinite(values) | (values < 0)
    if bad.any():
        count, first = int(bad.sum()), int(np.argmax(bad))
        raise ReconcilerError(
            f"{count:,} of {len(values):,} weights in column {asked.column} are missing, negative or not finite; "
            f"the first is {values[first]:g}, in row {first + 1:,}",
            help="mend the column, or leave such rows out of the source",
        )
    return values


def _recency(times: "pl.Series", half_life: timedelta) -> np.ndarray:
    """A half to the power of the age in half-lives; the newest row counts whole."""
    seconds = times.dt.epoch("us").to_numpy() / 1e6
    return np.asarray(0.5 ** ((seconds.max() - seconds) / half_life.total_seconds()))


def _balance(weights: np.ndarray, target: np.ndarray) -> np.ndarray:
    """What each row is multiplied with, so that the weights of each class that occurs add up to the same."""
    sums = np.bincount(target, weights=weights)
    present = int(np.count_nonzero(sums))
    factors = np.divide(weights.sum() / present, sums, out=np.zeros_like(sums), where=sums > 0)
    return np.asarray(factors[target])


def confident(frame: "pl.DataFrame", asked: LabelConfidence | None) -> "pl.DataFrame":
    """The rows whose label is sure enough; one whose confidence is missing is not."""
    if asked is None:
        return frame
    return frame.filter(np.nan_to_num(_numbers(frame, asked.column), nan=-np.inf) >= asked.at_least)


def _numbers(frame: "pl.DataFrame", column: str) -> np.ndarray:
    """The column as float64, missing as NaN. Raises ReconcilerError when it holds something else."""
    import polars as pl

    try:
        values: np.ndarray = frame[column].cast(pl.Float64).to_numpy()
    except pl.exceptions.InvalidOperationError as error:
        raise ReconcilerError(f"column {column} does not hold numbers: {error}") from error
    return values
