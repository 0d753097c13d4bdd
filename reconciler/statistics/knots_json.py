"""Knots as JSON, in a few kilobytes: of a knot at the end of a cell of the grid only the cell's place is written.

`ends` are those places, each as the step from the one before; `steps` are values of which the float just below is a knot
too; `values` are all other knots. Every float comes back to the last bit.
"""

from collections.abc import Mapping
from itertools import accumulate
from typing import Any

import numpy as np

from reconciler.domain.profiles import Knots
from reconciler.statistics.grid import CELLS, CODES, RANKS, Grid
from reconciler.statistics.knots import just_below


def knots_to_json(knots: Knots) -> dict[str, Any]:
    """The knots as JSON has them."""
    values, grid = np.asarray(knots.values, dtype=np.float64), Grid(origin=knots.origin, exponent=knots.exponent)
    codes = grid.codes(values)
    ended = grid.ceilings(codes) == values
    others = values[~ended]
    limits = np.isin(others, just_below(others))
    stepped = np.roll(limits, 1)
    places = RANKS[codes[ended]]
    return {
        "origin": knots.origin,
        "exponent": knots.exponent,
        "ends": np.diff(places, prepend=0).tolist(),
        "steps": others[stepped].tolist(),
        "values": others[~stepped & ~limits].tolist(),
        "counts": list(knots.counts),
        "below": knots.below,
        "above": knots.above,
    }


def knots_from_json(value: Mapping[str, Any], edges: tuple[float, ...]) -> Knots:
    """Read them back. Raises ValueError, KeyError or TypeError for anything but knots that refine the edges."""
    origin, below, above = (_number(value[name]) for name in ("origin", "below", "above"))
    counts, ends = _whole(value["counts"]), _whole(value["ends"])
    (exponent,) = _whole([value["exponent"]], lowest=-1000)
    places = np.fromiter(accumulate(ends), dtype=np.int64, count=len(ends))
    if places.size and places[-1] >= CELLS:
        raise ValueError(f"not a profile: a knot at cell {places[-1]} of {CELLS}")
    steps = np.array([_number(step) for step in value["steps"]], dtype=np.float64)
    others = np.array([_number(other) for other in value["values"]], dtype=np.float64)
    ceilings = Grid(origin=origin, exponent=exponent).ceilings(CODES[places])
    values = np.unique(np.concatenate((ceilings, steps, just_below(steps), others)))
    if values.size + 1 != len(counts) or not np.isfinite(values).all():
        raise ValueError(f"not a profile: {len(counts)} counts for {values.size} ascending knots")
    if not np.isin(edges, values).all():
        raise ValueError("not a profile: its edges are no knots")
    return Knots(values=tuple(values.tolist()), counts=counts, below=below, above=above, origin=origin, exponent=exponent)


def _whole(numbers: Any, lowest: int = 0) -> tuple[int, ...]:
    if type(numbers) is not list or not set(map(type, numbers)) <= {int} or min(numbers, default=lowest) < lowest:
        raise ValueError(f"not a profile: {str(numbers)[:40]} are no whole numbers from {lowest} on")
    if max(numbers, default=0) > 2**53:
        raise ValueError(f"not a profile: {max(numbers)} is too large")
    return tuple(numbers)


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not -np.inf < value < np.inf:
        raise ValueError(f"not a profile: {value!r} is no number")
    return float(value)
