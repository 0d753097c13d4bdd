"""Trigger `dataDrift` by `domainClassifier`: far enough, surely enough, from enough rows, in every window."""

import math
from dataclasses import replace

import pytest
from pydantic import ValidationError

from reconciler.domain.facts import LiveFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.live import Separation
from reconciler.domain.needs import DomainNeed, Lookback
from reconciler.rules.triggers.data_drift import DataDrift
from reconciler.rules.triggers.prediction_drift import PredictionDrift
from tests.builders import DAY, NOW, facts
from tests.cases import each

APART = Separation(auc=0.71, p_value=1e-9, reference_rows=5000, rows=6512)
CALM = replace(APART, auc=0.52, p_value=0.2)
UNSURE = replace(APART, p_value=0.01)
FEW = replace(APART, rows=199)
FEW_LEARNT = replace(APART, reference_rows=199)
NOT_SEEN = Missing(code="rowsUnreadable", why="the file is gone")


def rule(**changes) -> DataDrift:
    return DataDrift(**{"type": "dataDrift", "statistic": "domainClassifier"} | changes)


def seen(*windows):
    """Facts in which the windows, newest first, were held against training rows."""
    needs = [DomainNeed(window=Lookback(length=7 * DAY, index=index)) for index in range(len(windows))]
    return facts(live=LiveFacts(domain=dict(zip(needs, windows, strict=True))))


@each(
    ("windows", "changes", "answer", "code"),
    [
        ([APART], {}, Answer.YES, "drifted"),
        ([CALM], {}, Answer.NO, "noDrift"),
        ([replace(APART, auc=0.6)], {}, Answer.YES, "drifted"),
        ([replace(APART, auc=0.599)], {}, Answer.NO, "noDrift"),
        ([UNSURE], {}, Answer.NO, "noDrift"),
        ([APART], {"above": 0.72}, Answer.NO, "noDrift"),
        ([CALM], {"above": 0.5}, Answer.NO, "noDrift"),
        ([FEW], {}, Answer.UNKNOWN, "insufficientData"),
        ([FEW], {"minimum_rows": 199}, Answer.YES, "drifted"),
        ([FEW_LEARNT], {}, Answer.UNKNOWN, "insufficientData"),
        ([NOT_SEEN], {}, Answer.UNKNOWN, "insufficientData"),
        ([], {}, Answer.UNKNOWN, "insufficientData"),
        ([replace(APART, auc=math.nan)], {}, Answer.UNKNOWN, "insufficientData"),
        ([replace(APART, p_value=math.nan)], {}, Answer.UNKNOWN, "insufficientData"),
        ([APART, APART], {"consecutive": 2}, Answer.YES, "drifted"),
        ([APART, CALM], {"consecutive": 2}, Answer.NO, "noDrift"),
        ([APART, FEW], {"consecutive": 2}, Answer.UNKNOWN, "insufficientData"),
        ([APART], {"consecutive": 2}, Answer.UNKNOWN, "insufficientData"),
    ],
)
def test_fires_when_a_model_tells_every_window_from_training_rows(windows, changes, answer, code):
    judgement = rule(**changes).judge(seen(*windows), NOW)
    assert (judgement.rule, judgement.answer, judgement.code) == ("dataDrift", answer, code)


def test_the_message_has_both_numbers():
    message = rule().judge(seen(APART), NOW).message
    assert message == "a model tells rows of the window from training rows with AUC 0.71 (5,000 and 6,512 rows), 0.6 fires"
    assert rule().judge(seen(UNSURE), NOW).message.endswith("0.6 fires; p 0.01, below 0.01 is sure")
    assert rule().judge(seen(FEW), NOW).message == "199 rows in window 0, 200 needed"
    assert rule().judge(seen(FEW_LEARNT), NOW).message == "199 training rows, 200 needed"


def test_profiles_are_not_asked_for():
    assert rule(consecutive=2, window="1d").needs() == {
        DomainNeed(window=Lookback(length=DAY, index=0)),
        DomainNeed(window=Lookback(length=DAY, index=1)),
    }


@each(
    ("attribute", "value", "key"),
    [
        ("share_of_features", 0.3, "shareOfFeatures"),
        ("features", ["distance"], "features"),
        ("weighted_by_importance", False, "weightedByImportance"),
        ("slice", {"column": "origin", "value": "JFK"}, "slice"),
    ],
)
def test_what_counts_single_features_is_refused(attribute, value, key):
    with pytest.raises(ValidationError, match=f"{key} means nothing with statistic domainClassifier"):
        rule(**{attribute: value})
    assert getattr(DataDrift(type="dataDrift", **{attribute: value}), attribute) is not None


def test_outcomes_are_one_column_and_have_no_combination():
    with pytest.raises(ValidationError, match="expected one of psi"):
        PredictionDrift(type="predictionDrift", statistic="domainClassifier")
