"""Writers of the logs of predictions, shadows and labels: whole files that carry the digest of their rows, so twice is once."""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from typing import ClassVar

import polars as pl

from reconciler.adapters.logs import layout
from reconciler.adapters.logs.layout import Kind
from reconciler.adapters.logs.rows import UnfitRowsError, shaped
from reconciler.adapters.redaction import without_credentials
from reconciler.adapters.sources.urls import failures
from reconciler.adapters.stores.places import Place
from reconciler.errors import TransientActError

_DAY = "perennial:day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What an append came to: its rows, the files (one a day) that hold them, and how many of those were there already."""

    rows: int
    files: int
    present: int


class _Log:
    """One log of every model, below an fsspec address or local folder."""

    _kind: ClassVar[Kind]

    def __init__(self, address: str) -> None:
        self._place = Place(address)

    def append(self, model: str, frame: pl.DataFrame) -> Appended:
        """Log the rows. The same rows again, in whatever order, change nothing; a day is logged whole or not at all.

        Raises UnfitRowsError, before anything is written, for rows that cannot be logged or an id that comes twice; and
        TransientActError when the place cannot be written to: append the same rows again.
        """
        rows = shaped(frame, self._kind, "the frame")
        if twice := rows.height - rows["id"].n_unique():
            again = rows.filter(pl.col("id").is_duplicated())["id"][0]
            raise UnfitRowsError(f"the frame: {twice:,} of {rows.height:,} ids come again, such as {again[:60]!r}")
        present = files = 0
        days = rows.with_columns(pl.col(self._kind.time).dt.date().alias(_DAY)).partition_by(
            _DAY, as_dict=True, include_key=False
        )
        for (day,), part in sorted(days.items()):
            content = parquet(part.sort(self._kind.time, "id"))
            name = layout.name(model, self._kind, day, hashlib.sha256(content).hexdigest()[:32])
            present += not self._write(name, content)
            files += 1
        return Appended(rows=rows.height, files=files, present=present)

    def _write(self, name: str, content: bytes) -> bool:
        """Whether it was not there yet."""
        try:
            if self._place.has(name):
                return False
            self._place.write(name, content)
        except failures() as error:
            message = f"cannot write {self._place}/{name}: {without_credentials(str(error))}"
            raise TransientActError(message, help="append the same rows again") from error
        return True


class PredictionLog(_Log):
    """What serving answered: columns `id`, `time`, `digest`, `prediction` (or `prediction:<class>` each), and the features."""

    _kind = Kind.PREDICTIONS


class ShadowLog(_Log):
    """What a release answered to copies of requests: the same columns; the id is that of the request that was copied."""

    _kind = Kind.SHADOWS


class LabelLog(_Log):
    """What then happened: columns `id`, `label`, `known` (when it became known). A label is corrected by a newer one."""

    _kind = Kind.LABELS


def parquet(rows: pl.DataFrame) -> bytes:
    """The rows as one Parquet file, the same bytes for the same rows."""
    buffer = BytesIO()
    rows.write_parquet(buffer, compression="zstd", statistics=True)
    return buffer.getvalue()
