"""What the rows say: new labels, profiles of recent windows, live scores, quality, and all else that rules ask of the stream.

No serving has to be in place: rows come from the dataset's source, and the released model scores them itself. With
`observe: log` they come from the log of what was served.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

from reconciler.domain.facts import LabelFacts, LiveFacts
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.names import short
from reconciler.domain.needs import (
    ConceptNeed,
    DomainNeed,
    Lookback,
    MaturityNeed,
    Need,
    Population,
    ProfileNeed,
    QualityNeed,
    ScoreNeed,
    SkewNeed,
)
from reconciler.domain.profiles import Profile
from reconciler.domain.releases import digest_of
from reconciler.errors import ReconcilerError
from reconciler.observe.answers import Answers
from reconciler.observe.daily import Days
from reconciler.observe.elsewhere import Elsewhere, answers_of
from reconciler.observe.frames import Frames, of_release
from reconciler.observe.labels import count_new, label_lag, maturity
from reconciler.observe.outcomes import Windows
from reconciler.observe.scores import WindowScorer
from reconciler.observe.separation import Separator
from reconciler.observe.stream import skew_of, stream_quality
from reconciler.observe.subject import Subject, bounds
from reconciler.pipeline.artifact import ModelPackage, open_artifact
from reconciler.pipeline.outcomes import Outcomes, read_outcomes
from reconciler.ports import Readers

__all__ = ["RowFacts", "Subject", "bounds", "observe_rows"]
N = TypeVar("N", bound=Need)
V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFacts:
    """The part of the facts that comes from rows."""

    labels: Known[LabelFacts]
    reference: Known[Profile]
    profiles: Mapping[Lookback, Known[Profile]]
    scores: Mapping[ScoreNeed, Known[Measured]]
    live: LiveFacts


def observe_rows(subject: Subject, needs: Iterable[Need], readers: Readers) -> RowFacts:
    """Answer every need; what cannot be read or scored is Missing, and stops nothing else."""
    asked = frozenset(needs)
    package = _package(subject, readers)
    frames = Frames(subject=subject, columns=_columns(subject, package), data=readers.data, logs=readers.logs)
    frames.expect(_furthest(subject, asked))
    counted = count_new(subject, readers.data)
    business, series, alerts = answers_of(Elsewhere(subject=subject, frames=frames, readers=readers), asked)
    live = LiveFacts(
        rows=counted.rows,
        lag=label_lag(subject, readers),
        maturity=maturity(subject, frames, asked),
        business=business,
        series=series,
        alerts=alerts,
    )
    facts = RowFacts(
        labels=counted.labels,
        reference=package if isinstance(package, Missing) else package.reference,
        profiles={},
        scores={},
        live=live,
    )
    if isinstance(package, Missing):
        return _unanswered(facts, package, asked)
    return _answered(facts, Released(package=package, subject=subject, frames=frames, readers=readers), asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """The released model, opened, with its rows and all that it may look at."""

    package: ModelPackage
    subject: Subject
    frames: Frames
    readers: Readers


def _unanswered(facts: RowFacts, why: Missing, asked: frozenset[Need]) -> RowFacts:
    """Nothing is released, or it cannot be opened: what asks for the model has the same answer."""
    live = replace(
        facts.live,
        outcomes=why,
        populations=_each(asked, ProfileNeed, lambda _: why, _beyond_features),
        concept=_each(asked, ConceptNeed, lambda _: why),
        quality=_each(asked, QualityNeed, lambda _: why),
        skew=_each(asked, SkewNeed, lambda _: why),
        domain=_each(asked, DomainNeed, lambda _: why),
    )
    profiles = {need.window: why for need in asked if isinstance(need, ProfileNeed) and not _beyond_features(need)}
    return replace(facts, profiles=profiles, scores=_each(asked, ScoreNeed, lambda _: why), live=live)


def _answered(facts: RowFacts, model: Released, asked: frozenset[Need]) -> RowFacts:
    package, subject, frames, readers = model.package, model.subject, model.frames, model.readers
    answers = Answers(package=package, memory=readers.memory, logged=subject.is_logged)
    outcomes = _outcomes(package)
    windows = Windows(subject=subject, answers=answers, outcomes=outcomes, frames=frames)
    scorer = WindowScorer(answers=answers, model=subject.model, dataset=subject.dataset, memory=readers.memory)
    days = _days(model)
    live = replace(
        facts.live,
        outcomes=outcomes.profile,
        importance=outcomes.importance,
        populations=_each(asked, ProfileNeed, windows.profile, _beyond_features),
        concept=_each(asked, ConceptNeed, windows.concept),
        quality=_each(asked, QualityNeed, partial(stream_quality, package, outcomes, subject, readers)),
        skew=_each(asked, SkewNeed, partial(skew_of, package, subject, readers)),
        domain=_each(asked, DomainNeed, Separator(package=package, frames=frames, memory=readers.memory).measure),
    )
    features = [need for need in asked if isinstance(need, ProfileNeed) and not _beyond_features(need)]
    return replace(
        facts,
        profiles={need.window: days.over(*bounds(need.window, subject.now)) for need in features},
        scores=_each(asked, ScoreNeed, partial(_score, scorer, subject, frames)),
        live=live,
    )


def _each(
    asked: frozenset[Need], kind: type[N], answer: Callable[[N], V], wanted: Callable[[N], bool] = lambda _: True
) -> dict[N, V]:
    """The answer to every need of the kind."""
    return {need: answer(need) for need in asked if isinstance(need, kind) and wanted(need)}


def _beyond_features(need: ProfileNeed) -> bool:
    return need.population is not Population.FEATURES or need.slice is not None


def _days(model: Released) -> Days:
    """Daily profiles of the features on the released model's bins."""
    package, subject = model.package, model.subject
    return Days(
        store=model.readers.store,
        prefix=f"profiles/{subject.model.name}/{short(package.sha256)}/{_stream_name(subject)}",
        settled=subject.now - max(subject.dataset.spec.label.delay, timedelta(days=1)),
        rows=model.frames.apart,
        event_time=subject.dataset.spec.event_time,
        reference=package.reference,
        features=package.contract.features,
    )


