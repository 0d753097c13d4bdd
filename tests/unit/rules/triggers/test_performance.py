"""Trigger `performance`: worse than the cut in every window of enough mature rows."""

import math

import pytest
from pydantic import ValidationError

from reconciler.domain.facts import Measured, Missing
from reconciler.domain.judgements import Answer
from reconciler.domain.needs import Lookback, ScoreNeed
from reconciler.rules.triggers.performance import Performance
from tests.builders import DAY, NOW, facts


def rule(**changes) -> Performance:
    cut = {} if {"below", "above"} & set(changes) else {"below": 0.68}
    return Performance(**{"type": "performance", "metric": "rocAuc", "window": "7d"} | cut | changes)


def scored(value: float, rows: int = 1000, width: float = 0.02) -> Measured:
    return Measured(value=value, low=value - width, high=value + width, rows=rows)


def seen(*windows, metric="rocAuc"):
    looks = [(Lookback(length=7 * DAY, index=index), window) for index, window in enumerate(windows)]
    both = (False, True)
    return facts(scores={ScoreNeed(metric=metric, window=look, interval=i): window for look, window in looks for i in both})


GONE = Missing(code="noRelease", why="nothing is released")


@pytest.mark.parametrize(
    ("windows", "changes", "answer", "code"),
    [
        ([scored(0.67)], {}, Answer.YES, "degraded"),
        ([scored(0.68)], {}, Answer.NO, "goodEnough"),
        ([scored(0.67)], {"confidence": 0.95}, Answer.NO, "goodEnough"),
        ([scored(0.65)], {"confidence": 0.95}, Answer.YES, "degraded"),
        ([scored(0.67, rows=199)], {}, Answer.UNKNOWN, "insufficientData"),
        ([scored(0.67, rows=199)], {"minimum_rows": 199}, Answer.YES, "degraded"),
        ([scored(math.nan)], {}, Answer.UNKNOWN, "insufficientData"),
        ([scored(0.6, width=math.inf)], {"confidence": 0.95}, Answer.UNKNOWN, "insufficientData"),
        ([GONE], {}, Answer.UNKNOWN, "insufficientData"),
        ([], {}, Answer.UNKNOWN, "insufficientData"),
        ([scored(0.6)] * 3, {"consecutive": 3}, Answer.YES, "degraded"),
        ([scored(0.6), scored(0.7), scored(0.6)], {"consecutive": 3}, Answer.NO, "goodEnough"),
        ([scored(0.6), GONE, scored(0.6)], {"consecutive": 3}, Answer.UNKNOWN, "insufficientData"),
        ([GONE, scored(0.7)], {"consecutive": 2}, Answer.NO, "goodEnough"),
    ],
)
def test_fires_when_the_metric_is_below_in_every_window(windows, changes, answer, code):
    judgement = rule(**changes).judge(seen(*windows), NOW)
    assert (judgement.rule, judgement.answer, judgement.code) == ("performance", answer, code)


@pytest.mark.parametrize(
    ("value", "changes", "answer"),
    [
        (0.21, {}, Answer.YES),
        (0.20, {}, Answer.NO),
        (0.21, {"confidence": 0.95}, Answer.NO),
        (0.23, {"confidence": 0.95}, Answer.YES),
        (0.01, {"above": 0}, Answer.YES),
    ],
)
def test_a_loss_fires_above(value, changes, answer):
    loss = rule(**{"metric": "brier", "above": 0.2} | changes)
    assert loss.judge(seen(scored(value), metric="brier"), NOW).answer is answer


def test_the_message_has_both_numbers_and_the_interval():
    message = rule(confidence=0.95).judge(seen(scored(0.65)), NOW).message
    assert "rocAuc 0.65 [0.63, 0.67] over 1000 rows of 7d, fires below 0.68" in message


def test_asks_for_the_metric_of_each_window():
    assert rule(consecutive=3).needs() == {need for need in seen(1, 2, 3).scores if not need.interval}
    assert rule(consecutive=3, confidence=0.95).needs() == {need for need in seen(1, 2, 3).scores if need.interval}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"below": 0.6, "above": 0.7}, "exactly one of below, above, drop and dropShare, not 2"),
        ({"below": None}, "leave the key out"),
        ({"metric": "magic"}, "expected one of rocAuc"),
        ({"confidence": 0.8}, "expected one of 0.95"),
        ({"consecutive": 101}, "less than or equal to 100"),
    ],
)
def test_nonsense_is_refused(changes, said):
    with pytest.raises(ValidationError, match=said):
        rule(**changes)


def test_a_cut_is_needed():
    with pytest.raises(ValidationError, match="exactly one of below, above, drop and dropShare, not 0"):
        Performance(type="performance", metric="rocAuc", window="7d")
