"""Used by train and evaluate: by how much each row's loss grows when one feature at a time is shuffled among the rows."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from reconciler.pipeline.artifact import Contract
from reconciler.specs.model import Task

if TYPE_CHECKING:
    import polars as pl

AT_ONCE = 200_000
"""Rows that a model is asked about at a time: each call costs too, of a team's own program much."""
Answer = Callable[["pl.DataFrame"], np.ndarray]
"""What a model says of rows, (n,) or (n, k); of such a frame also the loss of each row, (n,)."""


def losses_of(answer: Answer, contract: Contract, truth: np.ndarray) -> Answer:
    """The losses of the answers, for rows whose coded labels are `truth` (n,), once or several times over."""
    from reconciler.statistics.losses import row_losses

    scale = spread_of(truth) if contract.task is Task.REGRESSION else 1.0

    def losses(rows: "pl.DataFrame") -> np.ndarray:
        return row_losses(contract.task, np.tile(truth, rows.height // truth.size), answer(rows), scale)

    return losses


def growth_of(losses: Answer, rows: "pl.DataFrame", names: Sequence[str], *, seed: int, repeats: int = 1) -> np.ndarray:
    """(k, n): the mean growth of the losses of n rows over the repeats, with each of k features shuffled.

    The same seed and names shuffle alike, whoever answers. Raises whatever `losses` does.
    """
    import polars as pl

    usual, generator = losses(rows), np.random.default_rng(seed)
    grown = np.zeros((len(names), rows.height))
    trials = [number for _ in range(repeats) for number in range(len(names))]
    for several in _batched(trials, max(1, AT_ONCE // max(1, rows.height))):
        frames = [_shuffled(rows, names[number], generator) for number in several]
        told = losses(pl.concat(frames)).reshape(len(several), rows.height)
        for number, shuffled in zip(several, told, strict=True):
            grown[number] += shuffled - usual
    return grown / repeats


def spread_of(truth: np.ndarray) -> float:
    """What a whole error of a regression is: the distance of the 5 % and the 95 % quantile of the labels, or 1."""
    low, high = np.quantile(truth, [0.05, 0.95]) if truth.size else (0.0, 0.0)
    return float(high - low) or 1.0


def _batched(trials: Sequence[int], size: int) -> Sequence[Sequence[int]]:
    return [trials[start : start + size] for start in range(0, len(trials), size)]


def _shuffled(rows: "pl.DataFrame", name: str, generator: np.random.Generator) -> "pl.DataFrame":
    return rows.with_columns(rows[name].gather(generator.permutation(rows.height).tolist()).alias(name))
