"""Segments of rows beside their siblings: how far a number of one lies from those of the others, beyond chance. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

SIBLINGS = 4
"""Fewer others tell nothing about how far apart segments usually are."""
_UPPER = 0.9
_UPPER_SCORE = 1.2816
"""The 90 % quantile of the standard normal distribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """Which segment each of n rows is in; -1 is none. `kind` says whose siblings they are, e.g. all days, all categories."""

    kind: str
    codes: Codes
    names: Sequence[str]

    @property
    def size(self) -> int:
        """How many segments there are."""
        return len(self.names)

    def sums(self, values: Floats | None = None, among: NDArray[np.bool_] | None = None) -> Floats:
        """The sum of the values, (n,), or the number of rows, by segment; `among` (n,) chooses rows."""
        weights = values if among is None else among.astype(np.float64) if values is None else values * among
        return np.bincount(self.codes + 1, weights, minlength=self.size + 1)[1:].astype(np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """One number of g segments of one kind, and what was expected: all (g,).

    `excess` is compared with the siblings', positive is odd; `noise` is its standard error; `p` the chance of so much.
    `judged` is False for segments that only show what is usual.
    """

    names: NDArray[np.object_]
    rows: Floats
    observed: Floats
    expected: Floats
    excess: Floats
    noise: Floats
    p: Floats
    judged: NDArray[np.bool_]

    def where(self, chosen: NDArray[np.bool_]) -> "Readings":
        """Only the chosen segments, (g,)."""
        return Readings(**{name: getattr(self, name)[chosen] for name in self.__slots__})


def together(parts: Sequence[Readings]) -> Readings:
    """All segments of the parts, which are one another's siblings then."""
    return Readings(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in Readings.__slots__})


def distances(excess: Floats, noise: Floats) -> Floats:
    """How far each excess, (g,), lies above the median of the others, in units of their upper spread and its own noise; (g,).

    The spread is from the median to the 90 % quantile of the others, so a tenth of them may be as odd as it is. Days that
    differ more than chance lets them are no stranger than other days. Without four others every distance is 0.
    """
    count = excess.size
    if count <= SIBLINGS:
        return np.zeros(count)
    order = np.argsort(excess, kind="stable")
    ascending, rank = excess[order], np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    middle = _quantile_without(ascending, rank, 0.5)
    spread = np.maximum(_quantile_without(ascending, rank, _UPPER) - middle, 0.0) / _UPPER_SCORE
    scale = np.hypot(spread, noise)
    return np.divide(excess - middle, scale, out=np.zeros(count), where=scale > 0)


def _quantile_without(ascending: Floats, rank: Codes, level: float) -> Floats:
    """The quantile of all numbers but the one of that rank, for each rank."""
    place = (ascending.size - 2) * level
    low = int(place)
    high = min(low + 1, ascending.size - 2)
    below, above = (ascending[at + (at >= rank)] for at in (low, high))
    return np.asarray(below + (place - low) * (above - below))


def holm_adjusted(p: Floats) -> Floats:
    """The p-values, (m,), each made so large that comparing it with alpha is Holm's test. Source: Holm 1979."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(np.minimum(p[order] * np.arange(p.size, 0, -1), 1.0))
    adjusted = np.empty(p.size)
    adjusted[order] = stepped
    return adjusted
