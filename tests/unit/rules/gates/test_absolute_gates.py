"""Gates `dataQuality` and `floor`: what a candidate must be by itself; nothing missing or too small passes."""

import math

import pytest
from pydantic import ValidationError

from reconciler.domain.evidence import Quality
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Measured, Missing
from reconciler.rules.gates.data_quality import DataQuality
from reconciler.rules.gates.floor import Floor
from tests.builders import NOW, a_candidate, evidence, facts
from tests.cases import each

GONE = Missing(code="reportUnreadable", why="validation.json is not there")


def judge(rule, **changes):
    return rule.judge(facts(candidate=a_candidate(evidence=evidence(**changes))), NOW)


@each(
    ("quality", "answer", "code"),
    [
        (Quality(evaluated=12, failures=()), Answer.YES, "expectationsMet"),
        (Quality(evaluated=12, failures=("distance below 0",)), Answer.NO, "expectationsFailed"),
        (Quality(evaluated=0, failures=("broken",)), Answer.NO, "expectationsFailed"),
        (Quality(evaluated=0, failures=()), Answer.UNKNOWN, "nothingEvaluated"),
        (GONE, Answer.UNKNOWN, "reportUnreadable"),
    ],
)
def test_data_quality_wants_expectations_that_were_evaluated_and_held(quality, answer, code):
    judgement = judge(DataQuality(type="dataQuality"), quality=quality)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_data_quality_quotes_what_failed():
    judgement = judge(DataQuality(type="dataQuality"), quality=Quality(evaluated=12, failures=("distance below 0", "no carrier")))
    assert judgement.message == "2 of 12 expectations failed: distance below 0; no carrier"


@pytest.mark.parametrize(
    ("severity", "answer", "told"),
    [
        ("critical", Answer.YES, "0 of 12 expectations failed; 2 lesser ones did: old; odd"),
        ("warning", Answer.NO, "1 of 12 expectations failed: old"),
        ("info", Answer.NO, "2 of 12 expectations failed: old; odd"),
    ],
)
def test_lesser_failures_are_told_and_refuse_only_when_asked_to(severity, answer, told):
    quality = Quality(evaluated=12, failures=(), warnings=("old",), infos=("odd",))
    judgement = judge(DataQuality(type="dataQuality", severity=severity), quality=quality)
    assert (judgement.answer, judgement.message) == (answer, told)


@each("rule", [DataQuality(type="dataQuality"), Floor(type="floor", metric="rocAuc", at_least=0)])
@each(("candidate", "code"), [(None, "noCandidate"), (GONE, "reportUnreadable")])
def test_without_a_candidate_there_is_no_answer(rule, candidate, code):
    judgement = rule.judge(facts(candidate=candidate), NOW)
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, code)


def floor(**changes) -> Floor:
    bound = {} if {"at_least", "at_most"} & set(changes) else {"at_least": 0.7}
    return Floor(**{"type": "floor", "metric": "rocAuc"} | bound | changes)


def measured(value: float, rows: int = 1000, width: float = 0.02):
    return {"metrics": {"rocAuc": Measured(value=value, low=value - width, high=value + width, rows=rows)}}


@each(
    ("changes", "seen", "answer", "code"),
    [
        ({}, measured(0.70), Answer.YES, "floorKept"),
        ({}, measured(0.6999), Answer.NO, "floorMissed"),
        ({"confidence": 0.95}, measured(0.71), Answer.NO, "floorMissed"),
        ({"confidence": 0.95}, measured(0.73), Answer.YES, "floorKept"),
        ({"at_most": 0.7}, measured(0.7), Answer.YES, "floorKept"),
        ({"at_most": 0.7}, measured(0.71), Answer.NO, "floorMissed"),
        ({"at_most": 0.7, "confidence": 0.95}, measured(0.69), Answer.NO, "floorMissed"),
        ({}, measured(math.nan), Answer.UNKNOWN, "notANumber"),
        ({}, measured(math.inf), Answer.UNKNOWN, "notANumber"),
        ({"confidence": 0.95}, measured(0.9, width=math.nan), Answer.UNKNOWN, "notANumber"),
        ({}, measured(0.9, rows=199), Answer.UNKNOWN, "insufficientData"),
        ({"minimum_rows": 50}, measured(0.9, rows=50), Answer.YES, "floorKept"),
        ({}, {"metrics": {}}, Answer.UNKNOWN, "notMeasured"),
        ({}, {"metrics": GONE}, Answer.UNKNOWN, "reportUnreadable"),
    ],
)
def test_floor_wants_the_metric_on_the_right_side(changes, seen, answer, code):
    judgement = judge(floor(**changes), **seen)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_floor_says_both_numbers():
    assert judge(floor(), **measured(0.6)).message == "rocAuc 0.6 over 1000 rows, at least 0.7 wanted"
    assert "(worse end 0.58)" in judge(floor(confidence=0.95), **measured(0.6)).message


@each(
    ("changes", "said"),
    [
        ({"at_least": 0.5, "at_most": 0.6}, "exactly one of atLeast and atMost, not 2"),
        ({"at_least": None}, "leave the key out"),
        ({"metric": "magic"}, "expected one of rocAuc"),
        ({"confidence": 1}, "expected one of 0.95"),
        ({"minimum_rows": 0}, "greater than or equal to 1"),
    ],
)
def test_nonsense_is_refused(changes, said):
    with pytest.raises(ValidationError, match=said):
        floor(**changes)
