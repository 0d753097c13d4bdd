"""Whose rows are looked at, and from when."""

from dataclasses import dataclass
from datetime import datetime

from reconciler.domain.needs import Lookback
from reconciler.domain.releases import Build, Release
from reconciler.specs.dataset import Dataset
from reconciler.specs.model import Model, Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Whose rows they are. `now` is the pass's one moment, UTC."""

    model: Model
    dataset: Dataset
    newest: Build | None
    champion: Release | None
    now: datetime

    @property
    def mature(self) -> datetime:
        """Labels of events before this moment are known."""
        return self.now - self.dataset.spec.label.delay

    @property
    def is_logged(self) -> bool:
        """Rows come from the log of what was served, not from the dataset's source."""
        return self.model.spec.observe is Observation.LOG


def bounds(window: Lookback, end: datetime) -> tuple[datetime, datetime]:
    """The window as [start, end) when the newest one ends at `end`."""
    last = end - window.index * window.length
    return last - window.length, last
