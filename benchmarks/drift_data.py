"""Rows for the drift benchmark: a reference and a window in which a third of the columns moved, written as Parquet."""

from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from reconciler.statistics.grid import Floats

GROUP = 1_000_000
"""Rows written at once, and rows of a row group."""
WORDS = np.array([f"category-{number}" for number in range(30)])


def write(path: Path, rows: int, columns: int, *, moved: bool) -> None:
    """`columns` columns, of which every sixth is text. Nothing is written when the file is there."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    writer = None
    for start in range(0, rows, GROUP):
        table = _table(min(GROUP, rows - start), columns, moved=moved, seed=start)
        writer = writer or parquet.ParquetWriter(unfinished, table.schema)
        writer.write_table(table, row_group_size=GROUP)
    if writer:
        writer.close()
        unfinished.rename(path)


def _table(rows: int, columns: int, *, moved: bool, seed: int) -> pa.Table:
    rng = np.random.default_rng([seed, columns, int(moved)])
    arrays = {}
    for number in range(columns):
        shift = 0.1 * (number % 3 == 0) * moved
        arrays[f"c{number:02}"] = _texts(rng, rows, shift) if number % 6 == 5 else pa.array(_numbers(rng, rows, number, shift))
    return pa.table(arrays)


def _numbers(rng: np.random.Generator, rows: int, number: int, shift: float) -> Floats:
    match number % 6:
        case 0 | 1:
            return rng.normal(shift, 1, rows)
        case 2:
            return rng.lognormal(shift, 1, rows)
        case 3:
            return rng.uniform(shift, 1 + shift, rows)
        case _:
            return rng.poisson(20 + shift, rows).astype(np.float64)


def _texts(rng: np.random.Generator, rows: int, shift: float) -> pa.Array:
    weights = 1 / np.arange(1, WORDS.size + 1) ** (1 + shift)
    indices = rng.choice(WORDS.size, rows, p=weights / weights.sum()).astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(indices), pa.array(WORDS)).cast(pa.string())
