"""Counts one column, block by block, into a numeric profile; used for references and windows alike.

Few values are searched for among the knots. Many are counted per cell of the grid first: a knot at the end of a cell
needs no more, and only values that share a cell with a knot inside it are searched for. Both ways are exact.
"""

import math
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reconciler.domain.profiles import Knots, NumericProfile
from reconciler.statistics.grid import BLOCK, CELLS, CODES, RANKS, Codes, Floats, Grid, Room, histogram, narrow

WAITING = 4
"""Blocks whose cells are counted together."""
FEW = 8_192
"""So many values or fewer are quicker searched for than counted per cell."""


class Places:
    """Where the knots lie on the grid: at the end of a cell, or inside one."""

    def __init__(self, knots: Floats, grid: Grid) -> None:
        self.grid = grid
        codes = grid.codes(knots)
        self.ranks = RANKS[codes]
        with np.errstate(over="ignore"):
            self.inside = self.ranks == RANKS[grid.codes(np.nextafter(knots, np.inf))]
        self.split = np.zeros(CELLS, dtype=np.bool_)
        self.split[codes[self.inside]] = True
        # The usual value of a split cell: with a knot just below it, it has mass, and most of the cell's rows have it.
        self.usual = np.full(CELLS, np.nan)
        self.usual[codes[self.split[codes]]] = knots[self.split[codes]]
        self.any_inside = bool(self.inside.any())
        self.most_are_split = 2 * int(np.count_nonzero(self.inside)) > knots.size

    def unusual(self, values: Floats, codes: Codes) -> Codes:
        """Positions of values that share a cell with a knot inside it and are not the usual value there."""
        if self.most_are_split:
            found = np.flatnonzero(values != np.take(self.usual, codes))
            return np.compress(self.split[codes[found]], found)
        found = np.flatnonzero(np.take(self.split, codes))
        return np.compress(values[found] != self.usual[codes[found]], found)


