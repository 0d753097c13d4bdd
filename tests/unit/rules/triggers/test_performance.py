"""Trigger `performance`: worse than the cut in every window of enough mature rows."""

import math

import pytest
from pydantic import ValidationError

from reconciler.domain.facts import NOT_ASKED, LiveFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Measured, Missing
from reconciler.domain.needs import Lookback, ScoreNeed
from reconciler.rules.triggers.performance import Performance
from tests.builders import DAY, NOW, facts
from tests.cases import each


def rule(**changes) -> Performance:
    cut = {} if {"below", "above", "drop", "drop_share"} & set(changes) else {"below": 0.68}
    return Performance(**{"type": "performance", "metric": "rocAuc", "window": "7d"} | cut | changes)


def scored(value: float, rows: int = 1000, width: float = 0.02) -> Measured:
    return Measured(value=value, low=value - width, high=value + width, rows=rows)


def seen(*windows, metric="rocAuc", baseline=NOT_ASKED):
    looks = [(Lookback(length=7 * DAY, index=index), window) for index, window in enumerate(windows)]
    both = (False, True)
    scores = {ScoreNeed(metric=metric, window=look, interval=i): window for look, window in looks for i in both}
    return facts(scores=scores, live=LiveFacts(baseline=baseline))


GONE = Missing(code="noRelease", why="nothing is released")


@each(
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


@each(
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


@each(
    ("changes", "said"),
    [
        ({"below": 0.6, "above": 0.7}, "exactly one of below, above, drop and dropShare, not 2"),
        ({"below": None}, "leave the key out"),
        ({"drop": -0.1}, "greater than or equal to 0"),
        ({"drop": 0.1, "drop_share": 0.1}, "exactly one of below, above, drop and dropShare, not 2"),
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


@each(
    ("metric", "was", "value", "changes", "answer"),
    [
        ("rocAuc", 0.75, 0.69, {"drop": 0.05}, Answer.YES),
        ("rocAuc", 0.75, 0.71, {"drop": 0.05}, Answer.NO),
        ("rocAuc", 0.75, 0.80, {"drop": 0.05}, Answer.NO),
        ("brier", 0.10, 0.16, {"drop": 0.05}, Answer.YES),
        ("brier", 0.10, 0.14, {"drop": 0.05}, Answer.NO),
        ("brier", 0.10, 0.01, {"drop": 0.05}, Answer.NO),
        ("rocAuc", 0.80, 0.71, {"drop_share": 0.1}, Answer.YES),
        ("rocAuc", 0.80, 0.73, {"drop_share": 0.1}, Answer.NO),
        ("rmse", 20.0, 22.1, {"drop_share": 0.1}, Answer.YES),
        ("rmse", 20.0, 21.9, {"drop_share": 0.1}, Answer.NO),
        ("r2", -0.50, -0.56, {"drop_share": 0.1}, Answer.YES),
        ("r2", -0.50, -0.54, {"drop_share": 0.1}, Answer.NO),
        ("rocAuc", 0.75, 0.7499, {"drop": 0}, Answer.YES),
        ("rocAuc", 0.75, 0.75, {"drop": 0}, Answer.NO),
        ("rocAuc", 0.75, 0.69, {"drop": 0.05, "confidence": 0.95}, Answer.NO),
        ("rocAuc", 0.75, 0.67, {"drop": 0.05, "confidence": 0.95}, Answer.YES),
    ],
)
def test_a_drop_is_measured_from_the_releases_own_evidence(metric, was, value, changes, answer):
    seen_now = seen(scored(value), metric=metric, baseline={metric: scored(was)})
    assert rule(metric=metric, **changes).judge(seen_now, NOW).answer is answer


@each(
    ("baseline", "code"),
    [
        (NOT_ASKED, "notAsked"),
        (Missing(code="noRelease", why="nothing is released"), "noRelease"),
        ({}, "noBaseline"),
        ({"brier": scored(0.1)}, "noBaseline"),
        ({"rocAuc": scored(math.nan)}, "noBaseline"),
    ],
)
def test_a_release_without_evidence_is_no_answer(baseline, code):
    judgement = rule(drop=0.05).judge(seen(scored(0.1), baseline=baseline), NOW)
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, code)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"drop": 0.05}, "fires below 0.7, which is 0.05 worse than the release's evidence"),
        ({"drop_share": 0.2}, "fires below 0.6, which is 0.2 of the release's evidence worse"),
    ],
)
def test_the_message_says_where_the_cut_comes_from(changes, said):
    assert said in rule(**changes).judge(seen(scored(0.5), baseline={"rocAuc": scored(0.75)}), NOW).message


def test_a_drop_must_last_for_all_windows():
    falling = [scored(0.6), scored(0.8)]
    judgement = rule(drop=0.05, consecutive=2).judge(seen(*falling, baseline={"rocAuc": scored(0.75)}), NOW)
    assert judgement.code == "goodEnough"
    assert "1 of 2 windows say NO" in judgement.message
