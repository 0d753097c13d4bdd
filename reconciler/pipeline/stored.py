"""Used by train, evaluate and package: what the snapshot stage left, read back. Nothing of the source is touched here."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.domain.releases import DataRange
from reconciler.errors import ReconcilerError
from reconciler.pipeline.build_json import read_data_range
from reconciler.pipeline.context import StageContext

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """The rows to learn from, the rows to judge by, and where both come from."""

    train: "pl.DataFrame"
    holdout: "pl.DataFrame"
    data: DataRange


def read_stored(context: StageContext) -> Stored:
    """The snapshot of this run. Raises ReconcilerError when it is absent or empty."""
    train, holdout = (_parquet(context, f"snapshot/{name}.parquet") for name in ("train", "holdout"))
    for name, frame in (("train", train), ("hold-out", holdout)):
        if frame.height == 0:
            raise ReconcilerError(
                f"the snapshot of {context.model.name} has 0 {name} rows as of {context.parameters.as_of:%Y-%m-%d}",
                help="a later asOf in params.yaml, or another training.window and training.holdout in the model's spec",
            )
    return Stored(train=train, holdout=holdout, data=read_data(context))


def read_data(context: StageContext) -> DataRange:
    """What rows the snapshot holds. Raises ReconcilerError when it is absent or cannot be understood."""
    return read_data_range(read_run_text(context, "snapshot.json"))


def read_run_text(context: StageContext, name: str) -> str:
    """The text of `runs/<model>/<name>`. Raises ReconcilerError when an earlier stage did not leave it."""
    return _existing(context, name).read_text(encoding="utf-8")


def read_run_bytes(context: StageContext, name: str) -> bytes:
    """The bytes of `runs/<model>/<name>`. Raises ReconcilerError when an earlier stage did not leave it."""
    return _existing(context, name).read_bytes()


def write_run(context: StageContext, name: str, content: bytes | str) -> None:
    """Write `runs/<model>/<name>`; folders are made."""
    path = context.path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def _parquet(context: StageContext, name: str) -> "pl.DataFrame":
    import polars as pl

    try:
        return pl.read_parquet(_existing(context, name))
    except pl.exceptions.PolarsError as error:
        raise ReconcilerError(
            f"runs/{context.model.name}/{name} is no Parquet file: {error}", help="dvc repro --force"
        ) from error


def _existing(context: StageContext, name: str) -> Path:
    path = context.path(name)
    if not path.is_file():
        raise ReconcilerError(f"runs/{context.model.name}/{name} does not exist", help="dvc repro")
    return path