class Tally:
    """Counts of one numeric column on given edges and knots. `add` blocks, then ask for the `profile`."""

    def __init__(self, edges: tuple[float, ...], knots: Knots | None) -> None:
        self.edges = edges
        self.knots = knots
        self.at = np.asarray(edges if knots is None else knots.values, dtype=np.float64)
        self.grid = Grid(origin=knots.origin, exponent=knots.exponent) if knots else Grid(origin=0.0, exponent=0)
        self.counts = np.zeros(self.at.size + 1, dtype=np.int64)
        self.cells = np.zeros(CELLS, dtype=np.int64)
        self.waiting = 0
        self.missing = self.present = 0
        self.minimum, self.maximum = math.inf, -math.inf
        self.mean = self.squares = self.below = self.above = 0.0

    @cached_property
    def room(self) -> Room:
        """For the numbers of one block."""
        return Room()

    @cached_property
    def codes(self) -> Codes:
        """For the codes of blocks that wait to be counted."""
        return np.empty(WAITING * BLOCK, dtype=np.intp)

    @cached_property
    def places(self) -> Places:
        """Made when the first large block comes."""
        return Places(self.at, self.grid)

    def add(self, values: Floats, missing: int = 0) -> None:
        """Count values (n,), among which NaN and infinite ones are missing, and so many more missing ones."""
        self.missing += missing
        with np.errstate(over="ignore", invalid="ignore"):
            for start in range(0, values.size, BLOCK):
                self._add(values[start : start + BLOCK])

    def _add(self, block: Floats) -> None:
        low, high = float(block.min()), float(block.max())
        if not (math.isfinite(low) and math.isfinite(high)):
            finite = block[np.isfinite(block)]
            self.missing += block.size - finite.size
            if finite.size:
                self._add(finite)
            return
        self.minimum, self.maximum = min(self.minimum, low), max(self.maximum, high)
        self._moments(block)
        if self.knots is not None and self.at.size:
            self._beyond(block, low, high)
        if block.size <= FEW or not self.at.size:
            self._search(block)
        else:
            self._count(block)

    def _search(self, values: Floats) -> None:
        self.counts += np.bincount(np.searchsorted(self.at, values, side="left"), minlength=self.counts.size)

    def _count(self, block: Floats) -> None:
        places = self.places
        if self.waiting + block.size > self.codes.size:
            self._flush()
        codes = self.grid.wide(block, self.room, self.codes[self.waiting : self.waiting + block.size])
        if places.any_inside:
            unusual = places.unusual(block, narrow(codes))
            if unusual.size:
                self._search(block[unusual])
                kept = np.delete(codes, unusual)
                codes = codes[: kept.size]
                codes[:] = kept
        self.waiting += codes.size

    def _flush(self) -> None:
        """Adding up all cells costs as much as counting half a block, so several blocks are counted at once."""
        if self.waiting:
            self.cells += histogram(self.codes[: self.waiting])
            self.waiting = 0

    def _moments(self, block: Floats) -> None:
        """Source: Chan, Golub and LeVeque 1979. Never by BLAS, whose sums depend on the number of threads."""
        centred = np.subtract(block, self.grid.origin, out=self.room.numbers[: block.size])
        shift = float(centred.sum()) / block.size
        centred -= shift
        squares = float(np.multiply(centred, centred, out=centred).sum())
        total = self.present + block.size
        delta = self.grid.origin + shift - self.mean
        self.mean += delta * block.size / total
        if self.present:
            squares += delta * delta * self.present * block.size / total
        self.squares += squares
        self.present = total

    def _beyond(self, block: Floats, low: float, high: float) -> None:
        first, last = float(self.at[0]), float(self.at[-1])
        if low < first:
            self.below += float((first - block[block < first]).sum())
        if high > last:
            self.above += float((block[block > last] - last).sum())

    def profile(self) -> NumericProfile:
        """All that was counted so far."""
        counts = self._counted()
        known = None if self.knots is None else self.knots
        some = bool(self.present)
        return NumericProfile(
            edges=self.edges,
            counts=self._on_edges(counts),
            missing=self.missing,
            minimum=self.minimum if some else None,
            maximum=self.maximum if some else None,
            mean=told(self.mean) if some else None,
            variance=told(self.squares / self.present) if some else None,
            knots=known and _with(known, counts, _held(self.below), _held(self.above)),
        )

    def _counted(self) -> NDArray[np.int64]:
        """Rows between the knots, those counted per cell included."""
        self._flush()
        if not self.cells.any():
            return self.counts
        places = self.places
        whole = np.where(places.split, 0, self.cells)
        below = np.cumsum(whole[CODES])[places.ranks]
        counts = self.counts + np.diff(below, prepend=0, append=whole.sum())
        usual = np.flatnonzero(places.split & (self.cells > 0))
        np.add.at(counts, np.searchsorted(self.at, places.usual[usual], side="left"), self.cells[usual])
        return counts

    def _on_edges(self, counts: NDArray[np.int64]) -> tuple[int, ...]:
        """The counts of the bins, which the knots refine."""
        if self.knots is None:
            return tuple(counts.tolist())
        places = np.searchsorted(self.at, np.asarray(self.edges))
        below = np.concatenate(([0], np.cumsum(counts)))
        return tuple(np.diff(below[places + 1], prepend=0, append=below[-1]).tolist())


def told(moment: float) -> float | None:
    """A moment that is beyond all floats is not told."""
    return moment if math.isfinite(moment) else None


def _held(total: float) -> float:
    """A sum that is beyond all floats is the largest one."""
    return min(total, float(np.finfo(np.float64).max))


def _with(knots: Knots, counts: NDArray[np.int64], below: float, above: float) -> Knots:
    return Knots(
        values=knots.values,
        counts=tuple(counts.tolist()),
        below=below,
        above=above,
        origin=knots.origin,
        exponent=knots.exponent,
    )
