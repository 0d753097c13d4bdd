"""Drift statistic `chiSquared`: a contingency test of the reference's bins, with Cramér's V as the size of the effect."""

import math
from dataclasses import dataclass

from reconciler.domain.profiles import FeatureProfile
from reconciler.statistics.drift.bins import RARE, Bins, every_bin
from reconciler.statistics.drift.measure import Drift
from reconciler.statistics.significance import chi_squared_tail


@dataclass(frozen=True, slots=True, kw_only=True)
class Contingency:
    """Pearson's test of a table of two rows: the statistic, its degrees of freedom and p-value.

    `cramers_v` is that of the table as it is; `balanced_v` that of the same shares if both samples were of one size.
    """

    statistic: float
    degrees: int
    p_value: float
    cramers_v: float
    balanced_v: float


def chi_squared(reference: FeatureProfile, current: FeatureProfile) -> Drift:
    """Balanced V and the p-value. Raises TypeError for profiles of two kinds.

    V of the table as it is shrinks as the reference grows: a verdict would depend on how long ago somebody began to collect.
    With equally many rows on both sides the two are the same number.
    """
    test = contingency(every_bin(reference, current))
    return Drift(value=test.balanced_v, p_value=test.p_value)


def contingency(bins: Bins) -> Contingency:
    """The test of the bins, rare ones pooled until 5 rows are expected in each cell. Source: Pearson 1900, Cramér 1946."""
    cells = pooled(bins)
    n, m = (sum(side) for side in zip(*cells, strict=True)) if cells else (0, 0)
    if len(cells) < 2 or not n or not m:
        return Contingency(statistic=0.0, degrees=0, p_value=1.0, cramers_v=0.0, balanced_v=0.0)
    apart = math.fsum((a / n - b / m) ** 2 / (a + b) for a, b in cells)
    evenly = math.fsum((a / n - b / m) ** 2 / (a / n + b / m) for a, b in cells)
    statistic = apart * n * m
    return Contingency(
        statistic=statistic,
        degrees=len(cells) - 1,
        p_value=chi_squared_tail(statistic, len(cells) - 1),
        cramers_v=min(1.0, math.sqrt(statistic / (n + m))),
        balanced_v=min(1.0, math.sqrt(evenly / 2)),
    )


def pooled(bins: Bins) -> Bins:
    """The bins with the rarest ones made one, until at least 5 rows are expected in every cell of both samples.

    Which ones are rare is seen in both samples together, so that pooling favours neither.
    """
    n, m = (sum(side) for side in zip(*bins, strict=True)) if bins else (0, 0)
    ordered = sorted((pair for pair in bins if pair != (0, 0)), key=sum)
    needed = RARE * (n + m) / min(n, m) if n and m else 0.0
    pool, kept = (0, 0), 0
    while kept < len(ordered) and (sum(ordered[kept]) < needed or 0 < sum(pool) < needed):
        pool = (pool[0] + ordered[kept][0], pool[1] + ordered[kept][1])
        kept += 1
    return [pool, *ordered[kept:]] if kept else ordered
