"""What the rows say: new labels, the profile of recent windows, and how the released model scores on mature labels.

No serving has to be in place: rows come from the dataset's source, and the released model scores them itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import polars

from reconciler.domain.facts import Known, LabelFacts, Measured, Missing
from reconciler.domain.needs import Lookback, Need, ProfileNeed, ScoreNeed
from reconciler.domain.profiles import Profile
from reconciler.domain.releases import Build, Release
from reconciler.errors import ReconcilerError
from reconciler.observe.scores import WindowScorer
from reconciler.pipeline.artifact import ModelPackage, open_artifact
from reconciler.pipeline.profile_rows import profile_frame
from reconciler.pipeline.rows import labelled, read_rows
from reconciler.ports import ArtifactStore, Data, Memory, Readers
from reconciler.specs.dataset import Dataset
from reconciler.specs.model import Model


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFacts:
    """The part of the facts that comes from rows."""

    labels: Known[LabelFacts]
    reference: Known[Profile]
    profiles: Mapping[Lookback, Known[Profile]]
    scores: Mapping[ScoreNeed, Known[Measured]]


def observe_rows(subject: Subject, needs: Iterable[Need], readers: Readers) -> RowFacts:
    """Answer every need; what cannot be read or scored is Missing, and stops nothing else."""
    needs = tuple(needs)
    package = _package(subject, readers.artifacts)
    frame = _frame(subject, needs, package, readers.data)
    return RowFacts(
        labels=_labels(subject, readers.data),
        reference=package if isinstance(package, Missing) else package.reference,
        profiles={need.window: _profile(need, subject, package, frame) for need in needs if isinstance(need, ProfileNeed)},
        scores=_scores([need for need in needs if isinstance(need, ScoreNeed)], subject, package, frame, readers.memory),
    )


def bounds(window: Lookback, end: datetime) -> tuple[datetime, datetime]:
    """The window as [start, end) when the newest one ends at `end`."""
    last = end - window.index * window.length
    return last - window.length, last


def _package(subject: Subject, artifacts: ArtifactStore) -> Known[ModelPackage]:
    if subject.champion is None:
        where = subject.model.champion_environment
        return Missing(code="noRelease", why=f"nothing is released to {where} yet")
    try:
        return open_artifact(artifacts.fetch(subject.champion.build.artifact))
    except ReconcilerError as error:
        return Missing(code="artifactUnreadable", why=f"the released model cannot be loaded: {error}")


def _frame(subject: Subject, needs: tuple[Need, ...], package: Known[ModelPackage], data: Data) -> Known[polars.DataFrame]:
    if isinstance(package, Missing):
        return package
    if not needs:
        return Missing(code="notAsked", why="no rule looks at rows")
    windows = [need.window for need in needs if isinstance(need, ProfileNeed | ScoreNeed)]
    back = max((window.length * (window.index + 1) for window in windows), default=timedelta())
    start = (subject.mature if any(isinstance(need, ScoreNeed) for need in needs) else subject.now) - back
    columns = (*package.contract.features.names, subject.dataset.spec.label.column)
    try:
        return read_rows(subject.dataset, data, columns, start, subject.now)
    except ReconcilerError as error:
        return Missing(code="rowsUnreadable", why=error.message)


def _labels(subject: Subject, data: Data) -> Known[LabelFacts]:
    label, time = subject.dataset.spec.label, subject.dataset.spec.event_time
    since = subject.newest.data.holdout_until if subject.newest else None
    if since is not None and since >= subject.mature:
        return LabelFacts(delay=label.delay, new=0, newest=None)
    try:
        frame = read_rows(subject.dataset, data, (label.column,), since, subject.mature)
    except ReconcilerError as error:
        return Missing(code="rowsUnreadable", why=error.message)
    known = labelled(frame, label.column)
    newest = known[time].max() if known.height else None
    return LabelFacts(delay=label.delay, new=known.height, newest=newest if isinstance(newest, datetime) else None)


def _profile(need: ProfileNeed, subject: Subject, package: Known[ModelPackage], frame: Known[polars.DataFrame]) -> Known[Profile]:
    if isinstance(package, Missing):
        return package
    if isinstance(frame, Missing):
        return frame
    rows = _between(frame, subject, *bounds(need.window, subject.now))
    try:
        return profile_frame(package.reference, rows, package.contract.features)
    except ReconcilerError as error:
        return Missing(code="notProfiled", why=error.message)


def _scores(
    needs: Sequence[ScoreNeed],
    subject: Subject,
    package: Known[ModelPackage],
    frame: Known[polars.DataFrame],
    memory: Memory,
) -> Mapping[ScoreNeed, Known[Measured]]:
    if isinstance(package, Missing):
        return dict.fromkeys(needs, package)
    if isinstance(frame, Missing):
        return dict.fromkeys(needs, frame)
    scorer = WindowScorer(package=package, model=subject.model, dataset=subject.dataset, memory=memory)
    return {need: scorer.measure(need, _between(frame, subject, *bounds(need.window, subject.mature))) for need in needs}


def _between(frame: polars.DataFrame, subject: Subject, start: datetime, end: datetime) -> polars.DataFrame:
    time = polars.col(subject.dataset.spec.event_time)
    return frame.filter((time >= start) & (time < end))
