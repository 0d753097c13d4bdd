"""Everything that observing needs, small: a git repository, a released package on disk, rows in memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from reconciler.adapters.clock import FixedClock
from reconciler.adapters.fakes.forge import FakeForge
from reconciler.adapters.git import GitRepository
from reconciler.domain.data import RowQuery
from reconciler.domain.needs import Lookback, Need, ProfileNeed, ScoreNeed
from reconciler.domain.releases import Artifact, Build, Release
from reconciler.errors import ObserveError
from reconciler.observe.rows import RowFacts, Subject, observe_rows
from reconciler.ports import ForgeReader, Readers
from tests.builders import DAY, a_build, a_dataset
from tests.runs import FolderStore
from tests.scoring import DictMemory, a_scored_model
from tests.snapshots import FIRST, FrameData, hourly

NOW = FIRST + 40 * DAY
WEEK = Lookback(length=7 * DAY)
SHAPE = ProfileNeed(window=WEEK)
AUC = ScoreNeed(metric="rocAuc", window=WEEK)


def back(need: ProfileNeed | ScoreNeed, index: int, days: int = 7) -> Any:
    """The same need of an earlier window."""
    return replace(need, window=Lookback(length=days * DAY, index=index))


class Unreadable(FrameData):
    """A source that answers only for some columns, and says of the others that they are gone."""

    def __init__(self, rows: pl.DataFrame, *gone: str) -> None:
        super().__init__(rows)
        self.gone = gone

    def read(self, query: RowQuery) -> pl.DataFrame:
        if lost := sorted(set(query.columns) & set(self.gone)):
            raise ObserveError(f"data/flights.csv has no column {lost[0]}")
        return super().read(query)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A champion that was trained on the first ten days, the rows of forty, and who looks at them."""

    repository: GitRepository
    artifact: Artifact
    store: FolderStore
    data: FrameData = field(default_factory=lambda: FrameData(hourly(60)))
    memory: DictMemory = field(default_factory=DictMemory)
    forge: ForgeReader = field(default_factory=lambda: FakeForge({}))

    def readers(self, now: datetime = NOW) -> Readers:
        return Readers(
            clock=FixedClock(now),
            repository=self.repository,
            forge=self.forge,
            data=self.data,
            artifacts=self.store,
            memory=self.memory,
        )

    def champion(self, as_of: datetime = FIRST + 10 * DAY) -> Release:
        """What runs in production."""
        build: Build = replace(a_build(as_of=as_of), artifact=self.artifact)
        return Release(environment="production", version="1.0.0", build=build)

    def subject(self, **changes: Any) -> Subject:
        """The usual model at NOW, with its champion; `dataset` holds keys of the dataset's spec."""
        champion = self.champion()
        usual = {"model": a_scored_model(), "newest": champion.build, "champion": champion, "now": NOW}
        return Subject(**(usual | {"dataset": a_dataset(**changes.pop("dataset", {}))} | changes))

    def see(self, *needs: Need, **changes: Any) -> RowFacts:
        """What the rows say to these needs."""
        return observe_rows(self.subject(**changes), needs, self.readers(changes.get("now", NOW)))


def a_view(repository: GitRepository, artifact: Artifact, path: Path, rows: pl.DataFrame | None = None) -> View:
    """A view whose store has the artifact's file at the path."""
    view = View(repository=repository, artifact=artifact, store=FolderStore(files={artifact.sha256: path}))
    return view if rows is None else replace(view, data=FrameData(rows))


def hours(rows: Iterable[int]) -> pl.DataFrame:
    """Of `hourly` only these hours."""
    return hourly(60)[sorted(rows)]
