"""What people are shown beyond what rules ask for: a fixed set of needs, and from their answers the evidence of a verdict."""

from datetime import datetime, timedelta
from typing import TypeVar

from reconciler.domain.facts import NOT_ASKED, LiveFacts, ModelFacts
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.metrics import METRICS
from reconciler.domain.needs import (
    BusinessNeed,
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
    Slice,
)
from reconciler.domain.profiles import Profile
from reconciler.specs.model import Model, Observation
from reconciler.statistics.evidence import Evidence
from reconciler.statistics.profile import merge

WEEK = timedelta(days=7)
WINDOWS = 8
"""How many windows of performance are shown."""
SLICE_WINDOWS = 4
"""A slice has no reference of its own: it is held against itself, this many windows before."""
UNANSWERED = Missing(code="notMeasured", why="it was not measured")
T = TypeVar("T")


def needs_for_people(model: Model, window: timedelta = WEEK, slice: Slice | None = None) -> frozenset[Need]:
    """All that `observe` and `drift` show of the model; with a slice also the features of its rows."""
    newest = Lookback(length=window)
    needs: set[Need] = {ProfileNeed(window=newest, population=population) for population in Population}
    needs |= {score_need(metric, window, index) for metric in model.spec.metrics for index in range(WINDOWS)}
    needs |= {estimate_need(metric, window) for metric in model.spec.metrics}
    needs |= {QualityNeed(window=newest), ConceptNeed(), MaturityNeed(window=newest)}
    needs |= {BusinessNeed(metric=metric.name, window=newest) for metric in model.spec.business}
    if model.spec.observe is Observation.LOG:
        needs.add(SkewNeed(window=newest))
    if slice is not None:
        needs |= {slice_need(window, slice, index) for index in range(SLICE_WINDOWS + 1)}
    return frozenset(needs)


def needs_together(window: timedelta = WEEK) -> frozenset[Need]:
    """What `drift` asks beside: it reads training rows and fits a small model, too much to do for every model of a fleet."""
    return frozenset({DomainNeed(window=Lookback(length=window))})


def score_need(metric: str, window: timedelta, index: int) -> ScoreNeed:
    """The metric of one window, with its interval."""
    return ScoreNeed(metric=metric, window=Lookback(length=window, index=index), interval=True)


def estimate_need(metric: str, window: timedelta) -> ScoreNeed:
    """The estimate for the newest window."""
    return ScoreNeed(metric=metric, window=Lookback(length=window), estimated=True)


def slice_need(window: timedelta, slice: Slice, index: int) -> ProfileNeed:
    """The features of the slice's rows in one window."""
    return ProfileNeed(window=Lookback(length=window, index=index), slice=slice)


def evidence_of(facts: ModelFacts, model: Model, now: datetime, window: timedelta = WEEK, slice: Slice | None = None) -> Evidence:
    """What the facts say of the window that ends now. Of a slice, only its features are looked at."""
    metric = model.spec.metrics[0]
    newest = Lookback(length=window)
    if slice is not None:
        reference, current = _slice_sides(facts.live, window, slice)
        return Evidence(
            model=facts.model, window=window, reference=reference, current=current, slice=slice, importance=facts.live.importance
        )
    live, champion, uses_log = facts.live, facts.champion, model.spec.observe is Observation.LOG
    baseline = live.baseline if isinstance(live.baseline, Missing) else live.baseline.get(metric, _absent(metric))
    return Evidence(
        model=facts.model,
        window=window,
        reference=facts.reference,
        current=facts.profiles.get(newest, UNANSWERED),
        importance=live.importance,
        outcomes=answered(live.outcomes),
        predictions=_population(live, newest, Population.PREDICTIONS),
        labels=_population(live, newest, Population.LABELS),
        quality=live.quality.get(QualityNeed(window=newest), UNANSWERED),
        skew=live.skew.get(SkewNeed(window=newest), UNANSWERED) if uses_log else NOT_ASKED,
        concept=live.concept.get(ConceptNeed(), UNANSWERED),
        separation=live.domain.get(DomainNeed(window=newest), NOT_ASKED),
        metric=metric,
        higher=METRICS[metric].higher_is_better,
        score=facts.scores.get(score_need(metric, window, 0), UNANSWERED),
        baseline=answered(baseline),
        since=now - window,
        champion_since=champion.build.data.as_of if champion else None,
        has_earlier=champion is not None
        and any(place == champion.environment and digest != champion.digest for place, digest in facts.history.released),
    )


def answered(fact: Known[T]) -> Known[T]:
    """The fact; one that nobody looked for is told, since here it was asked for."""
    return UNANSWERED if fact == NOT_ASKED else fact


def _absent(metric: str) -> Known[Measured]:
    return Missing(code="noEvidence", why=f"the evidence has no {metric}")


def _population(live: LiveFacts, window: Lookback, population: Population) -> Known[Profile]:
    return live.populations.get(ProfileNeed(window=window, population=population), UNANSWERED)


def _slice_sides(live: LiveFacts, window: timedelta, slice: Slice) -> tuple[Known[Profile], Known[Profile]]:
    """The slice in the windows before, as one, and in the newest."""
    sides = [live.populations.get(slice_need(window, slice, index), UNANSWERED) for index in range(SLICE_WINDOWS + 1)]
    known = [side for side in sides[1:] if not isinstance(side, Missing)]
    if not known:
        return sides[1], sides[0]
    reference = known[0]
    for side in known[1:]:
        reference = merge(reference, side)
    return reference, sides[0]
