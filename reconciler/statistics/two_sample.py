"""Two releases compared once, at a number of rows that was fixed before anybody looked: tests by SciPy."""

import math

from reconciler.domain.tallies import Share, Sums
from reconciler.statistics.sequential import smoothed, variance


def p_of_gain(candidate: Share | Sums, live: Share | Sums, least: float = 0.0) -> float:
    """The one-sided p-value of "the candidate's rate or mean is not more than `least` above the live one"; NaN when it has none.

    Welch's t-test by SciPy; of a share the variance is that of smoothed rates, so that no rate is sure. For one look only.
    Raises TypeError for a share beside sums.
    """
    from scipy.stats import ttest_ind_from_stats

    mine, theirs = _moments(candidate, live), _moments(live, candidate)
    if not all(map(math.isfinite, (*mine, *theirs))) or mine[1] + theirs[1] <= 0:
        return math.nan
    found = ttest_ind_from_stats(
        mine[0] - least, mine[1], candidate.rows, theirs[0], theirs[1], live.rows, equal_var=False, alternative="greater"
    )
    return float(found.pvalue)


def _moments(one: Share | Sums, other: Share | Sums) -> tuple[float, float]:
    """Mean and standard deviation of a row."""
    match one, other:
        case Share(), Share():
            rate = smoothed(one)
            return one.hits / one.rows, math.sqrt(rate * (1 - rate))
        case Sums(), Sums():
            return float(one.total / one.rows), math.sqrt(variance(one))
        case _:
            raise TypeError("a share and sums cannot be compared")
