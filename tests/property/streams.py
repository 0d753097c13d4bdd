"""Arbitrary facts of the live stream, for whatever the triggers that look at it ask for."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter

from reconciler.domain.facts import LiveFacts
from reconciler.domain.known import Measured, Missing
from reconciler.domain.live import (
    Alert,
    ConceptDrift,
    DriftKind,
    LiveQuality,
    LossChange,
    Point,
    QualityCheck,
    QualityFinding,
    Separation,
)
from reconciler.domain.needs import (
    AlertNeed,
    BusinessNeed,
    ConceptNeed,
    DomainNeed,
    Lookback,
    Need,
    Population,
    ProfileNeed,
    PromqlNeed,
    QualityNeed,
)
from reconciler.rules.base import Rule
from reconciler.rules.triggers import Trigger
from tests.builders import DAY, NOW, a_profile, facts

GONE = Missing(code="gone", why="it is gone")
OUTCOMES = ("prediction", "label", "distance")
WRITTEN: tuple[dict[str, Any], ...] = (
    {"type": "newRows", "rows": 100},
    {"type": "dataDrift", "weightedByImportance": True},
    {"type": "dataDrift", "slice": {"column": "origin", "value": "JFK"}, "features": ["distance"]},
    {"type": "dataDrift", "statistic": "domainClassifier", "consecutive": 2},
    {"type": "predictionDrift", "consecutive": 2},
    {"type": "labelDrift", "statistic": "lInfinity"},
    {"type": "conceptDrift"},
    {"type": "performance", "metric": "rocAuc", "drop": 0.02, "window": "7d"},
    {"type": "performance", "metric": "rocAuc", "dropShare": 0.1, "window": "7d"},
    {"type": "businessMetric", "metric": "revenue", "below": 10, "consecutive": 2},
    {"type": "sloBurnRate", "errorRatio": "bad[$window]", "objective": 0.99},
    {"type": "dataQuality", "checks": ["nullSpike", "volume"]},
    {"type": "dataQuality"},
    {"type": "promql", "query": "up", "below": 1},
    {"type": "promql", "query": "lag", "above": 1, "over": "3m"},
    {"type": "alert", "file": "alerts.json", "name": "Stale", "labels": {"severity": "page"}},
)
LIVE_TRIGGERS: tuple[Rule, ...] = tuple(TypeAdapter(Trigger).validate_python(written) for written in WRITTEN)
NEEDS: tuple[Need, ...] = tuple(sorted(frozenset().union(*(rule.needs() for rule in LIVE_TRIGGERS)), key=repr))

ANY_FLOAT = st.floats(allow_nan=True, allow_infinity=True)
ROWS = st.integers(0, 2000)
PROFILES = st.lists(ROWS, min_size=10, max_size=10).map(lambda counts: a_profile(*counts, features=OUTCOMES))
CHANGES = st.builds(LossChange, at=st.just(NOW), before=ANY_FLOAT, after=ANY_FLOAT, rows_before=ROWS, rows_after=ROWS)
CHECKS = st.lists(st.sampled_from(QualityCheck), max_size=3).map(tuple)


def known(answers: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An answer, or none."""
    return st.just(GONE) | answers


FOUND = st.builds(
    ConceptDrift,
    rows=ROWS,
    loss=st.just("log loss"),
    changes=st.lists(CHANGES, max_size=2).map(tuple),
    kind=st.sampled_from(DriftKind),
)
SEPARATIONS = st.builds(Separation, auc=ANY_FLOAT, p_value=ANY_FLOAT, reference_rows=ROWS, rows=ROWS)
QUALITY = st.builds(
    LiveQuality,
    rows=ROWS,
    evaluated=CHECKS,
    findings=CHECKS.map(lambda checks: tuple(QualityFinding(check=check, column="", message="bad") for check in checks)),
)
POINTS = st.lists(ANY_FLOAT, max_size=4).map(
    lambda values: tuple(Point(at=NOW + timedelta(minutes=n), value=value) for n, value in enumerate(values))
)
ALERTS = st.lists(
    st.builds(
        Alert,
        name=st.sampled_from(["Stale", "Other"]),
        labels=st.sampled_from([{}, {"severity": "page"}]),
        firing=st.booleans(),
        starts_at=st.just(NOW),
    ),
    max_size=2,
).map(tuple)
ANSWERS: dict[type[Any], tuple[str, st.SearchStrategy[Any]]] = {
    ProfileNeed: ("populations", PROFILES),
    ConceptNeed: ("concept", FOUND),
    DomainNeed: ("domain", SEPARATIONS),
    BusinessNeed: ("business", ANY_FLOAT),
    QualityNeed: ("quality", QUALITY),
    PromqlNeed: ("series", POINTS),
    AlertNeed: ("alerts", ALERTS),
}
MEASURED = st.builds(Measured, value=ANY_FLOAT, low=ANY_FLOAT, high=ANY_FLOAT, rows=ROWS)


@st.composite
def streams(draw: st.DrawFn) -> LiveFacts:
    """Any answers, or none, to what `LIVE_TRIGGERS` ask for."""
    fields: dict[str, dict[Need, Any]] = {name: {} for name, _ in ANSWERS.values()}
    for need in NEEDS:
        if type(need) in ANSWERS and draw(st.integers(0, 9)):
            name, answers = ANSWERS[type(need)]
            fields[name][need] = draw(known(answers))
    return LiveFacts(
        rows=draw(known(ROWS)),
        baseline=draw(known(st.just({}) | MEASURED.map(lambda measured: {"rocAuc": measured}))),
        outcomes=draw(known(PROFILES)),
        importance=draw(st.sampled_from([{}, {"distance": 1.0}, {"distance": 0.2, "hour": 0.8}])),
        **fields,
    )


def silenced(live: LiveFacts) -> LiveFacts:
    """The same stream when nothing of it can be seen."""
    fields = {name: dict.fromkeys(getattr(live, name), GONE) for name, _ in ANSWERS.values()}
    return LiveFacts(rows=GONE, baseline=GONE, outcomes=GONE, **fields)


MOVING = ("distance", "hour")


def moved(target: int, level: int, features: tuple[str, ...]):
    """Rows move from all bins to one of them."""
    counts = [1000 - 50 * level] * 10
    counts[target] += 10 * 50 * level
    return a_profile(*counts, features=features)


def a_moving_world(target: int, level: int):
    """Features, predictions and labels all moved by the level."""
    windows = [Lookback(length=7 * DAY, index=index) for index in range(2)]
    populations = {
        ProfileNeed(window=window, population=population): moved(target, level, (name,))
        for window in windows
        for population, name in ((Population.PREDICTIONS, "prediction"), (Population.LABELS, "label"))
    }
    live = LiveFacts(
        outcomes=a_profile(*[1000] * 10, features=("prediction", "label")),
        importance={"distance": 0.3, "hour": 0.7},
        populations=populations,
    )
    return facts(
        reference=a_profile(*[1000] * 10, features=MOVING),
        profiles={window: moved(target, level, MOVING) for window in windows},
        live=live,
    )
