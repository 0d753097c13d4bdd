"""On how much a spread rests: the rows are left out group by group, and what that changes tells how few of them decide.

Two models that answer alike differ in a handful of rows, and a rare class has few rows; then the spread of the resamples is
itself only guessed. Source: Satterthwaite 1946, with the fourth cumulant of the shares instead of that of the normal law.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reconciler.statistics.exact import Floats, Indices
from reconciler.statistics.resampling import Draws, Weights

GROUPS = 200
"""Of all strata together: a tenth of the usual resamples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Rows in groups of a stratum. `labels` (n,) are the groups of the rows in the order of the draws; -1 is in none.

    `counts` and `sizes` are the groups and the rows of each stratum that has any groups, `lanes` how many are left out at once.
    """

    labels: Indices
    counts: tuple[int, ...]
    sizes: tuple[int, ...]
    lanes: int

    @classmethod
    def of(cls, draws: Draws) -> "Groups":
        """Groups at random, as equal as can be; a stratum of one row has none, since nothing is left without it."""
        generator = np.random.Generator(np.random.SFC64((draws.seed, 0, 1)))
        most = max(2, GROUPS // max(1, len(draws.sizes)))
        labels = np.full(draws.order.size, -1)
        counts: list[int] = []
        start = 0
        for rows in draws.sizes:
            if rows > 1:
                together = -(-rows // most)
                labels[start + generator.permutation(rows)] = np.arange(rows) // together + sum(counts)
                counts.append(-(-rows // together))
            start += rows
        return cls(labels=labels, counts=tuple(counts), sizes=tuple(rows for rows in draws.sizes if rows > 1), lanes=draws.size)

    @property
    def weights(self) -> int:
        """How many there are in all."""
        return self.labels.size * sum(self.counts)

    @property
    def blocks(self) -> range:
        """The numbers of the blocks."""
        return range(-(-sum(self.counts) // self.lanes))

    def block(self, number: int) -> Weights:
        """Weights (n, r) of one block: in each column, the rows of one group count nothing and all others once."""
        names = np.arange(number * self.lanes, min((number + 1) * self.lanes, sum(self.counts)))
        weights: Weights = (self.labels[:, None] != names).astype(np.uint8)
        return weights

    def degrees(self, without: Floats) -> float:
        """Degrees of freedom of the spread of a number that is `without` (g,) when each group is left out; 1 at least."""
        if not np.isfinite(without).all():
            return 1.0
        parts = list(self._parts(without))
        spread, doubt = sum(variance for variance, _ in parts), sum(doubt for _, doubt in parts)
        return max(1.0, 2 * spread**2 / doubt) if doubt else float("inf")

    def _parts(self, without: Floats) -> Iterator[tuple[float, float]]:
        """The variance that each stratum adds, and the variance of that estimate."""
        for part, rows in zip(np.split(without, np.cumsum(self.counts)[:-1]), self.sizes, strict=True):
            shares = (part - part.mean()) * (1 - 1 / part.size)
            variance = float((shares**2).sum())
            fourth = float((shares**4).sum()) - 3 * variance**2 / part.size
            yield variance, max(0.0, fourth) + 2 * variance**2 / (rows - 1)
