"""Numbers that differ from run to run, such as times: judged by their bound only beyond that noise."""

import math

from reconciler.domain.judgements import Answer
from reconciler.domain.measured.serving import Spread

QUIETER = "a bound that is further away, or a quieter machine: train again there"
"""What helps when the bound lies within the noise."""


def at_most(spread: Spread, bound: float) -> Answer:
    """YES when even the high end keeps the bound, NO when not even the low end does; between them it is UNKNOWN, as NaN is."""
    if not all(map(math.isfinite, (spread.low, spread.middle, spread.high))):
        return Answer.UNKNOWN
    if spread.high <= bound:
        return Answer.YES
    return Answer.NO if spread.low > bound else Answer.UNKNOWN
