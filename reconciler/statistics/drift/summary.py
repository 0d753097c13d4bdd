"""How the simple numbers of a feature changed: a report beside the drift statistics, never a verdict of its own."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.known import Known, Missing
from reconciler.domain.profiles import NumericProfile
from reconciler.statistics.quantiles import quantile

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryDeltas:
    """The current window's number minus the reference's, in the unit of the values; `missing` is of the shares.

    `quantiles` maps 0.05 to 0.95 to their deltas, and is empty for profiles without knots.
    """

    mean: float
    std: float
    minimum: float
    maximum: float
    missing: float
    quantiles: Mapping[float, float]


def summary_deltas(reference: NumericProfile, current: NumericProfile) -> Known[SummaryDeltas]:
    """All deltas; Missing when a side has no values, or a moment that no float holds."""
    sides = [_numbers(side) for side in (reference, current)]
    if sides[0] is None or sides[1] is None:
        why = f"{reference.present} values in the reference, {current.present} in the window, or beyond all floats"
        return Missing(code="insufficientData", why=why)
    mean, std, minimum, maximum, missing = (b - a for a, b in zip(*sides, strict=True))
    before, after = reference.knots, current.knots
    shares = SHARES if before and after else ()
    quantiles = {share: quantile(after, share) - quantile(before, share) for share in shares if before and after}
    return SummaryDeltas(mean=mean, std=std, minimum=minimum, maximum=maximum, missing=missing, quantiles=quantiles)


def _numbers(side: NumericProfile) -> tuple[float, float, float, float, float] | None:
    if side.mean is None or side.variance is None or side.minimum is None or side.maximum is None:
        return None
    return side.mean, math.sqrt(side.variance), side.minimum, side.maximum, side.missing / side.rows
