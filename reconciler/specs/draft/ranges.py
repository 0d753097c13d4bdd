"""Ranges that new rows will keep as well: rounded outwards with slack, and left open where the data says that they would not."""

import math
import sys
from collections.abc import Callable

from reconciler.domain.survey import Numbers

SLACK = 0.5
"""Room on each side, as a share of the span that was seen."""
_FAR = 3.0
"""The last hundredth of the values may reach this much farther than the half of the values below it."""


def bounds(seen: Numbers) -> tuple[float | None, float | None]:
    """The least and the largest value to allow; None where no bound can be trusted.

    A side stays open when few values lie far out there, or when the bound that the older half of the rows suggests would
    have refused the newer half. Values that are never negative (or positive) are kept so.
    """
    span = seen.maximum - seen.minimum
    room = SLACK * span
    if span < sys.float_info.min * 100 or not all(map(math.isfinite, (span, seen.minimum - room, seen.maximum + room))):
        return None, None
    early = SLACK * (seen.early_maximum - seen.early_minimum)
    step = 10.0 ** (math.floor(math.log10(span)) - 1)
    low: float | None = min(seen.minimum, _rounded(seen.minimum - room, step, math.floor))
    high: float | None = max(seen.maximum, _rounded(seen.maximum + room, step, math.ceil))
    if seen.minimum >= 0 > seen.minimum - room:
        low = 0.0
    elif seen.low - seen.minimum > _FAR * (seen.median - seen.low) or seen.early_minimum - early > seen.minimum:
        low = None
    if seen.maximum <= 0 < seen.maximum + room:
        high = 0.0
    elif seen.maximum - seen.high > _FAR * (seen.high - seen.median) or seen.early_maximum + early < seen.maximum:
        high = None
    return low, high


def round_to(value: float, digits: int = 2) -> float:
    """The value with this many significant digits."""
    if value == 0 or not math.isfinite(value):
        return value
    return float(f"{value:.{digits}g}")


def _rounded(value: float, step: float, to: Callable[[float], int]) -> float:
    """The next multiple of the step, in the shortest digits that say it."""
    return float(f"{to(value / step) * step:.12g}")
