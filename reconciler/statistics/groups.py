"""How far apart groups are beyond chance, without NumPy, so that rules stay quick to import."""

import math
from statistics import NormalDist

_NORMAL = NormalDist()


def deviations(share: float, degrees: float = math.inf) -> float:
    """How many standard errors a number exceeds by chance in that share of all cases, one-sided; share below one half.

    `degrees` of freedom of Student's t; as many as there are is the normal law. Source: Abramowitz and Stegun 26.7.5.
    """
    z = _NORMAL.inv_cdf(1 - share)
    first, second = (z**3 + z) / 4, (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / degrees + second / degrees**2


def rate_limits(rate: float, rows: int, z: float) -> tuple[float, float]:
    """The interval of a share of rows, z standard errors to either side. Source: Wilson 1927."""
    centre, weight = rate + z * z / (2 * rows), 1 + z * z / rows
    reach = z * math.sqrt(max(0.0, rate * (1 - rate)) / rows + (z / (2 * rows)) ** 2)
    return (centre - reach) / weight, (centre + reach) / weight


def least_contrast(larger: tuple[float, float], smaller: tuple[float, float], weight: float = 1.0) -> float:
    """The lower limit of `weight` times one number less another, of different rows.

    Each comes as (value, limit): the larger with its lower limit, the smaller with its upper one. With weight 1 it is Newcombe's
    interval of a difference (1998, method 10). Source: Zou and Donner 2008, "Construction of confidence limits about effect
    measures: a general approach".
    """
    (high, high_limit), (low, low_limit) = larger, smaller
    return weight * high - low - math.hypot(weight * (high - high_limit), low_limit - low)
