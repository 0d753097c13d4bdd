"""Every guard, and arbitrary facts for whatever guards look at."""

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter

from reconciler.domain.facts import History, LabelFacts, LiveFacts, ModelFacts, RetrainGain
from reconciler.domain.known import Missing
from reconciler.domain.live import (
    Fleet,
    LabelLag,
    LiveQuality,
    Maturity,
    Override,
    QualityCheck,
    QualityFinding,
    Request,
    TrainingRecord,
)
from reconciler.domain.needs import Lookback, MaturityNeed, QualityNeed
from reconciler.rules.base import Rule
from reconciler.rules.guards import Guard
from tests.builders import DAY, NOW, a_build, facts
from tests.property.worlds import any_facts

HOUR = timedelta(hours=1)
GONE = Missing(code="gone", why="it is gone")
ON_STREAM: tuple[dict[str, Any], ...] = (
    {"type": "minimumNewRows", "rows": 100},
    {"type": "minimumNewLabels", "rows": 100},
    {"type": "labelLag", "median": "2d", "p95": "5d"},
    {"type": "labelMaturity"},
    {"type": "dataQuality", "ignore": ["newColumn"]},
)
"""Guards that look at the live stream: when it cannot be seen they are UNKNOWN."""
OTHERS: tuple[dict[str, Any], ...] = (
    {"type": "cooldown", "period": "1d"},
    {"type": "backoff", "first": "30m"},
    {"type": "budget", "perMonth": 20},
    {"type": "budget", "perMonth": 20, "fleet": True},
    {"type": "rateLimit", "atMost": 2, "per": "7d"},
    {"type": "concurrency", "atMost": 2},
    {"type": "freeze", "windows": [{"from": "2013-06-01", "until": "2013-06-03", "reason": "audit"}]},
    {"type": "trainingWindow", "from": "11:00", "until": "13:00"},
    {"type": "returnOnInvestment", "metric": "rocAuc", "valuePerUnit": 1000},
    {"type": "hold"},
    {"type": "oneChangeOpen"},
)
WRITTEN = (*ON_STREAM, *OTHERS)
RULES: dict[str, Rule] = {repr(written): TypeAdapter(Guard).validate_python(written) for written in WRITTEN}
QUALITY, MATURITY = QualityNeed(window=Lookback(length=7 * DAY)), MaturityNeed(window=Lookback(length=14 * DAY))
ALL_CHECKS = tuple(QualityCheck)

rows = st.sampled_from([0, 50, 100, 5000])
amounts = st.none() | st.sampled_from([0.0, 1.0, 15.0, math.nan, math.inf, 1e308])
currencies = st.sampled_from(["USD", "USD", "USD", "EUR", ""])
times = st.sampled_from([NOW - HOUR, NOW - 3 * DAY, NOW - 40 * DAY, NOW + HOUR])
lags = st.sampled_from([HOUR, 3 * DAY, 9 * DAY])
found = st.lists(st.sampled_from([QualityCheck.NEW_COLUMN, QualityCheck.NULL_SPIKE]), max_size=2)
qualities = st.builds(
    LiveQuality,
    rows=rows,
    evaluated=st.sampled_from([ALL_CHECKS, ALL_CHECKS, (), (QualityCheck.NEW_COLUMN,)]),
    findings=found.map(lambda checks: tuple(QualityFinding(check=check, column="", message="bad") for check in checks)),
)
streams = st.builds(
    LiveFacts,
    rows=st.just(GONE) | rows,
    lag=st.just(GONE) | st.builds(LabelLag, median=lags, p95=lags, rows=rows),
    quality=st.just({}) | (st.just(GONE) | qualities).map(lambda quality: {QUALITY: quality}),
    maturity=st.just({})
    | (st.just(GONE) | st.builds(lambda labelled, more: Maturity(rows=labelled + more, labelled=labelled), rows, rows)).map(
        lambda maturity: {MATURITY: maturity}
    ),
)
trainings = st.builds(
    TrainingRecord, model=st.sampled_from(["flight-delay", "weather"]), at=times, cost=amounts, currency=currencies
)
fleets = st.builds(
    Fleet,
    trainings=st.lists(trainings, max_size=4).map(lambda some: tuple(sorted(some, key=lambda one: one.at))),
    in_flight=st.frozensets(st.sampled_from(["flight-delay", "weather", "gates"])),
)
gains = st.builds(
    RetrainGain,
    at=times,
    digest=st.just(a_build().digest),
    gains=st.just({}) | st.sampled_from([-0.1, 0.0, 0.001, 0.1, math.nan, math.inf]).map(lambda gain: {"rocAuc": gain}),
    refused=st.booleans(),
    cost=amounts,
    currency=currencies,
)
overrides = st.builds(
    Override, guard=st.sampled_from(["freeze", "budget"]), at=times, until=times, by=st.just("ann"), reason=st.just("why")
)
ASKED = (Request(at=NOW + 2 * HOUR, by="ann", reason="why"),)
"""Newer than every training: the trigger `manual` fires."""


@st.composite
def guarded_facts(draw: st.DrawFn) -> ModelFacts:
    """Any combination of what guards look at, on top of anything else; a person has asked for a retrain."""
    seen = draw(any_facts())
    history = replace(
        seen.history,
        requests=ASKED,
        gains=tuple(draw(st.lists(gains, max_size=5))),
        overrides=tuple(draw(st.lists(overrides, max_size=2))),
    )
    return replace(seen, live=draw(streams), fleet=draw(fleets), history=history)


def calm(**changes: Any) -> ModelFacts:
    """Nothing stands against a retrain: every guard says YES but `freeze`, which a person overrides."""
    live = LiveFacts(
        rows=5000,
        lag=LabelLag(median=HOUR, p95=DAY, rows=500),
        quality={QUALITY: LiveQuality(rows=5000, evaluated=ALL_CHECKS, findings=())},
        maturity={MATURITY: Maturity(rows=1000, labelled=1000)},
    )
    lifted = Override(guard="freeze", at=NOW - HOUR, until=NOW + HOUR, by="ann", reason="why")
    history = History(last_trained_at=NOW - 10 * DAY, requests=ASKED, overrides=(lifted,))
    return replace(facts(labels=LabelFacts(delay=DAY, new=5000, newest=NOW), live=live, history=history), **changes)
