"""Sums that have no order: the same to the last bit whatever the threads, the blocks of rows and the machine's instructions.

Every number is split into one or two whole multiples of a power of two, so small that their weighted sums stay whole numbers
which a float holds. Source: Demmel and Nguyen 2013, "Fast reproducible floating-point summation" (pre-rounding).
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Indices: TypeAlias = NDArray[np.intp]

WHOLE = 52
"""Bits of the whole numbers that floats hold, but for one to spare."""
_BITS = 30
"""Of one multiple at most: two hold more than a float's digits."""
_SMALL = 2**18
"""Multiplications of one step: so few that BLAS starts no threads of its own."""
_STEPS = 8
"""Of one call: so many that the call is nothing, and so few that their weights stay in the processor's cache."""
_FOLD = 64
"""Rows that are added up side by side: a few resamples alone are too narrow for the processor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Numbers (k, n), as `multiples` (k + f, n) of `units` (k + f,): those of all k first, then the rests of some of them."""

    multiples: Floats
    units: Floats
    rests: Indices

    @classmethod
    def of(cls, numbers: Floats) -> "Columns":
        """Split the numbers; sums are exact for weights that add up to n."""
        bits = min(_BITS, WHOLE - numbers.shape[1].bit_length())
        largest = np.abs(numbers).max(axis=1, initial=0.0)
        units = np.exp2(np.maximum(np.frexp(largest)[1], -800) - bits)[:, None]
        finer = units * 2.0**-bits
        with np.errstate(invalid="ignore", over="ignore"):
            first = np.rint(numbers / units)
            rest = np.rint((numbers - first * units) / finer)
        rests = np.flatnonzero(rest.any(axis=1))
        return cls(
            multiples=np.concatenate([first, rest[rests]]),
            units=np.concatenate([units, finer[rests]]),
            rests=rests,
        )

    def sums(self, weights: NDArray[Any]) -> Floats:
        """Weighted sums (k, r), with weights (n, r)."""
        width, rows = self.multiples.shape
        step = max(_FOLD, _SMALL // max(1, weights.shape[1] * width))
        sums = np.zeros((width, weights.shape[1]))
        for start in range(0, rows, _STEPS * step):
            part = slice(start, start + _STEPS * step)
            sums += _product(self.multiples[:, part], weights[part].astype(np.float64), step)
        sums *= self.units
        first = width - self.rests.size
        sums[self.rests] += sums[first:]
        return sums[:first]


def _product(left: Floats, right: Floats, step: int) -> Floats:
    """The product (k, r) of (k, n) and (n, r), in one call that BLAS answers step by step."""
    (width, rows), lanes = left.shape, right.shape[1]
    whole = rows - rows % step
    steps = left[:, :whole].reshape(width, rows // step, step).swapaxes(0, 1)
    product: Floats = (steps @ right[:whole].reshape(rows // step, step, lanes)).sum(axis=0) + left[:, whole:] @ right[whole:]
    return product


def totals(weights: NDArray[Any]) -> Floats:
    """The sum (r,) of each column of weights (n, r)."""
    rows, width = weights.shape
    whole = rows - rows % _FOLD
    kind = np.uint32 if weights.dtype.kind == "u" else np.float64
    folded = weights[:whole].reshape(-1, _FOLD * width).sum(axis=0, dtype=kind)
    rest = weights[whole:].sum(axis=0, dtype=np.float64)
    sums: Floats = folded.reshape(_FOLD, width).sum(axis=0, dtype=np.float64) + rest
    return sums
