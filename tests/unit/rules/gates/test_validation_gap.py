"""Gate `validationGap`: what is lost beyond chance between training rows and hold-out refuses; too few rows are no answer."""

import math

import pytest
from pydantic import ValidationError

from reconciler.domain.judgements import Answer
from reconciler.domain.known import Measured, Missing
from reconciler.rules.gates.validation_gap import ValidationGap
from tests.builders import NOW, a_candidate, evidence, facts
from tests.cases import each

GONE = Missing(code="gone", why="it is gone")


def rule(**changes) -> ValidationGap:
    return ValidationGap(**{"type": "validationGap"} | changes)


def judge(gate: ValidationGap, learnt=0.8, holdout=0.701, width=0.02, **changes):
    """Both models' metric is `rocAuc` or, by another name, one of which less is better."""
    metric = gate.metric or "rocAuc"
    measured = Measured(value=holdout, low=holdout - width, high=holdout + width, rows=changes.pop("rows", 1000))
    found = {"metrics": {metric: measured}, "training": {metric: learnt}, "primary": metric} | changes
    return gate.judge(facts(candidate=a_candidate(evidence=evidence(**found))), NOW)


@each(
    ("changes", "seen", "answer", "code"),
    [
        # The gap is 0.099, of which 0.079 is beyond chance.
        ({"at_most": 0.08}, {}, Answer.YES, "gapKept"),
        ({"at_most": 0.078}, {}, Answer.NO, "gapTooWide"),
        ({"at_most": 0.0}, {"holdout": 0.81}, Answer.YES, "gapKept"),
        ({"share_at_most": 0.1}, {}, Answer.YES, "gapKept"),
        ({"share_at_most": 0.098}, {}, Answer.NO, "gapTooWide"),
        ({}, {}, Answer.YES, "gapKept"),
        ({}, {"holdout": 0.69}, Answer.NO, "gapTooWide"),
        ({}, {"learnt": 10.0, "holdout": 9.1, "width": 0.5}, Answer.YES, "gapKept"),
        ({"metric": "mae"}, {"learnt": 10.0, "holdout": 11.4, "width": 0.5}, Answer.YES, "gapKept"),
        ({"metric": "mae"}, {"learnt": 10.0, "holdout": 11.6, "width": 0.5}, Answer.NO, "gapTooWide"),
        ({"metric": "mae"}, {"learnt": 10.0, "holdout": 3.0}, Answer.YES, "gapKept"),
        ({}, {"holdout": 0.1, "rows": 199}, Answer.UNKNOWN, "insufficientData"),
        ({"minimum_rows": 199}, {"holdout": 0.1, "rows": 199}, Answer.NO, "gapTooWide"),
        ({}, {"learnt": math.nan}, Answer.UNKNOWN, "notANumber"),
        ({}, {"holdout": math.nan}, Answer.UNKNOWN, "notANumber"),
        ({}, {"width": math.inf}, Answer.UNKNOWN, "notANumber"),
        ({}, {"metrics": GONE}, Answer.UNKNOWN, "gone"),
        ({}, {"training": GONE}, Answer.UNKNOWN, "gone"),
        ({}, {"primary": GONE}, Answer.UNKNOWN, "gone"),
        ({}, {"primary": "brier"}, Answer.UNKNOWN, "notMeasured"),
        ({"metric": "rocAuc"}, {"primary": GONE}, Answer.YES, "gapKept"),
    ],
)
def test_what_is_lost_beyond_chance_decides(changes, seen, answer, code):
    judgement = judge(rule(**changes), **seen)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_the_message_has_all_the_numbers():
    assert judge(rule()).message == (
        "rocAuc 0.8 on the training rows, 0.701 on 1000 of the hold-out; gap +0.099, at least +0.079 beyond chance, "
        "at most 0.08 (10% of the training rows' value) wanted"
    )


def test_without_a_candidate_there_is_no_answer():
    judgement = rule().judge(facts(candidate=None), NOW)
    assert (judgement.answer, judgement.code) == (Answer.UNKNOWN, "noCandidate")


def test_two_bounds_are_refused():
    with pytest.raises(ValidationError, match="give at most one of atMost and shareAtMost, not 2"):
        rule(at_most=0.1, share_at_most=0.1)
