"""Drift statistic `domainClassifier`: how well a small model tells rows of the reference from rows of the window.

It sees what no statistic of single features can, a change of how they hang together; and it needs the rows themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from reconciler.domain.known import Known, Missing
from reconciler.statistics.drift.measure import MINIMUM_ROWS, Drift
from reconciler.statistics.grid import Floats
from reconciler.statistics.profile import counted

FOLDS = 5
CODED = 100
"""Categories told apart; rarer ones are one, and so are those that only one side has too few of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How the model is made: at most so many rows of each side, drawn and split by the seed."""

    seed: int = 0
    rows: int = 5000
    minimum: int = MINIMUM_ROWS


def domain_classifier(
    reference: Mapping[str, ArrayLike], current: Mapping[str, ArrayLike], sampling: Sampling | None = None
) -> Known[Drift]:
    """Cross-validated ROC AUC of a histogram gradient boosting over the columns that both sides have, each (n,) or (m,).

    Numbers keep their missing values, texts are coded by how often they occur. The p-value is one-sided, of ranks
    that are alike on both sides (Mann and Whitney 1947). Missing below the minimum of rows, or without a common column.
    """
    sampling = sampling or Sampling()
    names = sorted(reference.keys() & current.keys())
    if not names:
        return Missing(code="insufficientData", why="no column is in both samples")
    n, m = len(np.asarray(reference[names[0]])), len(np.asarray(current[names[0]]))
    if min(n, m) < sampling.minimum:
        why = f"{n} rows in the reference and {m} in the window, {sampling.minimum} needed"
        return Missing(code="insufficientData", why=why)
    rng = np.random.default_rng(sampling.seed)
    drawn = [np.sort(rng.permutation(size)[: sampling.rows]) for size in (n, m)]
    columns = [
        _coded([np.asarray(side[name])[rows] for side, rows in zip((reference, current), drawn, strict=True)]) for name in names
    ]
    target = np.repeat([0.0, 1.0], [rows.size for rows in drawn])
    return _told_apart(np.column_stack(columns), target, sampling.seed)


def _coded(sides: Sequence["np.ndarray[tuple[int], np.dtype[np.generic]]"]) -> Floats:
    """Numbers as they are, infinite ones missing; texts by their place among the most frequent of both sides."""
    whole = np.concatenate(sides)
    if whole.dtype.kind in "biuf":
        numbers = whole.astype(np.float64)
        return np.where(np.isfinite(numbers), numbers, np.nan)
    counts = counted(whole.astype(object))
    missing = counts.pop(None, 0)
    ranked = sorted(counts, key=lambda name: (-counts[name], str(name)))[:CODED]
    places = {name: float(place) for place, name in enumerate(ranked)}
    texts = [None if missing and (value is None or value != value) else str(value) for value in whole.tolist()]  # noqa: PLR0124
    return np.array([np.nan if text is None else places.get(text, float(CODED)) for text in texts])


def _told_apart(rows: Floats, target: Floats, seed: int) -> Drift:
    from scipy.stats import mannwhitneyu
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from threadpoolctl import threadpool_limits

    model = HistGradientBoostingClassifier(max_iter=50, max_leaf_nodes=8, early_stopping=False, random_state=seed)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    # One thread: on so few rows more of them mostly wait for each other, and the sums would depend on how many they are.
    with threadpool_limits(limits=1):
        scores: NDArray[np.float64] = cross_val_predict(model, rows, target, cv=folds, method="predict_proba")[:, 1]
    test = mannwhitneyu(scores[target == 1], scores[target == 0], alternative="greater")
    pairs = float(np.count_nonzero(target == 1)) * float(np.count_nonzero(target == 0))
    return Drift(value=float(test.statistic) / pairs, p_value=float(test.pvalue))
