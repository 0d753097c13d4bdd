"""Quantiles of numbers that are only counted in buckets, such as latencies, with limits that hold at every look."""

import math
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate

from reconciler.domain.tallies import Buckets
from reconciler.statistics.sequential import deviations_ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """Where a quantile lies: `value` and its limits on a straight line within a bucket, and the edges around.

    `low` is the lower edge of the bucket that holds `lower`, `high` the upper edge of that of `upper`. What lies in the last
    bucket is infinite. `growth` is how many times its lower edge the upper edge of the quantile's own bucket is.
    """

    value: float
    lower: float
    upper: float
    low: float
    high: float
    growth: float


def quantile_ever(buckets: Buckets, share: float, planned: int, chance: float) -> Quantile:
    """The quantile with one-sided limits, each of which is broken ever in at most the chance.

    The rows below the true quantile are a share that is known, so its limits are turned into limits of the quantile. Needs a
    row. Source: Howard and Ramdas 2022, "Sequential estimation of quantiles with applications to A/B testing and best-arm
    identification".
    """
    rows = buckets.rows
    far = deviations_ever(rows, planned, chance)
    reach = far * math.sqrt(share * (1 - share) / rows) + far**2 / 6 / rows
    value, lower, upper = (_at(buckets, rank) for rank in (share, share - reach, share + reach))
    own = _bucket(buckets, share)
    return Quantile(
        value=value,
        lower=lower,
        upper=upper,
        low=_edges(buckets, _bucket(buckets, share - reach))[0],
        high=math.inf if share + reach >= 1 else _edges(buckets, _bucket(buckets, share + reach))[1],
        growth=_growth(*_edges(buckets, own)),
    )


def _bucket(buckets: Buckets, share: float) -> int:
    sums = list(accumulate(buckets.counts))
    return min(bisect_left(sums, max(share, 0.0) * sums[-1]), len(sums) - 1)


def _edges(buckets: Buckets, bucket: int) -> tuple[float, float]:
    ends = (0.0, *buckets.edges, math.inf)
    return ends[bucket], ends[bucket + 1]


def _at(buckets: Buckets, share: float) -> float:
    """The quantile on a straight line within its bucket, as Prometheus does it; infinite in the last one and beyond all rows."""
    if share >= 1:
        return math.inf
    bucket = _bucket(buckets, share)
    low, high = _edges(buckets, bucket)
    before, inside = sum(buckets.counts[:bucket]), buckets.counts[bucket]
    if not math.isfinite(high) or not inside:
        return high if inside else low
    return low + (high - low) * (max(share, 0.0) * buckets.rows - before) / inside


def _growth(low: float, high: float) -> float:
    return high / low if low > 0 else math.inf
