"""Gate cost: the candidate's training as the ledger has it, and predictions priced by their latency."""

from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.live import Fleet, TrainingRecord
from reconciler.domain.measured.serving import Latency, Spread
from reconciler.rules.gates.cost import Cost
from tests.builders import NOW, a_candidate, evidence, facts
from tests.cases import each

DIGEST = a_candidate().build.digest
DOLLARS = {"cost": 4.0, "currency": "USD", "seconds": 600.0}


def training(**changes):
    return TrainingRecord(**{"model": "flight-delay", "at": NOW, "digest": DIGEST} | changes)


def judged(*trainings: TrainingRecord, latency=None, **gate):
    measured = evidence() if latency is None else evidence(latency=latency)
    seen = facts(candidate=a_candidate(evidence=measured), fleet=Fleet(trainings=trainings))
    return Cost.model_validate({"type": "cost"} | gate).judge(seen, NOW)


@each(
    ("gate", "record", "answer", "code"),
    [
        ({"perTraining": 4}, DOLLARS, Answer.YES, "worthIt"),
        ({"perTraining": 3.99}, DOLLARS, Answer.NO, "tooDear"),
        ({"perTraining": 5, "currency": "EUR"}, DOLLARS, Answer.UNKNOWN, "otherCurrency"),
        ({"perTraining": 5}, {}, Answer.UNKNOWN, "costUnknown"),
        ({"longest": "10m"}, DOLLARS, Answer.YES, "worthIt"),
        ({"longest": "9m"}, DOLLARS, Answer.NO, "tooSlow"),
        ({"longest": "9m"}, {}, Answer.UNKNOWN, "costUnknown"),
        ({"longest": "9m", "perTraining": 5}, DOLLARS, Answer.NO, "tooSlow"),
    ],
)
def test_a_training_is_worth_it_or_it_is_no(gate, record, answer, code):
    judgement = judged(training(**record), **gate)
    assert (judgement.answer, judgement.code) == (answer, code)
    assert judgement.answer is Answer.YES or judgement.remedy


def test_only_the_candidates_own_training_counts():
    others = training(model="other", **DOLLARS), training(digest="sha256:" + "0" * 64, **DOLLARS)
    assert judged(*others, perTraining=100).code == "costUnknown"
    assert judged(*others, training(cost=1.0, currency="USD"), perTraining=2).code == "worthIt"


def single(low: float, high: float) -> dict[str, Latency]:
    spread = Spread(middle=(low + high) / 2, low=low, high=high)
    return {"1": Latency(rows=1, calls=60, rounds=9, p50=spread, p95=spread)}


@each(
    ("latency", "hour", "answer", "code"),
    [
        (single(0.0350, 0.0360), 0.1, Answer.YES, "worthIt"),
        (single(0.0361, 0.0370), 0.1, Answer.NO, "tooDear"),
        (single(0.0350, 0.0370), 0.1, Answer.UNKNOWN, "inconclusive"),
        (single(9, 9), 0, Answer.YES, "worthIt"),
        (single(float("nan"), 0.1), 0.1, Answer.UNKNOWN, "inconclusive"),
        ({}, 0.1, Answer.UNKNOWN, "notMeasured"),
        ({"1": Missing(code="cannotBeMeasured", why="it does not load")}, 0.1, Answer.UNKNOWN, "cannotBeMeasured"),
        (None, 0.1, Answer.UNKNOWN, "notMeasured"),
    ],
)
def test_predictions_are_priced_by_the_time_they_take(latency, hour, answer, code):
    """36 ms at 0.10 an hour are 0.001 for a thousand."""
    judgement = judged(latency=latency, perThousandPredictions=0.001, servingHour=hour)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_it_asks_for_times_only_where_predictions_are_priced():
    assert Cost.model_validate({"type": "cost", "longest": "1h"}).asks() == frozenset()
    priced = {"type": "cost", "perThousandPredictions": 1, "servingHour": 1}
    assert Cost.model_validate(priced).asks() == {"latency/1"}
