"""Metrics of the order of the scores, for many weightings at once: sorted once, then only running sums."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from reconciler.statistics.exact import WHOLE, Floats, Indices

Counts: TypeAlias = NDArray[Any]
"""Whole numbers, when the weights are whole."""

_HELD = 2**20
"""Weights at once: the memory of more would be given back to the system and fetched again each time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Weights on the way down the ranking, at each score that a positive row has: all are (r, t).

    `true` and `false` count the positives and negatives with at least that score, `above` the negatives with a higher one,
    and `positives` the positives with exactly it. `total` is the weight of all negatives, (r, 1).
    """

    true: Counts
    false: Counts
    above: Counts
    positives: Counts
    total: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Rows by falling score, sorted once for every weighting. Only scores that a positive row has are looked at.

    `positives` and `negatives` are rows in that order. `bounds` (t + 1,) cuts the positives where the score changes; `above`
    and `at_least` (t,) are how many negatives have a higher score, and how many have no lower one.
    """

    positives: Indices
    negatives: Indices
    bounds: Indices
    above: Indices
    at_least: Indices

    @classmethod
    def of(cls, y: Floats, prediction: Floats) -> "Ranking":
        """Sort by score, and find where the runs of equal scores start and end."""
        order = np.argsort(-prediction, kind="stable")
        is_positive = y[order] > 0
        positives, negatives = order[is_positive], order[~is_positive]
        others = -prediction[negatives]
        looked_at, starts = np.unique(-prediction[positives], return_index=True)
        return cls(
            positives=positives,
            negatives=negatives,
            bounds=np.append(starts, positives.size),
            above=np.searchsorted(others, looked_at, side="left"),
            at_least=np.searchsorted(others, looked_at, side="right"),
        )

    def sweeps(self, weights: NDArray[Any]) -> Iterator[Sweep]:
        """Go down the ranking with each of the weightings (n, r), a few at a time."""
        positives, negatives = _moved(weights, self.positives), _moved(weights, self.negatives)
        places = np.concatenate([self.at_least, self.above, [self.negatives.size]])
        step = min(max(1, _HELD // len(weights)), weights.shape[1])
        room = np.zeros((step, len(weights) + 1), dtype=np.int32 if weights.dtype.kind == "u" else np.float64)
        for start in range(0, weights.shape[1], step):
            cut = _running(positives[start : start + step], self.bounds, room)
            found = _running(negatives[start : start + step], places, room)
            yield Sweep(
                true=cut[:, 1:],
                false=found[:, : self.above.size],
                above=found[:, self.above.size : -1],
                positives=np.diff(cut, axis=1),
                total=found[:, -1:],
            )


Ranked: TypeAlias = Callable[[Sweep], Floats]
"""A metric of the ranking, (r,) numbers."""


def _moved(weights: NDArray[Any], order: Indices) -> NDArray[Any]:
    """Weights (r, n) in that order; moving whole rows of weights (n, r) is quick, and adding up along columns is not."""
    return np.ascontiguousarray(np.take(weights, order, axis=0).T)


def _running(weights: NDArray[Any], places: Indices, room: Counts) -> Counts:
    """The weight (r, t) of so many first rows as each place says, of weights (r, n); the running sums are made in the room."""
    sums = room[: len(weights), : weights.shape[1] + 1]
    np.cumsum(weights, axis=1, dtype=room.dtype, out=sums[:, 1:])
    found: Counts = np.take(sums, places, axis=1)
    return found


def _roc_auc(sweep: Sweep) -> Floats:
    """The share of pairs in which the positive has the higher score; a tie counts one half. Source: Mann and Whitney 1947.

    Twice the pairs are a whole number below 2^53 up to 90 million rows, so the only rounding is that of the ratio.
    """
    won = _dot(sweep.positives, 2 * sweep.total - sweep.false - sweep.above)
    return won / (2.0 * sweep.true[:, -1] * sweep.total[:, 0])


def _average_precision(sweep: Sweep) -> Floats:
    """Sum of precision times the step of recall, without interpolation (as scikit-learn defines it).

    Precisions are rounded, by less than 1e-10 for a million rows, so that their sum has no order.
    """
    called = (sweep.true + sweep.false).astype(np.float64)
    precision = np.divide(sweep.true, called, out=np.zeros_like(called), where=called > 0)
    every = sweep.true[:, -1].astype(np.float64)
    digits = np.exp2(WHOLE - np.frexp(every)[1])
    average: Floats = _dot(sweep.positives, np.rint(precision * digits[:, None])) / digits / every
    return average


def _dot(left: Counts, right: Counts) -> Floats:
    """Not by BLAS, which would start threads of its own."""
    product: Floats = np.einsum("rt,rt->r", left.astype(np.float64), right.astype(np.float64))
    return product


RANKED: Mapping[str, Ranked] = {"rocAuc": _roc_auc, "averagePrecision": _average_precision}
