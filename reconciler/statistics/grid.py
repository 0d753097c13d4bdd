"""A grid to count on: used by the tally, which needs two passes over the values instead of a search for each.

The cell of a value is its half-precision number after centring and scaling: 1,024 cells per octave on both sides of the
origin, which suits bells and long tails alike. Every step rounds monotonically, so cells follow the order of the values.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.intp]

CELLS = 65_536
_SIGN = 0x8000
_LARGEST = 0x7BFF
RANKS: Codes = np.where(np.arange(CELLS) < _SIGN, np.arange(CELLS) + _SIGN, 2 * _SIGN - 1 - np.arange(CELLS))
"""Place of each half-precision code in ascending order of what it stands for."""
CODES: Codes = np.argsort(RANKS)
"""The code at each place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Where the cells lie: halves of (x - origin) * 2**exponent."""

    origin: float
    exponent: int

    def codes(self, values: Floats) -> Codes:
        """The cell's code of each finite value, (n,); its place in the order is RANKS[code]."""
        # Adding 0.0 - origin, not subtracting it, makes -0.0 the same as 0.0.
        with np.errstate(over="ignore", under="ignore"):
            scaled = (values + (0.0 - self.origin)) * math.ldexp(1.0, self.exponent)
            return scaled.astype(np.float16).view(np.uint16).astype(np.intp)

    def ceilings(self, codes: Codes) -> Floats:
        """The largest number of each cell, (n,); NaN for cells at the ends and at the origin, which have no use for one.

        The tie between two halves belongs to the even one, and so does each tie of the subtraction that came before it.
        """
        usable = ((codes & ~_SIGN) < _LARGEST) & (codes != _SIGN)
        half = np.where(usable, codes, 0).astype(np.uint16).view(np.float16)
        with np.errstate(over="ignore", invalid="ignore"):
            above = np.nextafter(half, np.float16(np.inf)).astype(np.float64)
            tie = (half.astype(np.float64) + above) / 2 * math.ldexp(1.0, -self.exponent)
            up, down = np.nextafter(tie, np.inf) - tie, tie - np.nextafter(tie, -np.inf)
            start = self.origin + tie
            ceilings = np.where(codes % 2 == 0, start + up / 2, np.nextafter(start - down / 2, -np.inf))
        return np.where(usable & np.isfinite(ceilings), ceilings, np.nan)

    def below(self, value: float) -> float:
        """The largest number of the cell before the value's own; NaN where `ceilings` is."""
        rank = RANKS[self.codes(np.array([value]))] - 1
        return float(self.ceilings(CODES[np.maximum(rank, 0)])[0])


def grid_of(ascending: Floats) -> Grid:
    """A grid on which few values share a cell: centred on the median or on zero, scaled by the interquartile range."""
    if not ascending.size:
        return Grid(origin=0.0, exponent=0)
    sample = ascending[:: max(1, ascending.size // 8192)]
    low, median, high = sample[sample.size // 4], sample[sample.size // 2], sample[(3 * sample.size) // 4]
    with np.errstate(over="ignore"):
        spread = float(high - low) or float(sample[-1] - sample[0]) or abs(float(median)) or 1.0
    exponent = max(-1000, min(1000, 1 - math.frexp(min(spread, 1e300))[1]))
    step = math.ldexp(1.0, -exponent - 2)
    centre = round(float(median) / step) * step if abs(median) < min(step * 2.0**50, 1e300) else float(median)
    grids = [Grid(origin=centre, exponent=exponent), Grid(origin=0.0, exponent=exponent)]
    return min(grids, key=lambda grid: _crowding(sample, grid))


def _crowding(values: Floats, grid: Grid) -> int:
    """How many different values share a cell with another."""
    different = np.unique(values)
    return int(different.size - np.unique(grid.codes(different)).size)
