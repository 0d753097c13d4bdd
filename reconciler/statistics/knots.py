"""The knots of a reference: at which numbers its distribution function, and every later window's, is counted.

A value that has mass is a knot itself, with the float just below it. Between such values the knots are quantiles,
moved to a boundary of the grid where that shifts no more than a quarter of their spacing.
"""

import math

import numpy as np

from reconciler.statistics.grid import CODES, RANKS, Codes, Floats, Grid

KNOTS = 1024
FEW = KNOTS // 2
"""So many different values or fewer all have knots of their own, and nothing about them is approximate."""
MOVED = 4
"""A knot may move by one part in so many of the rows between two knots."""


def knots_of(ascending: Floats, shares: Floats, grid: Grid) -> tuple[Floats, Floats]:
    """The knots, ascending, and the one at each of the asked shares, of the reference's values in ascending order.

    `shares` are in (0, 1). Both answers are empty when there is no value.
    """
    if not ascending.size:
        return ascending, ascending
    starts = np.flatnonzero(np.concatenate(([True], ascending[1:] != ascending[:-1])))
    if starts.size <= FEW:
        values = ascending[starts]
        return np.union1d(values, just_below(values)), _quantiles(ascending, shares)
    asked = _quantiles(ascending, shares)
    values = np.unique(np.concatenate((_quantiles(ascending, _levels()), asked)))
    left, right = (np.searchsorted(ascending, values, side) for side in ("left", "right"))
    heavy = (right - left) * KNOTS >= ascending.size
    light = _moved(ascending, values, right, grid)
    placed = np.where(heavy, values, light)
    limits = just_below(values[heavy])
    ends = [_moved_down(float(ascending[0]), grid)]
    return np.unique(np.concatenate((ends, placed, limits))), placed[np.searchsorted(values, asked)]


def just_below(values: Floats) -> Floats:
    """The floats before these, as far as there are any."""
    with np.errstate(over="ignore"):
        below = np.nextafter(values, -np.inf)
    return below[np.isfinite(below)]


def _levels() -> Floats:
    """Evenly spaced shares from the first row to the last, and ever closer ones in both tails."""
    tail = 0.5 ** np.arange(1, 13) / (KNOTS - 24)
    return np.concatenate((np.linspace(0, 1, KNOTS - 24), tail, 1 - tail))


def _quantiles(ascending: Floats, shares: Floats) -> Floats:
    """The smallest value that at least the share of the rows does not exceed."""
    ranks = np.ceil(shares * ascending.size - 1e-9).astype(np.intp) - 1
    return ascending[np.clip(ranks, 0, ascending.size - 1)]


def _moved(ascending: Floats, values: Floats, right: Codes, grid: Grid) -> Floats:
    """Each value, or the nearer end of its cell when few rows lie between."""
    codes = grid.codes(values)
    moved, fewest = values.copy(), np.full(values.size, ascending.size / (KNOTS * MOVED))
    for ends in (grid.ceilings(codes), grid.ceilings(CODES[np.maximum(RANKS[codes] - 1, 0)])):
        passed = np.abs(np.searchsorted(ascending, ends, side="right") - right)
        nearer = ~np.isnan(ends) & (passed <= fewest)
        moved[nearer], fewest[nearer] = ends[nearer], passed[nearer]
    return moved


def _moved_down(lowest: float, grid: Grid) -> float:
    """A number below the lowest value, at the end of the cell before if it has one."""
    below = grid.below(lowest)
    return below if below < lowest and math.isfinite(below) else float(np.nextafter(lowest, -np.inf))
