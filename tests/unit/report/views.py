"""A model of which everything was observed, for the tests of what people see: drifted features, late labels, a worse model."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import numpy as np

from reconciler.domain.facts import LabelFacts, ModelFacts
from reconciler.domain.known import Measured, Missing
from reconciler.domain.live import (
    ConceptDrift,
    DriftKind,
    Fleet,
    LabelLag,
    LiveQuality,
    LossChange,
    Maturity,
    QualityCheck,
    QualityFinding,
    TrainingRecord,
)
from reconciler.domain.needs import BusinessNeed, ConceptNeed, Lookback, MaturityNeed, Population, ProfileNeed, QualityNeed
from reconciler.domain.profiles import Profile
from reconciler.domain.verdicts import DriftVerdict
from reconciler.observe.asked import WEEK, estimate_need, evidence_of, score_need
from reconciler.report.model_view import ModelView, view_of
from reconciler.specs.model import Model
from reconciler.statistics.profile import profile_on, reference_profile
from reconciler.statistics.verdict import verdict
from tests.builders import DAY, NOW, a_model, facts

NEWEST = Lookback(length=WEEK)
CARRIERS = ["UA", "AA", "DL", "B6", "EV"]
HOSTILE = "<script>alert(1)</script>\x1b[2J\u202e&\"'"


def rows(seed: int, shift: float = 0.0, count: int = 4000, **names: str) -> dict[str, np.ndarray]:
    """A distance, which the shift moves, and a carrier, of which the last is rare in a shifted world."""
    random = np.random.default_rng(seed)
    usual = np.full(5, 0.2)
    odd = np.array([0.4, 0.3, 0.2, 0.09, 0.01])
    return {
        names.get("distance", "distance"): random.normal(1000 + 400 * shift, 400, count),
        "hour": random.integers(0, 24, count).astype(float),
        "carrier": random.choice(CARRIERS, count, p=odd if shift else usual).astype(object),
    }


def outcome_rows(seed: int, rate: float, count: int = 4000) -> dict[str, np.ndarray]:
    """Predictions around the rate, and labels of it."""
    random = np.random.default_rng(seed)
    return {
        "prediction": random.beta(8 * rate, 8 * (1 - rate), count),
        "label": np.where(random.random(count) < rate, "late", "on time").astype(object),
    }


@cache
def reference(**names: str) -> Profile:
    """Of the features."""
    return reference_profile(rows(1, **names), [names.get("distance", "distance"), "hour"], ["carrier"])


@cache
def usual_outcomes() -> Profile:
    """What the model answered on its hold-out, and what happened."""
    return reference_profile(outcome_rows(1, 0.2), ["prediction"], ["label"])


def measured(value: float, rows: int = 3000) -> Measured:
    return Measured(value=value, low=value - 0.01, high=value + 0.01, rows=rows)


def quality(*findings: QualityFinding) -> LiveQuality:
    return LiveQuality(rows=4000, evaluated=tuple(QualityCheck), findings=findings)


def seen(shift: float = 0.8, rate: float = 0.3, score: float = 0.62, **changes: Any) -> ModelFacts:
    """All facts of a week in which the distance moved by so many sigmas, and the score became this; 0.72 in the evidence."""
    names = changes.pop("names", {})
    held, outcomes = reference(**names), usual_outcomes()
    happened = outcome_rows(2, rate)
    sides = {
        name: profile_on(replace(outcomes, features={name: outcomes.features[name]}), {name: happened[name]}) for name in happened
    }
    scores = {score_need("rocAuc", WEEK, index): measured(score if index < 2 else 0.715 + index / 1000) for index in range(8)}
    drift = LossChange(at=NOW - 9 * DAY, before=0.18, after=0.24, rows_before=9000, rows_after=2500)
    usual = facts(
        reference=held,
        profiles={NEWEST: profile_on(held, rows(2, shift, **names))},
        scores=scores | {estimate_need("rocAuc", WEEK): measured(0.66)},
        labels=LabelFacts(delay=2 * DAY, new=3120, newest=NOW - 2 * DAY),
        fleet=Fleet(
            trainings=(
                TrainingRecord(model="flight-delay", at=NOW - 10 * DAY, seconds=5400, cost=3.5, currency="USD"),
                TrainingRecord(model="other", at=NOW - 3 * DAY, seconds=1800, cost=1.25, currency="EUR"),
                TrainingRecord(model="other", at=NOW - 40 * DAY, seconds=1800, cost=9.0, currency="EUR"),
            )
        ),
    )
    live = replace(
        usual.live,
        rows=4321,
        lag=LabelLag(median=timedelta(hours=30), p95=timedelta(hours=70), rows=5000),
        baseline={"rocAuc": measured(0.72)},
        outcomes=outcomes,
        importance={names.get("distance", "distance"): 0.55, "hour": 0.05, "carrier": 0.4},
        populations={
            ProfileNeed(window=NEWEST, population=Population.PREDICTIONS): sides["prediction"],
            ProfileNeed(window=NEWEST, population=Population.LABELS): sides["label"],
        },
        quality={QualityNeed(window=NEWEST): quality()},
        maturity={MaturityNeed(window=NEWEST): Maturity(rows=4000, labelled=3900)},
        concept={ConceptNeed(): ConceptDrift(rows=11500, loss="brier", changes=(drift,), kind=DriftKind.SUDDEN)},
        business={BusinessNeed(metric="revenue", window=NEWEST): 1_234_567.8},
    )
    return replace(usual, **({"live": live} | changes))


def with_live(found: ModelFacts, **changes: Any) -> ModelFacts:
    """The facts with parts of what is live changed."""
    return replace(found, live=replace(found.live, **changes))


def the_model(**changes: Any) -> Model:
    return a_model(**({"metrics": ["rocAuc"], "business": [{"name": "revenue", "column": "distance"}]} | changes))


def a_view(found: ModelFacts | None = None, model: Model | None = None) -> ModelView:
    return view_of(found or seen(), model or the_model(), NOW)


def a_verdict(found: ModelFacts | None = None, model: Model | None = None) -> DriftVerdict:
    return verdict(evidence_of(found or seen(), model or the_model(), NOW))


GONE = Missing(code="rowsUnreadable", why="data/flights.csv has no column distance")
