"""A small run: a snapshot of made-up flights on disk, and the context that its stages are given."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from reconciler.domain.data import RowQuery
from reconciler.domain.names import Digest
from reconciler.domain.releases import Artifact, Build, DataRange, digest_of
from reconciler.errors import ObserveError
from reconciler.pipeline.build_json import data_range_text
from reconciler.pipeline.context import StageContext
from reconciler.rules.base import GateRule
from reconciler.specs.parameters import RunParameters
from tests.builders import a_dataset, a_fingerprint, a_model

START = datetime(2013, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
SMALL = {"max_iter": 5, "max_leaf_nodes": 7}


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderStore:
    """Artifacts by their digest, from files; what is absent cannot be fetched."""

    files: Mapping[Digest, Path] = field(default_factory=dict)

    def fetch(self, artifact: Artifact) -> Path:
        if artifact.sha256 not in self.files:
            raise ObserveError(f"artifact {artifact.sha256} is in no store")
        return self.files[artifact.sha256]


class NoData:
    """Stages after snapshot read nothing of the source."""

    def read(self, query: RowQuery) -> pl.DataFrame:
        raise ObserveError(f"{query.columns} must not be read")


def flights(rows: int, *, start: datetime = START, seed: int = 0) -> pl.DataFrame:
    """Flights every hour; long ones and those of carrier AA are later. Some values are missing."""
    rng = np.random.default_rng(seed)
    distance = rng.uniform(100, 2500, rows)
    carrier = rng.choice(["AA", "B6", "UA"], rows)
    delay = distance / 100 + 20 * (carrier == "AA") + rng.normal(-10, 15, rows)
    frame = pl.DataFrame(
        {
            "scheduled": [start + i * HOUR for i in range(rows)],
            "distance": distance,
            "carrier": carrier,
            "arr_delay": delay.round(),
        }
    )
    every = pl.int_range(pl.len())
    return frame.with_columns(
        pl.when(every % 29 == 0).then(None).otherwise(pl.col("distance")).alias("distance"),
        pl.when(every % 31 == 0).then(None).otherwise(pl.col("carrier")).alias("carrier"),
    )


def a_context(
    root: Path,
    *,
    champion: Build | None = None,
    files: Mapping[Digest, Path] | None = None,
    gates: tuple[GateRule, ...] = (),
    **spec: Any,
) -> StageContext:
    """The context of a model with these changes of its spec, small and quick unless they say otherwise."""
    model = a_model(**{"training": {"holdout": "14d", "parameters": SMALL}} | spec)
    return StageContext(
        root=root,
        model=model,
        dataset=a_dataset(),
        parameters=RunParameters(dataset="flights", as_of=START + 2400 * HOUR, champion=champion.digest if champion else "none"),
        made_from=a_fingerprint(),
        champion=champion,
        data=NoData(),
        artifacts=FolderStore(files=files or {}),
        gates=gates,
    )


def take_snapshot(context: StageContext, train: pl.DataFrame | None = None, holdout: pl.DataFrame | None = None) -> None:
    """Leave what the snapshot stage leaves: 1,500 rows to learn from, and after a day's embargo 600 to judge by."""
    train = flights(1500) if train is None else train
    holdout = flights(600, start=START + 1524 * HOUR, seed=1) if holdout is None else holdout
    folder = context.path("snapshot")
    folder.mkdir(parents=True, exist_ok=True)
    train.write_parquet(folder / "train.parquet")
    holdout.write_parquet(folder / "holdout.parquet")
    data = DataRange(
        dataset="flights",
        digest=digest_of("rows"),
        as_of=context.parameters.as_of,
        train_from=train["scheduled"][0],
        train_until=train["scheduled"][-1] + HOUR,
        holdout_from=holdout["scheduled"][0],
        holdout_until=holdout["scheduled"][-1] + HOUR,
        train_rows=train.height,
        holdout_rows=holdout.height,
    )
    context.path("snapshot.json").write_text(data_range_text(data))