def _stream_name(subject: Subject) -> str:
    """The same for the same rows: a contract that reads others, or reads them in another way, has days of its own."""
    body = subject.dataset.spec
    types = {column.name: column.type for column in body.columns}
    read = {"source": body.source.model_dump(mode="json"), "eventTime": body.event_time, "types": types}
    return f"{'log' if subject.is_logged else subject.dataset.name}-{short(digest_of(read))}"


def _score(scorer: WindowScorer, subject: Subject, frames: Frames, need: ScoreNeed) -> Known[Measured]:
    """On mature rows; an estimate needs no labels, so it takes the newest rows."""
    rows = frames.between(*bounds(need.window, subject.now if need.estimated else subject.mature))
    return rows if isinstance(rows, Missing) else scorer.measure(need, of_release(rows, subject))


def _outcomes(package: ModelPackage) -> Outcomes:
    try:
        return read_outcomes(package.outcomes, "the released model")
    except ReconcilerError as error:
        return Outcomes(profile=Missing(code="outcomesUnreadable", why=error.message))


def _package(subject: Subject, readers: Readers) -> Known[ModelPackage]:
    if subject.champion is None:
        where = subject.model.champion_environment
        return Missing(code="noRelease", why=f"nothing is released to {where} yet")
    try:
        return open_artifact(readers.artifacts.fetch(subject.champion.build.artifact), programs=readers.programs)
    except ReconcilerError as error:
        return Missing(code="artifactUnreadable", why=f"the released model cannot be loaded: {error}")


def _columns(subject: Subject, package: Known[ModelPackage]) -> tuple[str, ...]:
    """What is read of every row: the features and the label."""
    features = subject.model.spec.features if isinstance(package, Missing) else package.contract.features
    return tuple(dict.fromkeys((*features.names, subject.dataset.spec.label.column)))


def _furthest(subject: Subject, asked: frozenset[Need]) -> timedelta:
    """How far back from now rows are needed for what is not answered from stored days."""
    delay, champion = subject.dataset.spec.label.delay, subject.champion
    windows = [
        need.window
        for need in asked
        if isinstance(need, ScoreNeed | MaturityNeed | DomainNeed) or (isinstance(need, ProfileNeed) and _beyond_features(need))
    ]
    spans = [delay + window.length * (window.index + 1) for window in windows]
    if champion and any(isinstance(need, ConceptNeed) for need in asked):
        spans.append(subject.now - min(champion.build.data.holdout_from, subject.mature))
    return max(spans, default=timedelta())
