"""Which rows a resample draws: whole-number weights, many resamples at once, and any of them without those before it.

A resample draws from each stratum as many rows as it has, with replacement, so a row's weight is how often it was drawn.
Every block of resamples has a stream of its own, so blocks may be drawn in any order and by any number of threads.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from reconciler.statistics.exact import Floats, Indices, totals

Weights: TypeAlias = NDArray[np.uint8]
"""How often each row was drawn. A stratum of more than 255 rows draws one of them 256 times with a chance below 1e-500."""

CACHED = 2**17
"""Weights of a block when there are few rows: what is made from them stays in the processor's cache."""
LANES = 8
"""Resamples of a block when there are many rows: enough that each pass over the rows serves several."""
HELD = 2**24
"""Weights of a block at most, so that memory does not grow without end with the rows."""
_FEW = 1000
"""Up to so many rows it is quicker to draw one by one."""
_SAFE = 5.0
"""Standard deviations by which the Poisson counts together stay below the number of rows."""
_CODES, _LEFT = 256, 255
"""The codes of the table of counts, and what stands in it for a code that it has no count for."""
_PIECE = 2**17
"""Pairs of counts that are looked up at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """How to draw. `strata` (n,) are drawn apart; none: the classes of a classification, everything of a regression."""

    seed: int = 0
    resamples: int = 2000
    strata: NDArray[np.generic] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """All resamples of the rows. `order` (n,) lists the rows stratum by stratum, `sizes` the rows of each stratum."""

    order: Indices
    sizes: tuple[int, ...]
    seed: int
    resamples: int

    @classmethod
    def of(cls, y: Floats, task: str, resampling: Resampling) -> "Draws":
        """Raises ValueError for strata of another shape than y."""
        labels = resampling.strata
        if labels is None:
            labels = np.zeros(y.size) if task == "regression" else y
        if labels.shape != y.shape:
            raise ValueError(f"{labels.shape[0]} strata for {y.size} rows")
        _, numbers, sizes = np.unique(labels, return_inverse=True, return_counts=True)
        return cls(
            order=np.argsort(numbers, kind="stable"),
            sizes=tuple(sizes.tolist()),
            seed=resampling.seed,
            resamples=resampling.resamples,
        )

    @property
    def size(self) -> int:
        """Resamples of a block; a function of the number of rows alone, since the numbers drawn depend on it."""
        rows = max(1, self.order.size)
        return max(1, min(256, max(CACHED // rows, min(LANES, HELD // rows))))

    @property
    def weights(self) -> int:
        """How many there are in all."""
        return self.order.size * self.resamples

    @property
    def blocks(self) -> range:
        """The numbers of the blocks."""
        return range(-(-self.resamples // self.size))

    def block(self, number: int) -> Weights:
        """Weights (n, r) of one block of resamples, of the rows in `order`."""
        generator = np.random.Generator(np.random.SFC64((self.seed, number)))
        weights = np.empty((self.order.size, self.size), dtype=np.uint8)
        start = 0
        for rows in self.sizes:
            multinomial(generator, weights[start : start + rows])
            start += rows
        return weights[:, : self.resamples - number * self.size]

    def of_rows(self, weights: Weights) -> Weights:
        """The same weights, of the rows as they came."""
        back = np.empty_like(weights)
        back[self.order] = weights
        return back


def draws(y: Floats, task: str, resampling: Resampling) -> Iterator[Weights]:
    """Weights (n, r) of the rows as they came, block by block; each column is one resample of n rows."""
    every = Draws.of(y, task, resampling)
    for number in every.blocks:
        yield every.of_rows(every.block(number))


def resample(y: Floats, task: str, resampling: Resampling, number: int) -> Weights:
    """Weights (n,) of the rows as they came, in that resample alone, counted from 0."""
    every = Draws.of(y, task, resampling)
    block, place = divmod(range(every.resamples)[number], every.size)
    return every.of_rows(every.block(block)[:, place])


def multinomial(generator: np.random.Generator, weights: Weights) -> None:
    """Fill weights (n, r): in each column, how often each row comes when n rows are drawn with replacement.

    Counts of independent Poissons are multinomial given their sum, and further draws one by one leave them multinomial. So
    most of it is one pass of table look-ups, and what lacks is drawn; where the sum is too large, all is drawn.
    """
    rows, resamples = weights.shape
    if rows > _FEW:
        _poisson(generator, weights)
        lacking = rows - totals(weights).astype(np.intp)
        weights[:, lacking < 0] = 0
        lacking[lacking < 0] = rows
    else:
        weights[:] = 0
        lacking = np.full(resamples, rows)
    places = generator.integers(0, rows, int(lacking.sum()))
    places *= resamples
    places += np.repeat(np.arange(resamples), lacking)
    np.add.at(weights.reshape(-1), places, np.uint8(1))


def _poisson(generator: np.random.Generator, weights: Weights) -> None:
    """Independent Poisson counts, two at a time, by codes of 8 bits; codes that are left stand for what the table rounds away.

    Source: Marsaglia, Tsang and Wang 2004, "Fast generation of discrete random variables".
    """
    pairs, rest = _law(len(weights))
    counts = weights.reshape(-1)
    for start in range(0, counts.size, 2 * _PIECE):
        part = counts[start : start + 2 * _PIECE]
        codes = generator.integers(0, 2**64, -(-part.size // 8), dtype=np.uint64).view(np.uint16)
        part[:] = np.take(pairs, codes).view(np.uint8)[: part.size]
    left = np.flatnonzero(counts == _LEFT)
    counts[left] = np.searchsorted(rest, generator.random(left.size), side="right")


@lru_cache(maxsize=16)
def _law(rows: int) -> tuple[NDArray[np.uint16], Floats]:
    """The two counts of each pair of codes, and the running shares of the counts among the codes that are left."""
    rate = 1 - _SAFE / np.sqrt(rows)
    chances = np.exp(-rate) * np.cumprod([1.0, *(rate / np.arange(1, 40))])
    whole, rest = np.divmod(chances * _CODES, 1)
    table = np.full(_CODES, _LEFT, dtype=np.uint8)
    known = np.repeat(np.arange(chances.size, dtype=np.uint8), whole.astype(np.intp))
    table[: known.size] = known
    pairs = np.stack([np.tile(table, _CODES), np.repeat(table, _CODES)], axis=1)
    return pairs.view(np.uint16)[:, 0], np.cumsum(rest)[:-1] / rest.sum()
