"""Trigger `sloBurnRate`: both windows of one pair, measured against what the objective allows."""

import math
from datetime import timedelta

import pytest
from pydantic import ValidationError

from reconciler.domain.facts import LiveFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.live import Point
from reconciler.domain.needs import PromqlNeed
from reconciler.rules.triggers.slo_burn_rate import SloBurnRate
from tests.builders import NOW, facts
from tests.cases import each

DOWN = Missing(code="metricsUnreadable", why="connection refused")
FAST, SLOW, CALM = 0.15, 0.07, 0.001
"""Of an objective of 99 %: 15, 7 and 0.1 times the budget's rate."""


def rule(**changes) -> SloBurnRate:
    return SloBurnRate(**{"type": "sloBurnRate", "error_ratio": "bad[$window] / all[$window]", "objective": 0.99} | changes)


def seen(**ratios):
    """Facts with the ratio over each window: `seen(h1=0.2, m5=0.1)`."""
    texts = {"h1": "1h", "m5": "5m", "h6": "6h", "m30": "30m"}
    return facts(
        live=LiveFacts(
            series={
                PromqlNeed(query=f"bad[{texts[key]}] / all[{texts[key]}]"): ratio
                if isinstance(ratio, Missing)
                else tuple(Point(at=NOW, value=value) for value in (ratio if isinstance(ratio, tuple) else (ratio,)))
                for key, ratio in ratios.items()
            }
        )
    )


@each(
    ("ratios", "answer", "code"),
    [
        ({"h1": FAST, "m5": FAST, "h6": CALM, "m30": CALM}, Answer.YES, "budgetBurns"),
        ({"h1": FAST, "m5": CALM, "h6": CALM, "m30": CALM}, Answer.NO, "budgetLasts"),
        ({"h1": CALM, "m5": FAST, "h6": CALM, "m30": CALM}, Answer.NO, "budgetLasts"),
        ({"h1": SLOW, "m5": SLOW, "h6": SLOW, "m30": SLOW}, Answer.YES, "budgetBurns"),
        ({"h1": SLOW, "m5": SLOW, "h6": SLOW, "m30": CALM}, Answer.NO, "budgetLasts"),
        ({"h1": 0.0, "m5": 0.0, "h6": 0.0, "m30": 0.0}, Answer.NO, "budgetLasts"),
        ({"h1": FAST, "m5": FAST, "h6": DOWN, "m30": DOWN}, Answer.YES, "budgetBurns"),
        ({"h1": FAST, "m5": DOWN, "h6": CALM, "m30": CALM}, Answer.UNKNOWN, "metricsUnreadable"),
        ({"h1": CALM, "m5": DOWN, "h6": CALM, "m30": CALM}, Answer.UNKNOWN, "metricsUnreadable"),
        ({"h1": FAST, "m5": math.nan, "h6": CALM, "m30": CALM}, Answer.UNKNOWN, "notANumber"),
        ({"h1": FAST, "m5": (), "h6": CALM, "m30": CALM}, Answer.UNKNOWN, "noData"),
        ({"h1": CALM, "m5": CALM, "h6": SLOW}, Answer.UNKNOWN, "notAsked"),
        ({}, Answer.UNKNOWN, "notAsked"),
    ],
)
def test_fires_when_both_windows_of_a_pair_burn_too_fast(ratios, answer, code):
    judgement = rule().judge(seen(**ratios), NOW)
    assert (judgement.rule, judgement.answer, judgement.code) == ("sloBurnRate", answer, code)


def test_the_rate_itself_is_not_too_fast():
    at_the_rate = rule(objective=0.5, windows=[{"long": "1h", "short": "5m", "rate": 1.5}])
    assert at_the_rate.judge(seen(h1=0.75, m5=0.75), NOW).answer is Answer.NO
    assert at_the_rate.judge(seen(h1=0.76, m5=0.76), NOW).answer is Answer.YES


def test_the_message_has_both_rates_and_the_cut():
    message = rule().judge(seen(h1=0.2, m5=0.3, h6=CALM, m30=CALM), NOW).message
    assert message == (
        "errors use up the budget of 0.01 at 20 times its rate over 1h and 30 times over 5m, both above 14.4 fires"
    )


def test_asks_for_each_window_with_the_window_put_in_everywhere():
    assert {need.query for need in rule().needs()} == {
        "bad[1h] / all[1h]",
        "bad[5m] / all[5m]",
        "bad[6h] / all[6h]",
        "bad[30m] / all[30m]",
    }
    assert all(need.over is None and need.step is None for need in rule().needs())


def test_the_usual_windows_are_those_of_the_workbook():
    hours = [(pair.long / timedelta(hours=1), pair.short / timedelta(minutes=1), pair.rate) for pair in rule().windows]
    assert hours == [(1, 5, 14.4), (6, 30, 6)]


@each(
    "changes",
    [
        {"error_ratio": "bad / all"},
        {"objective": 0},
        {"objective": 1},
        {"windows": []},
        {"windows": [{"long": "1h", "short": "5m"}]},
        {"windows": [{"long": "1h", "short": "5m", "rate": 0}]},
    ],
)
def test_nonsense_is_refused(changes):
    with pytest.raises(ValidationError):
        rule(**changes)
