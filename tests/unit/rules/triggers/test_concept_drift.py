"""Trigger `conceptDrift`: only the newest change counts, and only when the loss grew."""

import math
from dataclasses import replace

import pytest
from pydantic import ValidationError

from reconciler.domain.facts import LiveFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.live import ConceptDrift as Found
from reconciler.domain.live import DriftKind, LossChange
from reconciler.domain.needs import ConceptNeed, Detector
from reconciler.rules.triggers.concept_drift import ConceptDrift
from tests.builders import DAY, NOW, facts
from tests.cases import each

WORSE = LossChange(at=NOW - DAY, before=0.15, after=0.24, rows_before=812, rows_after=300)
BETTER = replace(WORSE, before=0.24, after=0.15)
GONE = Missing(code="noRelease", why="nothing is released")


def rule(**changes) -> ConceptDrift:
    return ConceptDrift(**{"type": "conceptDrift"} | changes)


def found(*changes, rows=4000):
    return Found(rows=rows, loss="log loss", changes=changes, kind=DriftKind.SUDDEN if changes else None)


def seen(result, **need):
    return facts(live=LiveFacts(concept={ConceptNeed(**need): result}))


@each(
    ("result", "changes", "answer", "code"),
    [
        (found(), {}, Answer.NO, "noChange"),
        (found(WORSE), {}, Answer.YES, "lossGrew"),
        (found(BETTER), {}, Answer.NO, "lossFell"),
        (found(BETTER, WORSE), {}, Answer.YES, "lossGrew"),
        (found(WORSE, BETTER), {}, Answer.NO, "lossFell"),
        (replace(found(WORSE), baseline=0.2), {}, Answer.YES, "lossGrew"),
        (replace(found(WORSE), baseline=0.24), {}, Answer.NO, "lossAsReleased"),
        (replace(found(BETTER), baseline=0.1), {}, Answer.NO, "lossFell"),
        (found(WORSE), {"season": DAY}, Answer.UNKNOWN, "insufficientData"),
        (found(WORSE, rows=499), {}, Answer.UNKNOWN, "insufficientData"),
        (found(WORSE, rows=499), {"minimum_rows": 499}, Answer.YES, "lossGrew"),
        (found(replace(WORSE, after=math.nan)), {}, Answer.UNKNOWN, "insufficientData"),
        (found(replace(WORSE, after=math.inf)), {}, Answer.UNKNOWN, "insufficientData"),
        (GONE, {}, Answer.UNKNOWN, "insufficientData"),
        (found(WORSE), {"detector": "kswin"}, Answer.UNKNOWN, "insufficientData"),
        (found(WORSE), {"sensitivity": 0.01}, Answer.UNKNOWN, "insufficientData"),
    ],
)
def test_fires_on_the_newest_change_for_the_worse(result, changes, answer, code):
    judgement = rule(**changes).judge(seen(result), NOW)
    assert (judgement.rule, judgement.answer, judgement.code) == ("conceptDrift", answer, code)


def test_the_message_says_from_what_to_what_when_and_of_which_kind():
    assert rule().judge(seen(found(WORSE)), NOW).message == (
        "log loss 0.15 -> 0.24 at 2013-05-31T12:00:00Z (sudden), by adwin: 812 rows before, 300 after, 4000 mature rows in all"
    )


@each("detector", Detector)
def test_asks_for_the_detector_that_is_named(detector):
    assert rule(detector=detector.value).needs() == {ConceptNeed(detector=detector)}


def test_asks_for_the_sensitivity_that_is_written():
    assert rule(detector="kswin", sensitivity=0.005).needs() == {ConceptNeed(detector=Detector.KSWIN, sensitivity=0.005)}


@each(
    ("changes", "said"),
    [
        ({"detector": "eddm"}, "adwin"),
        ({"sensitivity": 0}, "greater than 0"),
        ({"sensitivity": 1}, "less than 1"),
        ({"sensitivity": None}, "leave the key out"),
        ({"detector": "ddm", "sensitivity": 0.01}, "sensitivity means nothing with detector ddm"),
        ({"detector": "pageHinkley", "sensitivity": 0.01}, "sensitivity means nothing with detector pageHinkley"),
        ({"minimum_rows": 0}, "greater than or equal to 1"),
    ],
)
def test_nonsense_is_refused(changes, said):
    with pytest.raises(ValidationError, match=said):
        rule(**changes)
