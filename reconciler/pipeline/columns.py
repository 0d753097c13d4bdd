"""Used by train, predict and observe: rows as a source has them become the columns that models and profiles are made of."""

from typing import TYPE_CHECKING

import numpy as np

from reconciler.errors import ReconcilerError
from reconciler.specs.model import Features

if TYPE_CHECKING:
    import polars as pl


def features_of(frame: "pl.DataFrame", features: Features) -> "pl.DataFrame":
    """The features in their order, numeric as Float64 (missing is NaN), categorical as String (missing is null).

    Raises ReconcilerError when columns are missing or a numeric feature holds text.
    """
    import polars as pl

    absent = [name for name in features.names if name not in frame.columns]
    if absent:
        raise ReconcilerError(f"the data lacks {len(absent)} of {len(features.names)} features: {', '.join(absent)}")
    try:
        numeric = [pl.col(name).cast(pl.Float64).fill_null(float("nan")) for name in features.numeric]
        return frame.select(*numeric, *(_category(frame, name) for name in features.categorical))
    except pl.exceptions.InvalidOperationError as error:
        raise ReconcilerError(f"a numeric feature does not hold numbers: {error}") from error


def _category(frame: "pl.DataFrame", name: str) -> "pl.Expr":
    """A category as text, the same text whether the source gave 1 or 1.0."""
    import polars as pl

    column = pl.col(name)
    if frame.schema[name].is_float():
        whole = (column == column.round()) & (column.abs() < 2**53)
        column = column.fill_nan(None)
        return (
            pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(column.cast(pl.String)).alias(name)
        )
    return column.cast(pl.String)


def columns_of(frame: "pl.DataFrame", features: Features) -> dict[str, np.ndarray]:
    """The features by name, each (n,), as a profile wants them: with the very texts of categories that the model sees.

    Raises ReconcilerError as `features_of` does.
    """
    return {column.name: column.to_numpy() for column in features_of(frame, features).iter_columns()}
