"""A grid to count on: used by the tally, which needs a few passes over the values instead of a search for each.

The cell of a value is the upper half of its single-precision number after centring and scaling: a sign, five bits of exponent and
ten of mantissa, so 1,024 cells per octave on both sides of the origin, which suits bells and long tails alike.
Every step rounds monotonically, so cells follow the order of the values.
"""

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Codes: TypeAlias = NDArray[np.intp]

CELLS = 65_536
BLOCK = 65_536
"""Values worked on at once: half a megabyte, which stays in the processor's cache."""
_SIGN = 0x8000
_DROPPED = 13
"""Bits of a single's mantissa that a cell does not see."""
_BIAS = 112
"""A single's exponent is moved so far that five bits of it remain for values around one."""
_FAR = 2.0 ** (16 - _BIAS)
"""Larger numbers share the outermost cells."""
_WIDE_SIGN = _SIGN << (18 - 15)
RANKS: Codes = np.where(np.arange(CELLS) < _SIGN, np.arange(CELLS) + _SIGN, 2 * _SIGN - 1 - np.arange(CELLS))
"""Place of each code in ascending order of what it stands for."""
CODES: Codes = np.concatenate((np.arange(CELLS - 1, _SIGN - 1, -1), np.arange(_SIGN)))
"""The code at each place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Where the cells lie: halves of (x - origin) * 2**exponent."""

    origin: float
    exponent: int

    def codes(self, values: Floats) -> Codes:
        """The cell's code of each finite value, (n,); its place in the order is RANKS[code]."""
        room = Room(values.size)
        return narrow(self.wide(values, room, np.empty(values.size, dtype=np.intp)))

    def wide(self, values: Floats, room: "Room", out: Codes) -> Codes:
        """The codes, in `out`, with the sign three bits higher up, where it costs nothing to leave it.

        `narrow` and `histogram` take them.
        """
        scaled, bits = room.numbers[: values.size], room.singles[: values.size]
        with np.errstate(over="ignore", under="ignore"):
            # Adding 0.0 - origin, not subtracting it, makes -0.0 the same as 0.0.
            np.add(values, 0.0 - self.origin, out=scaled)
            scaled *= math.ldexp(1.0, self.exponent - _BIAS)
            np.clip(scaled, -_FAR, _FAR, out=scaled)
            np.copyto(bits, scaled, casting="same_kind")
        np.copyto(out, np.right_shift(bits.view(np.uint32), _DROPPED, out=bits.view(np.uint32)))
        return out

    def ceilings(self, codes: Codes) -> Floats:
        """The largest number of each cell, (n,); NaN for cells at the ends and at the origin, which have no use for one.

        Of two neighbouring singles the one at the start of a cell is even, so a tie belongs to it: going up that is the next
        cell's first number, below zero the cell's own last.
        """
        size, negative = codes & ~_SIGN, codes >= _SIGN
        usable = (size < _SIGN - 1024) & (codes != _SIGN)
        first = np.where(negative, size, size + 1).astype(np.uint32) << _DROPPED
        near = ((first - 1).view(np.float32).astype(np.float64) + first.view(np.float32).astype(np.float64)) / 2
        with np.errstate(over="ignore", invalid="ignore"):
            tie = np.where(negative, -near, near) * math.ldexp(1.0, _BIAS) * math.ldexp(1.0, -self.exponent)
            up, down = np.nextafter(tie, np.inf) - tie, tie - np.nextafter(tie, -np.inf)
            start = self.origin + tie
            ceilings = np.where(negative, start + up / 2, np.nextafter(start - down / 2, -np.inf))
        return np.where(usable & np.isfinite(ceilings), ceilings, np.nan)

    def below(self, value: float) -> float:
        """The largest number of the cell before the value's own; NaN where `ceilings` is."""
        rank = RANKS[self.codes(np.array([value]))] - 1
        return float(self.ceilings(CODES[np.maximum(rank, 0)])[0])


class Room:
    """Memory that is used again for every block: asking the system for it anew costs more than the work done in it."""

    def __init__(self, size: int = BLOCK) -> None:
        self.numbers = np.empty(size, dtype=np.float64)
        self.singles = np.empty(size, dtype=np.float32)


def narrow(wide: Codes) -> Codes:
    """Codes of 16 bits."""
    return (wide & (_SIGN - 1)) | ((wide >> 3) & _SIGN)


def histogram(wide: Codes) -> NDArray[np.int64]:
    """How many rows each cell has, (CELLS,), by code."""
    counts = np.bincount(wide, minlength=_WIDE_SIGN + _SIGN)
    return np.concatenate((counts[:_SIGN], counts[_WIDE_SIGN : _WIDE_SIGN + _SIGN]))


def grid_of(ascending: Floats) -> Grid:
    """A grid on which few values share a cell: centred on the median or on zero, scaled by the interquartile range."""
    if not ascending.size:
        return Grid(origin=0.0, exponent=0)
    sample = ascending[:: max(1, ascending.size // 8192)]
    low, median, high = sample[sample.size // 4], sample[sample.size // 2], sample[(3 * sample.size) // 4]
    with np.errstate(over="ignore"):
        spread = float(high - low) or float(sample[-1] - sample[0]) or abs(float(median)) or 1.0
    exponent = max(-900, min(900, 1 - math.frexp(min(spread, 1e300))[1]))
    step = math.ldexp(1.0, -exponent - 2)
    centre = round(float(median) / step) * step if abs(median) < min(step * 2.0**50, 1e300) else float(median)
    grids = [Grid(origin=centre, exponent=exponent), Grid(origin=0.0, exponent=exponent)]
    return min(grids, key=lambda grid: _crowding(sample, grid))


def _crowding(values: Floats, grid: Grid) -> int:
    """How many different values share a cell with another."""
    different = np.unique(values)
    return int(different.size - np.unique(grid.codes(different)).size)
