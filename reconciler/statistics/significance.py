"""Significance without SciPy, so that rules stay quick to import: tails in closed form, and Holm's correction."""

import math
from collections.abc import Sequence


def chi_squared_tail(value: float, degrees: int) -> float:
    """P(X >= value) for a chi-squared X with whole degrees of freedom.

    Source: Abramowitz and Stegun 26.4.4 and 26.4.5. No degrees, or no distance: 1.
    """
    half = value / 2
    if degrees <= 0 or half <= 0:  # half of the least float is none
        return 1.0
    odd = degrees % 2
    tail = math.erfc(math.sqrt(half)) if odd else 0.0
    shift = 0.5 if odd else 0.0
    terms = (math.exp((k + shift) * math.log(half) - half - math.lgamma(k + shift + 1)) for k in range(degrees // 2))
    return min(1.0, tail + math.fsum(terms))


def kolmogorov_tail(value: float) -> float:
    """P(K >= value) for the supremum K of a Brownian bridge's absolute value.

    Source: Kolmogorov 1933; of the two series the one that converges quickly. No distance: 1.
    """
    if value <= 0.2:
        return 1.0
    if value < 1.0:
        scale = math.pi * math.pi / (8 * value * value)
        return 1.0 - math.sqrt(2 * math.pi) / value * math.fsum(math.exp(-((2 * k - 1) ** 2) * scale) for k in range(1, 5))
    return min(1.0, 2 * math.fsum((-1) ** (k - 1) * math.exp(-2 * k * k * value * value) for k in range(1, 8)))


def holm(p_values: Sequence[float], alpha: float) -> tuple[bool, ...]:
    """Which hypotheses are rejected while the chance of any false rejection stays at most alpha. Source: Holm 1979."""
    rejected = [False] * len(p_values)
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    for rank, index in enumerate(order):
        if p_values[index] > alpha / (len(p_values) - rank):
            break
        rejected[index] = True
    return tuple(rejected)
