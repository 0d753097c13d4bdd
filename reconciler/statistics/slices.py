"""Used by evaluate: the bootstrap of every slice by itself, so that no slice's numbers depend on which other slices there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reconciler.domain.evidence import Gain
from reconciler.domain.known import Known, Measured
from reconciler.statistics.bootstrap import intervals, paired_gains
from reconciler.statistics.exact import Indices
from reconciler.statistics.resampling import Resampling


def sliced_intervals(
    task: str, metrics: Sequence[str], y: ArrayLike, prediction: ArrayLike, groups: ArrayLike, resampling: Resampling
) -> Mapping[int, Mapping[str, Known[Measured]]]:
    """What `intervals` tells of the rows of each slice alone, by slice code in ascending order.

    `groups` (n,) are whole numbers; rows of a negative code are in no slice. A slice of one class, or of numbers that are
    missing, is Missing. Raises ValueError as `intervals` does, and for groups of another shape than the labels.
    """
    target, given = np.asarray(y), np.asarray(prediction)
    return {
        code: intervals(task, metrics, target[rows], given[rows], _within(resampling, rows))
        for code, rows in _slices(groups, target)
    }


def sliced_gains(
    task: str,
    metrics: Sequence[str],
    y: ArrayLike,
    predictions: tuple[ArrayLike, ArrayLike],
    groups: ArrayLike,
    resampling: Resampling,
) -> Mapping[int, Mapping[str, Known[Gain]]]:
    """What `paired_gains` tells of the rows of each slice alone, by slice code in ascending order; groups as above."""
    target, champion, challenger = np.asarray(y), np.asarray(predictions[0]), np.asarray(predictions[1])
    return {
        code: paired_gains(task, metrics, target[rows], (champion[rows], challenger[rows]), _within(resampling, rows))
        for code, rows in _slices(groups, target)
    }


def _slices(groups: ArrayLike, target: NDArray[np.generic]) -> Iterator[tuple[int, Indices]]:
    """Each code with its rows, which keep their order."""
    codes = np.asarray(groups)
    if codes.shape != target.shape:
        raise ValueError(f"groups of shape {codes.shape} for {target.size} rows")
    order = np.argsort(codes, kind="stable")
    names, starts = np.unique(codes[order], return_index=True)
    ends = [*starts[1:], codes.size]
    for code, start, end in zip(names.tolist(), starts, ends[: names.size], strict=True):
        if code >= 0:
            yield int(code), order[start:end]


def _within(resampling: Resampling, rows: Indices) -> Resampling:
    strata = resampling.strata
    return resampling if strata is None else replace(resampling, strata=strata[rows])
