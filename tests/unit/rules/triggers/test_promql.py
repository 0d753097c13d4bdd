"""Trigger `promql`: the value now, or all of a range; gaps and NaN are no answer."""

import math
from datetime import timedelta

import pytest
from pydantic import ValidationError

from reconciler.domain.facts import LiveFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.live import Point
from reconciler.domain.needs import PromqlNeed
from reconciler.rules.triggers.promql import Promql
from tests.builders import NOW, facts
from tests.cases import each

MINUTE = timedelta(minutes=1)
DOWN = Missing(code="metricsUnreadable", why="connection refused")


def rule(**changes) -> Promql:
    cut = {} if {"below", "above"} & set(changes) else {"above": 5}
    return Promql(**{"type": "promql", "query": "lag"} | cut | changes)


def seen(values, **need):
    found = values if isinstance(values, Missing) else tuple(Point(at=NOW, value=value) for value in values)
    return facts(live=LiveFacts(series={PromqlNeed(query="lag", **need): found}))


@each(
    ("values", "changes", "answer", "code"),
    [
        ([6.0], {}, Answer.YES, "pastTheCut"),
        ([5.0], {}, Answer.NO, "withinBounds"),
        ([4.0], {"below": 5}, Answer.YES, "pastTheCut"),
        ([6.0], {"below": 5}, Answer.NO, "withinBounds"),
        ([math.nan], {}, Answer.UNKNOWN, "notANumber"),
        ([math.inf], {}, Answer.UNKNOWN, "notANumber"),
        ([], {}, Answer.UNKNOWN, "noData"),
        (DOWN, {}, Answer.UNKNOWN, "metricsUnreadable"),
        ([6.0], {"query": "other"}, Answer.UNKNOWN, "notAsked"),
    ],
)
def test_fires_when_the_value_is_past_the_cut(values, changes, answer, code):
    judgement = rule(**changes).judge(seen(values), NOW)
    assert (judgement.rule, judgement.answer, judgement.code) == ("promql", answer, code)


@each(
    ("values", "answer", "code"),
    [
        ([6.0] * 6, Answer.YES, "pastTheCut"),
        ([6.0] * 5, Answer.YES, "pastTheCut"),
        ([6.0] * 4, Answer.UNKNOWN, "noData"),
        ([6.0] * 5 + [4.0], Answer.NO, "withinBounds"),
        ([6.0, 4.0], Answer.NO, "withinBounds"),
        ([6.0] * 5 + [math.nan], Answer.UNKNOWN, "noData"),
        ([4.0, math.nan], Answer.NO, "withinBounds"),
        ([], Answer.UNKNOWN, "noData"),
        (DOWN, Answer.UNKNOWN, "metricsUnreadable"),
    ],
)
def test_with_a_range_every_value_must_be_past_the_cut(values, answer, code):
    judgement = rule(over="5m").judge(seen(values, over=5 * MINUTE, step=MINUTE), NOW)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_the_messages_have_both_numbers():
    assert rule().judge(seen([6.5]), NOW).message == "lag is 6.5, fires above 5"
    ranged = rule(over="5m")
    said = ranged.judge(seen([6.0] * 6, over=5 * MINUTE, step=MINUTE), NOW).message
    assert said == "lag over 5m: 6 of 6 values are there and numbers, the newest 6; fires above 5"
    gap = ranged.judge(seen([6.0] * 2, over=5 * MINUTE, step=MINUTE), NOW).message
    assert gap == "lag over 5m: 2 of 5 values are there and numbers, and fires when all are above 5"
    calm = ranged.judge(seen([6.0, 1.0], over=5 * MINUTE, step=MINUTE), NOW).message
    assert calm == "lag over 5m is 1 at 2013-06-01T12:00:00Z, fires above 5 at all of 2 values"


@pytest.mark.parametrize(
    ("changes", "need"),
    [
        ({}, PromqlNeed(query="lag")),
        ({"over": "30m"}, PromqlNeed(query="lag", over=30 * MINUTE, step=MINUTE)),
        ({"over": "30m", "step": "5m"}, PromqlNeed(query="lag", over=30 * MINUTE, step=5 * MINUTE)),
    ],
)
def test_asks_for_the_value_or_the_range(changes, need):
    assert rule(**changes).needs() == {need}


def test_a_step_longer_than_the_range_wants_one_value():
    assert rule(over="5m", step="1h").judge(seen([6.0], over=5 * MINUTE, step=60 * MINUTE), NOW).answer is Answer.YES


@each(
    ("changes", "said"),
    [
        ({"query": ""}, "at least 1 character"),
        ({"below": 1, "above": 2}, "exactly one of below and above, not 2"),
        ({"step": "1m"}, "step means nothing without over"),
        ({"over": None}, "leave the key out"),
    ],
)
def test_nonsense_is_refused(changes, said):
    with pytest.raises(ValidationError, match=said):
        rule(**changes)
