"""Two releases compared once, at a number of rows that was fixed before anybody looked."""

import math

from reconciler.domain.tallies import Share, Sums
from reconciler.statistics.sequential import smoothed, variance


def p_of_gain(candidate: Share | Sums, live: Share | Sums, least: float = 0.0) -> float:
    """The one-sided p-value of "the candidate's rate or mean is not more than `least` above the live one"; NaN when it has none.

    Welch 1947, "The generalization of Student's problem when several different population variances are involved"; of a share the
    variance is that of smoothed rates, so that no rate is sure. For one look only. Raises TypeError for a share beside sums.
    """
    from scipy.special import stdtr  # scipy.stats has the whole test, and takes a second to import

    (mine, my_variance), (theirs, their_variance) = _moments(candidate, live), _moments(live, candidate)
    variances = (my_variance / candidate.rows, their_variance / live.rows)
    if min(candidate.rows, live.rows) < 2 or not math.isfinite(mine + theirs + sum(variances)) or sum(variances) <= 0:
        return math.nan
    part = variances[0] / sum(variances)
    freedom = 1 / (part**2 / (candidate.rows - 1) + (1 - part) ** 2 / (live.rows - 1))
    return float(stdtr(freedom, (theirs + least - mine) / math.sqrt(sum(variances))))


def _moments(one: Share | Sums, other: Share | Sums) -> tuple[float, float]:
    """Mean and variance of a row."""
    match one, other:
        case Share(), Share():
            rate = smoothed(one)
            return one.hits / one.rows, rate * (1 - rate)
        case Sums(), Sums():
            return float(one.total / one.rows), variance(one)
        case _:
            raise TypeError("a share and sums cannot be compared")
