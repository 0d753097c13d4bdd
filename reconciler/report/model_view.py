"""What people are shown of one model, gathered from its facts: rows, labels, performance, drift, business and cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from reconciler.domain.facts import LabelFacts, ModelFacts
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.live import ConceptDrift, Fleet, LabelLag, LiveQuality, Maturity
from reconciler.domain.metrics import METRICS
from reconciler.domain.names import Digest
from reconciler.domain.needs import BusinessNeed, ConceptNeed, Lookback, MaturityNeed, QualityNeed
from reconciler.domain.verdicts import DriftVerdict
from reconciler.observe.asked import UNANSWERED, WEEK, WINDOWS, answered, estimate_need, evidence_of, score_need
from reconciler.specs.model import Model
from reconciler.statistics.verdict import verdict

MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricView:
    """One metric: its windows of mature rows, oldest first, an estimate for the newest rows, and what the evidence says."""

    metric: str
    higher_is_better: bool
    windows: tuple[Known[Measured], ...]
    estimated: Known[Measured]
    baseline: Known[Measured]


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The champion. `as_of` is up to when it has seen data."""

    environment: str
    version: str
    digest: Digest
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Trainings of the last 30 days: how many, how long those took that were measured, and what they cost per currency."""

    trainings: int
    measured: int
    seconds: float
    cost: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelView:
    """Everything that `observe` shows of one model at a time, over windows of one length."""

    model: str
    at: datetime
    window: timedelta
    running: Known[Running]
    rows: Known[int]
    labels: Known[LabelFacts]
    lag: Known[LabelLag]
    maturity: Known[Maturity]
    metrics: tuple[MetricView, ...]
    quality: Known[LiveQuality]
    concept: Known[ConceptDrift]
    business: Mapping[str, Known[float]]
    spent: Spent
    fleet: Spent
    verdict: DriftVerdict


def view_of(facts: ModelFacts, model: Model, now: datetime, window: timedelta = WEEK) -> ModelView:
    """The model as its facts show it."""
    newest, live = Lookback(length=window), facts.live
    return ModelView(
        model=facts.model,
        at=now,
        window=window,
        running=_running(facts),
        rows=answered(live.rows),
        labels=facts.labels,
        lag=answered(live.lag),
        maturity=live.maturity.get(MaturityNeed(window=newest), UNANSWERED),
        metrics=tuple(_metric(facts, metric, window) for metric in model.spec.metrics),
        quality=live.quality.get(QualityNeed(window=newest), UNANSWERED),
        concept=live.concept.get(ConceptNeed(), UNANSWERED),
        business={
            metric.name: live.business.get(BusinessNeed(metric=metric.name, window=newest), UNANSWERED)
            for metric in model.spec.business
        },
        spent=spent(facts.fleet, now, facts.model),
        fleet=spent(facts.fleet, now),
        verdict=verdict(evidence_of(facts, model, now, window)),
    )


def spent(fleet: Fleet, now: datetime, model: str | None = None) -> Spent:
    """What trainings of the last 30 days took, of one model or of all."""
    recent = [one for one in fleet.trainings if now - MONTH < one.at <= now and model in (None, one.model)]
    cost: dict[str, float] = {}
    for one in recent:
        if one.cost is not None:
            cost[one.currency] = cost.get(one.currency, 0.0) + one.cost
    seconds = [one.seconds for one in recent if one.seconds is not None]
    return Spent(trainings=len(recent), measured=len(seconds), seconds=sum(seconds), cost=dict(sorted(cost.items())))


def _running(facts: ModelFacts) -> Known[Running]:
    champion = facts.champion
    if champion is None:
        return Missing(code="noRelease", why=f"nothing is released to {facts.environments[-1]} yet")
    return Running(
        environment=champion.environment,
        version=champion.version,
        digest=champion.digest,
        as_of=champion.build.data.as_of,
    )


def _metric(facts: ModelFacts, metric: str, window: timedelta) -> MetricView:
    baseline = answered(facts.live.baseline)
    absent = Missing(code="noEvidence", why=f"the evidence has no {metric}")
    return MetricView(
        metric=metric,
        higher_is_better=METRICS[metric].higher_is_better,
        windows=tuple(facts.scores.get(score_need(metric, window, index), UNANSWERED) for index in reversed(range(WINDOWS))),
        estimated=facts.scores.get(estimate_need(metric, window), UNANSWERED),
        baseline=baseline if isinstance(baseline, Missing) else baseline.get(metric, absent),
    )
