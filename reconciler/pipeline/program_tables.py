"""Used by program: the tables and numbers that pass between Perennial and a team's program, checked on their way back."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from reconciler.errors import ReconcilerError

if TYPE_CHECKING:
    import polars as pl

PREDICTION = "prediction"
_LARGEST_METRICS = 1 << 20
_SUMS_TO_ONE = 1e-4
"""How far the shares of a row may be from adding up to 1: text has few digits."""


def write_rows(rows: "pl.DataFrame", path: Path) -> None:
    """As Parquet or CSV, by the file's name; what is missing is null, or an empty field."""
    import polars as pl

    table = rows.with_columns(pl.col(pl.Float64, pl.Float32).fill_nan(None))
    if path.suffix == ".csv":
        table.write_csv(path, datetime_format="%Y-%m-%dT%H:%M:%S%.fZ")
    else:
        table.write_parquet(path)


def read_answers(path: Path, classes: Sequence[str], rows: int, *, several: bool) -> np.ndarray:
    """What the program answered: (n,) values without classes, else the shares of the k classes, (n, k).

    Raises ReconcilerError when the table is missing, has other columns or rows, or holds what is no such number.
    """
    names = [f"{PREDICTION}:{name}" for name in classes] if several else [PREDICTION]
    table = _table(path)
    absent = [name for name in names if name not in table.columns]
    if absent:
        raise ReconcilerError(f"the program's predictions lack {', '.join(absent)}; they have {', '.join(table.columns)}")
    if table.height != rows:
        raise ReconcilerError(f"the program answered {table.height:,} of {rows:,} rows")
    try:
        values = np.column_stack([table[name].to_numpy().astype(np.float64) for name in names])
    except (ValueError, TypeError) as error:
        raise ReconcilerError(f"the program's predictions are no numbers: {error}") from error
    if bad := int(np.count_nonzero(~np.isfinite(values))):
        raise ReconcilerError(f"{bad:,} of {values.size:,} predictions of the program are missing or no finite number")
    return _shares(values, several=several) if classes else values[:, 0]


def _shares(values: np.ndarray, *, several: bool) -> np.ndarray:
    outside = (values < 0) | (values > 1)
    if outside.any():
        first, count = float(values[outside][0]), int(outside.sum())
        raise ReconcilerError(f"{count:,} of {values.size:,} predictions are no shares between 0 and 1, the first is {first:g}")
    if not several:
        return np.column_stack([1 - values[:, 0], values[:, 0]])
    sums = values.sum(axis=1)
    if (off := np.abs(sums - 1) > _SUMS_TO_ONE).any():
        raise ReconcilerError(f"the shares of {int(off.sum()):,} of {len(sums):,} rows add up to {sums[off][0]:g}, not to 1")
    shares: np.ndarray = values / sums[:, None]
    return shares


def read_metrics(output: Path) -> Mapping[str, float]:
    """The program's own `metrics.json`, sorted. Raises ReconcilerError when it is no object of finite numbers."""
    path = output / "metrics.json"
    if not _is_plain(path):
        raise ReconcilerError("the program left no metrics.json in $PERENNIAL_OUTPUT")
    if (size := path.stat().st_size) > _LARGEST_METRICS:
        raise ReconcilerError(f"the program's metrics.json has {size:,} bytes, more than {_LARGEST_METRICS:,}")
    try:
        found = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ReconcilerError(f"the program's metrics.json is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ReconcilerError("the program's metrics.json is not a JSON object")
    for name, value in found.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ReconcilerError(f"the program's metrics.json says {name}: {value!r}, which is no finite number")
    return {name: float(value) for name, value in sorted(found.items())}


def _table(path: Path) -> "pl.DataFrame":
    import polars as pl

    if not _is_plain(path):
        raise ReconcilerError("the program left no predictions in $PERENNIAL_PREDICTIONS")
    try:
        return pl.read_csv(path, infer_schema_length=None) if path.suffix == ".csv" else pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise ReconcilerError(f"the program's predictions are no {path.suffix[1:]} table: {error}") from error


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
