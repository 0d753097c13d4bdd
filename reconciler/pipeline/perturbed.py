"""Used by evaluate: inputs spoiled on purpose, the same way for the same seed, to see what a model makes of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reconciler.rules.perturbation import OF_CATEGORIES, OF_NUMBERS, Kind, Perturbation, Relation
from reconciler.specs.model import Features

if TYPE_CHECKING:
    import polars as pl

UNSEEN = "a category that nobody has seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoiled:
    """The rows with `values` values of the named features changed."""

    rows: "pl.DataFrame"
    values: int


def concerned(perturbation: Perturbation, features: Features) -> tuple[str, ...]:
    """The features that it spoils: those it names, as far as it is for their sort, in the model's order."""
    sort = {
        **dict.fromkeys(OF_NUMBERS, features.numeric),
        **dict.fromkeys(OF_CATEGORIES, features.categorical),
    }.get(perturbation.kind, features.names)
    return tuple(name for name in sort if not perturbation.features or name in perturbation.features)


def spoil(rows: "pl.DataFrame", perturbation: Perturbation, names: Sequence[str], training: "pl.DataFrame", seed: int) -> Spoiled:
    """The rows with a share of the values of each named feature spoiled; both frames are as `features_of` makes them.

    `training` tells what is usual: the spread and the range. A value that is missing stays so.
    """
    changed, values = rows, 0
    for number, name in enumerate(names):
        generator = np.random.default_rng([seed, number])
        there = _present(rows[name])
        chosen = there & (generator.random(rows.height) < perturbation.taken_share)
        new = _SPOIL[perturbation.kind](rows[name], training[name], perturbation.taken_strength, generator)
        changed = changed.with_columns(_replaced(rows[name], new, chosen))
        values += int(chosen.sum())
    return Spoiled(rows=changed, values=values)


def moved(rows: "pl.DataFrame", relation: Relation, name: str, training: "pl.DataFrame", seed: int) -> "pl.DataFrame":
    """The rows with one feature changed: raised by the standard deviation in training, or with the value of another row."""
    column, generator = rows[name], np.random.default_rng(seed)
    new = (
        _permuted(column, training[name], 1.0, generator) if relation is Relation.INVARIANT else column + _spread(training[name])
    )
    return rows.with_columns(new.alias(name))


def _present(column: "pl.Series") -> np.ndarray:
    """(n,) True where there is a value."""
    missing = column.is_null() | column.is_nan() if column.dtype.is_float() else column.is_null()
    return np.asarray(~missing.to_numpy(), dtype=bool)


def _replaced(column: "pl.Series", new: "pl.Series", chosen: np.ndarray) -> "pl.Series":
    import polars as pl

    return pl.select(pl.when(pl.Series(chosen)).then(new).otherwise(column).alias(column.name)).to_series()


def _noisy(column: "pl.Series", training: "pl.Series", strength: float, generator: np.random.Generator) -> "pl.Series":
    """Normal noise of a share of the standard deviation in training; a constant feature has none."""
    import polars as pl

    return column + pl.Series(generator.normal(0.0, 1.0, column.len()) * _spread(training) * strength)


def _spread(training: "pl.Series") -> float:
    """The standard deviation in training, of a constant 0."""
    known = training.to_numpy()[_present(training)]
    return float(known.std()) if known.size else 0.0


def _missing(column: "pl.Series", training: "pl.Series", strength: float, generator: np.random.Generator) -> "pl.Series":  # noqa: ARG001
    import polars as pl

    return pl.Series([float("nan") if column.dtype.is_float() else None] * column.len(), dtype=column.dtype)


def _permuted(column: "pl.Series", training: "pl.Series", strength: float, generator: np.random.Generator) -> "pl.Series":  # noqa: ARG001
    """What another row has."""
    return column.gather(generator.permutation(column.len()).tolist())


def _unseen(column: "pl.Series", training: "pl.Series", strength: float, generator: np.random.Generator) -> "pl.Series":  # noqa: ARG001
    import polars as pl

    return pl.Series([UNSEEN] * column.len(), dtype=pl.String)


def _out_of_range(column: "pl.Series", training: "pl.Series", strength: float, generator: np.random.Generator) -> "pl.Series":
    """Beyond either end of what training saw, by so many times the range; a constant counts as a range of its size, or 1."""
    import polars as pl

    known = training.to_numpy()[_present(training)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    beyond = strength * ((high - low) or abs(high) or 1.0)
    return pl.Series(np.where(generator.random(column.len()) < 0.5, low - beyond, high + beyond))


_SPOIL: dict[Kind, Callable[["pl.Series", "pl.Series", float, np.random.Generator], "pl.Series"]] = {
    Kind.NOISE: _noisy,
    Kind.MISSING: _missing,
    Kind.PERMUTED_CATEGORIES: _permuted,
    Kind.UNSEEN_CATEGORIES: _unseen,
    Kind.OUT_OF_RANGE: _out_of_range,
}
