"""Quantiles of a profile, as far as its knots tell them."""

import math
from bisect import bisect_left
from itertools import accumulate

from reconciler.domain.profiles import Knots


def quantile(knots: Knots, share: float) -> float:
    """The value that the share of the rows does not exceed, on a straight line between two knots.

    Exact where a value has mass. Raises ValueError when no value was counted.
    """
    sums = list(accumulate(knots.counts))
    if not sums[-1]:
        raise ValueError("no value was counted")
    rank = share * sums[-1]
    cell = bisect_left(sums, rank)
    if cell == 0 or cell == len(knots.values):
        return knots.values[min(cell, len(knots.values) - 1)]
    low, high = knots.values[cell - 1], knots.values[cell]
    if math.nextafter(low, math.inf) == high:
        return high
    return low + (high - low) * (rank - sums[cell - 1]) / (sums[cell] - sums[cell - 1])
