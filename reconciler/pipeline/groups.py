"""Used by measurements: rows of one value of a column, or of several columns crossed, under a name that people can write."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from reconciler.errors import ReconcilerError
from reconciler.pipeline.columns import features_of
from reconciler.rules.groups import MISSING
from reconciler.specs.model import Features

if TYPE_CHECKING:
    import polars as pl

PARTS = 4
"""Of a number: as many groups of about as many rows."""
FEW = 10
"""So many different numbers are groups as they are."""
_CROSS = " + "


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The group of each row: `codes` (n,) are places in `names`, which are sorted."""

    names: tuple[str, ...]
    codes: np.ndarray


def groups_of(rows: "pl.DataFrame", columns: Sequence[str], categorical: Sequence[str] = ()) -> Groups:
    """The rows by the columns' values. Numbers that are not listed as categorical are cut at their quartiles.

    Raises ReconcilerError when the rows lack a column.
    """
    if absent := [name for name in columns if name not in rows.columns]:
        raise ReconcilerError(f"the snapshot has no column {', '.join(absent)}", help="list it in the model's spec.protected")
    parts = [_names(rows, name, cut=name not in categorical) for name in columns]
    texts = [_CROSS.join(crossed) for crossed in zip(*parts, strict=True)]
    names, codes = np.unique(np.array(texts, dtype=np.str_), return_inverse=True)
    return Groups(names=tuple(names.tolist()), codes=codes)


def _names(rows: "pl.DataFrame", name: str, *, cut: bool) -> list[str]:
    column = rows[name]
    if cut and column.dtype.is_numeric() and column.n_unique() > FEW:
        return _parts(features_of(rows.select(name), Features(numeric=(name,)))[name].to_numpy())
    return features_of(rows.select(name), Features(categorical=(name,)))[name].fill_null(MISSING).to_list()


def _parts(numbers: np.ndarray) -> list[str]:
    """Each number's quartile by its edges; an edge belongs to the part above it."""
    known = numbers[np.isfinite(numbers)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, PARTS + 1)[1:-1])) if known.size else np.array([0.0])
    shown = next(texts for digits in range(6, 18) if len(set(texts := [f"{edge:.{digits}g}" for edge in edges])) == len(edges))
    between = [f"{low} to {high}" for low, high in pairwise(shown)]
    names = [f"below {shown[0]}", *between, f"{shown[-1]} or more"]
    places = np.searchsorted(edges, numbers, side="right")
    return [MISSING if np.isnan(number) else names[place] for number, place in zip(numbers, places, strict=True)]
