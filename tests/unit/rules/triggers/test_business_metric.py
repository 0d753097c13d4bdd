"""Trigger `businessMetric`: past the cut in every window; what is no number is no answer."""

import math

import pytest
from pydantic import ValidationError

from reconciler.domain.facts import LiveFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.needs import BusinessNeed, Lookback
from reconciler.rules.triggers.business_metric import BusinessMetric
from tests.builders import DAY, NOW, facts
from tests.cases import each

GONE = Missing(code="queryFailed", why="no such table")


def rule(**changes) -> BusinessMetric:
    cut = {} if {"below", "above"} & set(changes) else {"below": 10}
    return BusinessMetric(**{"type": "businessMetric", "metric": "revenue"} | cut | changes)


def seen(*windows):
    needs = [BusinessNeed(metric="revenue", window=Lookback(length=7 * DAY, index=n)) for n in range(len(windows))]
    return facts(live=LiveFacts(business=dict(zip(needs, windows, strict=True))))


@each(
    ("windows", "changes", "answer", "code"),
    [
        ([9.99], {}, Answer.YES, "pastTheCut"),
        ([10.0], {}, Answer.NO, "withinBounds"),
        ([10.01], {"above": 10}, Answer.YES, "pastTheCut"),
        ([-1.0], {"above": 0}, Answer.NO, "withinBounds"),
        ([-1.0], {"below": 0}, Answer.YES, "pastTheCut"),
        ([math.nan], {}, Answer.UNKNOWN, "notANumber"),
        ([-math.inf], {}, Answer.UNKNOWN, "notANumber"),
        ([GONE], {}, Answer.UNKNOWN, "queryFailed"),
        ([], {}, Answer.UNKNOWN, "notMeasured"),
        ([1.0], {"metric": "profit"}, Answer.UNKNOWN, "notMeasured"),
        ([1.0], {"window": "1d"}, Answer.UNKNOWN, "notMeasured"),
        ([1.0, 2.0], {"consecutive": 2}, Answer.YES, "pastTheCut"),
        ([1.0, 20.0], {"consecutive": 2}, Answer.NO, "withinBounds"),
        ([1.0, math.nan], {"consecutive": 2}, Answer.UNKNOWN, "notANumber"),
        ([GONE, 20.0], {"consecutive": 2}, Answer.NO, "withinBounds"),
    ],
)
def test_fires_when_the_metric_is_past_the_cut_in_every_window(windows, changes, answer, code):
    judgement = rule(**changes).judge(seen(*windows), NOW)
    assert (judgement.rule, judgement.answer, judgement.code) == ("businessMetric", answer, code)


def test_the_message_has_both_numbers():
    assert rule().judge(seen(7.5), NOW).message == "revenue 7.5 over 7d, fires below 10"


def test_asks_for_the_metric_of_each_window():
    assert rule(consecutive=3).needs() == set(seen(1, 2, 3).live.business)


@each("changes", [{"below": 1, "above": 2}, {"below": None}, {"metric": ""}, {"consecutive": 0}])
def test_nonsense_is_refused(changes):
    with pytest.raises(ValidationError):
        rule(**changes)
