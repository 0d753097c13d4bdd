"""What one feature alone tells of the target: learnt in groups of equal values on some rows, judged on others. Pure."""

import numpy as np
from numpy.typing import NDArray

from reconciler.domain.known import Known, Missing

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

BINS = 256
FEWEST = 10
"""Rows of a class, and rows of the others, that an area under the curve needs."""


def bins_of(learnt: Floats, judged: Floats) -> tuple[Codes, Codes]:
    """Group numbers of both, (n,) and (m,): up to 256 bins of equal mass of the finite numbers learnt, and one for the rest."""
    present = learnt[np.isfinite(learnt)]
    edges = np.unique(np.quantile(present, np.arange(1, BINS) / BINS, method="lower")) if present.size else np.empty(0)
    return _bin(learnt, edges), _bin(judged, edges)


def power_of_classes(learnt: tuple[Codes, Codes], judged: tuple[Codes, Codes], classes: int) -> Known[float]:
    """The area under the ROC curve of the classes' shares in each group, from groups and classes of n and of m rows.

    Of several classes the mean of each against the rest, weighted by its rows; classes of fewer than 10 rows are left out.
    A group that was not learnt (a negative number, or no rows) gets the share of all. Source: Fawcett 2006, section 6 and 9.2.
    """
    groups = 1 + max(int(learnt[0].max(initial=-1)), int(judged[0].max(initial=-1)))
    known, asked = _table(learnt, groups, classes), _table(judged, groups, classes)
    rows = asked.sum(axis=0)
    prior = known.sum(axis=0) / max(known.sum(), 1.0)
    shares = (known + prior) / (known.sum(axis=1, keepdims=True) + 1.0)
    told = [code for code in range(1 if classes == 2 else 0, classes) if min(rows[code], rows.sum() - rows[code]) >= FEWEST]
    if not told:
        return Missing(code="tooFewOfAClass", why=f"fewer than {FEWEST} of {int(rows.sum())} rows are of each class but one")
    areas = [area(shares[:, code], asked[:, code], asked.sum(axis=1) - asked[:, code]) for code in told]
    return float(np.average(areas, weights=rows[told]))


def power_of_numbers(learnt: tuple[Codes, Floats], judged: tuple[Codes, Floats]) -> Known[float]:
    """R squared of each group's mean, from groups and numbers of n and of m rows; below 0 for a useless feature."""
    groups = 1 + max(int(learnt[0].max(initial=-1)), int(judged[0].max(initial=-1)))
    mean = float(learnt[1].mean())
    places = learnt[0] + 1
    counts, sums = np.bincount(places, minlength=groups + 1), np.bincount(places, learnt[1], minlength=groups + 1)
    means = (sums + mean) / (counts + 1.0)
    means[0] = mean
    return _explained(judged[1], means[judged[0] + 1])


def power_of_line(x: Floats, y: Floats) -> Known[float]:
    """The squared correlation of (m,) numbers and the target, over rows where both are finite."""
    both = np.isfinite(x) & np.isfinite(y)
    spread = float(np.std(x[both]) * np.std(y[both])) if both.any() else 0.0
    if not spread > 0:
        return Missing(code="constant", why=f"one of the two does not vary over {int(both.sum())} rows")
    return float(np.mean((x[both] - x[both].mean()) * (y[both] - y[both].mean())) / spread) ** 2


def area(score: Floats, positives: Floats, negatives: Floats) -> float:
    """The area under the ROC curve of groups, (g,) each: their score, and how many rows of either kind they hold."""
    _, place = np.unique(score, return_inverse=True)
    above, below = np.bincount(place, positives), np.bincount(place, negatives)
    won = above * (np.cumsum(below) - below / 2)
    return float(won.sum() / (above.sum() * below.sum()))


def _bin(values: Floats, edges: Floats) -> Codes:
    return np.where(np.isfinite(values), np.searchsorted(edges, values, side="left"), edges.size + 1).astype(np.int64)


def _table(rows: tuple[Codes, Codes], groups: int, classes: int) -> Floats:
    """Rows by group and class, (g + 1, k); the first line is of those that are in no group."""
    cells = (rows[0] + 1) * classes + rows[1]
    return np.bincount(cells, minlength=(groups + 1) * classes).reshape(groups + 1, classes).astype(np.float64)


def _explained(y: Floats, prediction: Floats) -> Known[float]:
    total = float(((y - y.mean()) ** 2).sum())
    if not total > 0:
        return Missing(code="constant", why=f"the target does not vary over {y.size} rows")
    return 1.0 - float(((y - prediction) ** 2).sum()) / total
