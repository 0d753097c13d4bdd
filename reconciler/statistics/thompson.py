"""Thompson sampling: how likely each release is the best, and the weights that follow. Randomness comes from the seed alone."""

import math
from collections.abc import Mapping, Sequence

from reconciler.domain.names import Digest
from reconciler.domain.tallies import Share, Sums
from reconciler.statistics.sequential import variance

DRAWS = 20_000


def chances_to_be_best(arms: Sequence[Share | Sums], seed: int) -> tuple[float, ...]:
    """For each release the share of draws in which it has the largest rate or mean; they add up to 1.

    Rates are drawn from Beta(hits + 1, others + 1), means from the normal law that many rows lead to. Source: Thompson 1933;
    Scott 2010, "A modern Bayesian look at the multi-armed bandit". Draws belong to what was counted, not to a place in the list,
    and releases of which the same was counted share theirs: so an order of names decides nothing.
    """
    import numpy as np

    rng = np.random.default_rng(seed)
    order = sorted(range(len(arms)), key=lambda index: _counted(arms[index]))
    drawn = np.empty((len(arms), DRAWS))
    for index in order:
        match arms[index]:
            case Share(rows=rows, hits=hits):
                drawn[index] = rng.beta(hits + 1, rows - hits + 1, DRAWS)
            case Sums(rows=rows, total=total) as sums:
                drawn[index] = rng.normal(float(total / rows), math.sqrt(variance(sums) / rows), DRAWS)
    best = np.bincount(drawn.argmax(axis=0), minlength=len(arms)) / DRAWS
    alike = [[other for other in range(len(arms)) if arms[other] == arms[index]] for index in range(len(arms))]
    return tuple(float(best[same].sum()) / len(same) for same in alike)


def weights_of(chances: Mapping[Digest, float], floor: int) -> dict[Digest, int]:
    """Whole percents that add up to 100: the floor for each, and the rest by the chances. Largest remainders, then names.

    Raises ValueError when the floors alone are more than 100.
    """
    rest = 100 - floor * len(chances)
    if rest < 0:
        raise ValueError(f"{len(chances)} releases with {floor} % each are more than 100 %")
    whole = {name: math.floor(chance * rest) for name, chance in chances.items()}
    left = rest - sum(whole.values())
    by_rest = sorted(chances, key=lambda name: (whole[name] - chances[name] * rest, name))
    return {name: floor + whole[name] + (name in by_rest[:left]) for name in sorted(chances)}


def _counted(arm: Share | Sums) -> tuple[float, ...]:
    match arm:
        case Share():
            return (arm.hits / arm.rows if arm.rows else 0.0, arm.rows)
        case Sums():
            return (float(arm.total / arm.rows), arm.rows, float(arm.squares))
