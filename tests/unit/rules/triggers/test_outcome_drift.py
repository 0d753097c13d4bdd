"""Triggers `predictionDrift` and `labelDrift`: the outcome's own reference, one drifted class is enough, every window agrees."""

import pytest
from pydantic import ValidationError

from reconciler.domain.facts import LiveFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.needs import Lookback, Population, ProfileNeed
from reconciler.domain.profiles import Profile
from reconciler.rules.triggers.label_drift import LabelDrift
from reconciler.rules.triggers.prediction_drift import PredictionDrift
from tests.builders import DAY, NOW, a_profile, facts
from tests.cases import each

CLASSES = ("prediction:early", "prediction:late")
REFERENCE = a_profile(*[1000] * 10, features=(*CLASSES, "label"))
SAME = a_profile(*[50] * 10, features=CLASSES)
MOVED = a_profile(5, 5, 5, 5, 5, 95, 95, 95, 95, 95, features=CLASSES)
ONE_MOVED = Profile(rows=500, features={**SAME.features, "prediction:late": MOVED.features["prediction:late"]})
FEW = a_profile(*[10] * 10, features=CLASSES)
GONE = Missing(code="noRelease", why="nothing is released")


def predictions(**changes) -> PredictionDrift:
    return PredictionDrift(**{"type": "predictionDrift"} | changes)


def seen(*windows, population=Population.PREDICTIONS, outcomes=REFERENCE):
    """Facts in which the windows, newest first, were profiled."""
    needs = [ProfileNeed(window=Lookback(length=7 * DAY, index=n), population=population) for n in range(len(windows))]
    return facts(live=LiveFacts(outcomes=outcomes, populations=dict(zip(needs, windows, strict=True))))


@each(
    ("windows", "changes", "answer", "code"),
    [
        ([SAME], {}, Answer.NO, "noDrift"),
        ([MOVED], {}, Answer.YES, "drifted"),
        ([ONE_MOVED], {}, Answer.YES, "drifted"),
        ([MOVED], {"above": 5}, Answer.NO, "noDrift"),
        ([MOVED], {"statistic": "jsDistanceBase2"}, Answer.YES, "drifted"),
        ([FEW], {}, Answer.UNKNOWN, "insufficientData"),
        ([FEW], {"minimum_rows": 100}, Answer.NO, "noDrift"),
        ([GONE], {}, Answer.UNKNOWN, "insufficientData"),
        ([], {}, Answer.UNKNOWN, "insufficientData"),
        ([MOVED, ONE_MOVED], {"consecutive": 2}, Answer.YES, "drifted"),
        ([MOVED, SAME], {"consecutive": 2}, Answer.NO, "noDrift"),
        ([MOVED], {"consecutive": 2}, Answer.UNKNOWN, "insufficientData"),
    ],
)
def test_fires_when_a_score_drifts_in_every_window(windows, changes, answer, code):
    judgement = predictions(**changes).judge(seen(*windows), NOW)
    assert (judgement.rule, judgement.answer, judgement.code) == ("predictionDrift", answer, code)


@each(
    ("outcomes", "said"),
    [
        (GONE, "nothing is released"),
        (a_profile(*[1000] * 10, features=("label",)), "0 of 1 profiles of the reference are of predictions"),
        (a_profile(*[1000] * 10, features=("predictions",)), "0 of 1 profiles"),
        (a_profile(*[10] * 10, features=CLASSES), "100 rows in the reference, 200 needed"),
    ],
)
def test_without_a_reference_of_predictions_there_is_no_answer(outcomes, said):
    judgement = predictions().judge(seen(MOVED, outcomes=outcomes), NOW)
    assert judgement.answer is Answer.UNKNOWN
    assert said in judgement.message


def test_a_single_score_is_a_prediction_too():
    one = a_profile(*[1000] * 10, features=("prediction", "label"))
    moved = a_profile(5, 5, 5, 5, 5, 95, 95, 95, 95, 95, features=("prediction",))
    message = predictions().judge(seen(moved, outcomes=one), NOW).message
    assert "1 of 1 features (100%) drifted over 7d (500 rows), 1 of 1 fires; psi prediction 1.27, cut 0.2" in message


def test_labels_are_compared_with_labels_alone():
    rule = LabelDrift(type="labelDrift")
    moved = a_profile(5, 5, 5, 5, 5, 95, 95, 95, 95, 95, features=("label",))
    assert rule.judge(seen(moved, population=Population.LABELS), NOW).code == "drifted"
    assert rule.judge(seen(a_profile(features=("label",)), population=Population.LABELS), NOW).code == "noDrift"
    assert rule.judge(seen(moved, population=Population.PREDICTIONS), NOW).answer is Answer.UNKNOWN
    assert rule.judge(seen(SAME, population=Population.LABELS), NOW).answer is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("rule", "population"),
    [(predictions(consecutive=2), Population.PREDICTIONS), (LabelDrift(type="labelDrift", consecutive=2), Population.LABELS)],
)
def test_asks_for_its_own_population_in_each_window(rule, population):
    assert rule.needs() == set(seen(SAME, SAME, population=population).live.populations)


def test_a_share_of_features_means_nothing_here():
    with pytest.raises(ValidationError):
        predictions(share_of_features=0.3)
