"""Used by train and observe: rows, in a frame or in Parquet files of any size, become a profile in one pass.

Files are read column by column in batches, so memory holds a few batches however many rows there are.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

import numpy as np

from reconciler.domain.profiles import CategoricalProfile, FeatureProfile, NumericProfile, Profile
from reconciler.errors import ReconcilerError
from reconciler.statistics.profile import categories_on, profile_of, reference_categories, reference_numbers
from reconciler.statistics.tally import Tally

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from reconciler.specs.model import Features

BATCH = 131_072
"""Rows decoded at once: a megabyte of numbers, which the tally finds in the cache."""
THREADS = 2
"""Columns worked on at once. Decoding and counting both leave the interpreter's lock."""


def reference_of_frame(frame: "pl.DataFrame", features: "Features") -> Profile:
    """The reference profile of the frame's features. Raises ReconcilerError as `features_of` does."""
    from reconciler.pipeline.columns import features_of

    columns = features_of(frame, features)
    numbers = {name: reference_numbers(columns[name].to_numpy()) for name in features.numeric}
    categories = {name: reference_categories(_counted(columns[name])) for name in features.categorical}
    return profile_of({**numbers, **categories})


def profile_frame(reference: Profile, frame: "pl.DataFrame", features: "Features") -> Profile:
    """The frame's features on the reference's bins and knots. Raises ReconcilerError as `features_of` does."""
    from reconciler.pipeline.columns import features_of

    columns = features_of(frame, features)
    return profile_of({name: _on(feature, columns[name]) for name, feature in reference.features.items()})


def profile_parquet(reference: Profile, files: Sequence[Path], threads: int = THREADS) -> Profile:
    """All rows of the Parquet files on the reference's bins and knots.

    Raises ReconcilerError for a file that lacks a feature, or holds text where the reference has numbers.
    """
    from pyarrow.parquet import read_metadata

    known = {path: read_metadata(path) for path in files}
    for path, metadata in known.items():
        _check_names(reference, path.name, metadata.schema.to_arrow_schema().names)
    waiting: SimpleQueue[str] = SimpleQueue()
    for name in sorted(reference.features):
        waiting.put(name)
    with ThreadPoolExecutor(threads) as pool:
        parts = [pool.submit(_columns, reference, waiting, known) for _ in range(threads)]
        found = {name: feature for part in parts for name, feature in part.result().items()}
    return profile_of({name: found[name] for name in reference.features})


def _check_names(reference: Profile, file: str, names: Sequence[str]) -> None:
    absent = sorted(reference.features.keys() - set(names))
    if absent:
        raise ReconcilerError(f"{file} lacks {len(absent)} of {len(reference.features)} features: {', '.join(absent)}")


def _on(reference: FeatureProfile, column: "pl.Series") -> FeatureProfile:
    match reference:
        case NumericProfile(edges=edges, knots=knots):
            tally = Tally(edges, knots)
            tally.add(column.to_numpy())
            return tally.profile()
        case CategoricalProfile():
            return categories_on(reference, _counted(column))


def _counted(column: "pl.Series") -> "Counter[str | None]":
    values, counts = column.value_counts().iter_columns()
    return Counter(dict(zip(values.to_list(), counts.to_list(), strict=True)))


def _columns(reference: Profile, waiting: "SimpleQueue[str]", known: Mapping[Path, Any]) -> Mapping[str, FeatureProfile]:
    """One thread's work: columns as long as any wait. `known` maps each file to its metadata, read once for all threads."""
    from pyarrow.parquet import ParquetFile

    # A column that is not text is read as it is, whatever `read_dictionary` says.
    texts = [name for name, feature in reference.features.items() if isinstance(feature, CategoricalProfile)]
    files = [ParquetFile(path, metadata=metadata, read_dictionary=texts) for path, metadata in known.items()]
    found: dict[str, FeatureProfile] = {}
    try:
        while True:
            name = waiting.get_nowait()
            found[name] = _column(reference.features[name], _batches(files, name))
    except Empty:
        return found
    finally:
        for file in files:
            file.close()


def _batches(files: Sequence[Any], name: str) -> Iterator["pa.Array"]:
    for file in files:
        for group in range(file.num_row_groups):
            batches = file.iter_batches(batch_size=BATCH, row_groups=[group], columns=[name], use_threads=False)
            yield from (batch.column(0) for batch in batches)


def _column(reference: FeatureProfile, batches: Iterator["pa.Array"]) -> FeatureProfile:
    match reference:
        case NumericProfile(edges=edges, knots=knots):
            tally = Tally(edges, knots)
            for batch in batches:
                tally.add(_numbers(batch), batch.null_count)
            return tally.profile()
        case CategoricalProfile():
            counts: Counter[str | None] = Counter()
            for batch in batches:
                counts.update(_texts(batch))
            return categories_on(reference, counts)


def _numbers(batch: "pa.Array") -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """The values that are not null, float64."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (pa.types.is_integer(batch.type) or pa.types.is_floating(batch.type) or pa.types.is_boolean(batch.type)):
        raise ReconcilerError(f"a numeric feature does not hold numbers but {batch.type}")
    present = batch.drop_null() if batch.null_count else batch
    numbers = present if present.type == pa.float64() else pc.cast(present, pa.float64(), safe=False)
    values: Any = np.from_dlpack(numbers)  # pyarrow's own to_numpy would import pandas first
    return values  # type: ignore[no-any-return]


def _texts(batch: "pa.Array") -> Mapping[str | None, int]:
    import pyarrow as pa

    if not pa.types.is_dictionary(batch.type):
        return _other_texts(batch)
    indices = np.from_dlpack(batch.indices.drop_null())
    counts = np.bincount(indices, minlength=len(batch.dictionary))
    texts: dict[str | None, int] = dict(zip(batch.dictionary.to_pylist(), counts.tolist(), strict=True))
    return texts | {None: batch.null_count}


def _other_texts(batch: "pa.Array") -> Mapping[str | None, int]:
    """Categories that are not stored as text get the texts that models see, value by value."""
    import polars as pl

    from reconciler.pipeline.columns import features_of
    from reconciler.specs.model import Features

    found = batch.value_counts()
    frame = pl.DataFrame({"value": pl.Series(found.field("values").to_pylist())})
    texts = features_of(frame, Features(numeric=(), categorical=("value",)))["value"].to_list()
    counts: Counter[str | None] = Counter()
    for text, count in zip(texts, found.field("counts").to_pylist(), strict=True):
        counts[text] += count
    return counts
