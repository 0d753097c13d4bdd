"""Permutation importance as shares that add up to one, and how sure they are. Source: Breiman 2001, section 10.

A feature's importance is by how much the mean loss grows when its values are shuffled among the rows; less than nothing is none.
"""

from collections.abc import Sequence

import numpy as np

from reconciler.domain.measured.importance import Leaning, Ranged
from reconciler.statistics.bootstrap import INTERVAL
from reconciler.statistics.exact import Columns, Floats
from reconciler.statistics.resampling import Resampling, draws


def shares(growth: Floats) -> Floats:
    """Shares (k, r) of importance from how much the loss grows (k, r); all 0 where nothing grows."""
    grown = np.maximum(growth, 0.0)
    total = grown.sum(axis=0)
    parts: Floats = np.divide(grown, total, out=np.zeros_like(grown), where=total > 0)
    return parts


def ranged_shares(names: Sequence[str], growth: Floats, resampling: Resampling) -> dict[str, Ranged]:
    """One model's shares by feature. `growth` (k, n) is by how much each row's loss grows with each feature shuffled."""
    (parts,) = _resampled([growth], resampling)
    return dict(zip(names, map(_ranged, parts), strict=True))


def leanings(names: Sequence[str], live: Floats, candidate: Floats, resampling: Resampling) -> dict[str, Leaning]:
    """Both models' shares by feature, and how they differ; growths (k, n) of the same features on the same rows."""
    before, after = _resampled([live, candidate], resampling)
    return {
        name: Leaning(live=_ranged(old), candidate=_ranged(new), shift=_ranged(new - old))
        for name, old, new in zip(names, before, after, strict=True)
    }


def _resampled(growths: Sequence[Floats], resampling: Resampling) -> list[Floats]:
    """Of each model the shares (k, 1 + r): those of all rows, then those of each resample, which is one for all models."""
    columns, rows = Columns.of(np.concatenate(growths)), growths[0].shape[1]
    every = draws(np.zeros(rows), "regression", resampling)
    sums = [columns.sums(np.ones((rows, 1))), *(columns.sums(weights) for weights in every)]
    ends = np.cumsum([len(growth) for growth in growths])
    return [shares(part) for part in np.split(np.concatenate(sums, axis=1), ends[:-1])]


def _ranged(values: Floats) -> Ranged:
    low, high = np.quantile(values[1:], INTERVAL).tolist()
    return Ranged(value=float(values[0]), low=low, high=high)
