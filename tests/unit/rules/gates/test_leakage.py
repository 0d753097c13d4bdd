"""Gate leakage: what the training could have seen of the hold-out, and features that tell the answer alone."""

import math

from reconciler.domain.evidence import NOT_MEASURED
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.measured.data import Alone, Leakage, SharedRows
from reconciler.rules.gates.leakage import LeakageGate
from tests.builders import NOW, a_candidate, evidence, facts
from tests.cases import each

ROC = {"distance": 0.7, "carrier": 0.6}


def shared(count=0, rows=10_000, chance=0.0, chance_rows=50_000):
    return SharedRows(by="x", shared=count, rows=rows, chance=chance, chance_rows=chance_rows)


def alone(model=0.75, measure="rocAuc", rows=10_000, **features):
    return Alone(measure=measure, rows=rows, model=model, features=ROC | features)


def a_leakage(**changes):
    sound = {"known_after": (), "early_labels": 0, "holdout_from": NOW, "rows": shared(), "contents": shared(), "alone": alone()}
    return Leakage(**sound | changes)


def judged(leakage, **gate):
    seen = facts(candidate=a_candidate(evidence=evidence(leakage=leakage)))
    return LeakageGate.model_validate({"type": "leakage"} | gate).judge(seen, NOW)


NO, YES, UNKNOWN = Answer.NO, Answer.YES, Answer.UNKNOWN


@each(
    ("changes", "gate", "answer", "code"),
    [
        ({}, {}, YES, "noLeak"),
        ({"known_after": ("delay",)}, {}, NO, "knownAfter"),
        ({"early_labels": 1}, {}, NO, "embargoBroken"),
        ({"rows": shared(100)}, {}, YES, "noLeak"),
        ({"rows": shared(101)}, {}, NO, "rowsShared"),
        ({"rows": shared(101)}, {"sharedRows": 0.02}, YES, "noLeak"),
        ({"rows": shared(1)}, {"sharedRows": 0}, YES, "noLeak"),
        ({"rows": shared(12)}, {"sharedRows": 0}, NO, "rowsShared"),
        ({"contents": shared(6_000, chance=0.3)}, {}, YES, "noLeak"),
        ({"contents": shared(6_101, chance=0.3)}, {}, NO, "rowsShared"),
        ({"contents": shared(10_000, chance=0.6)}, {}, YES, "noLeak"),
        ({"contents": shared(3, rows=200, chance_rows=300)}, {}, YES, "noLeak"),
        ({"rows": shared(0, rows=199)}, {}, UNKNOWN, "insufficientData"),
        ({"rows": shared(0, rows=99)}, {"minimumRows": 99}, YES, "noLeak"),
        ({"alone": alone(distance=0.9799)}, {}, YES, "noLeak"),
        ({"alone": alone(distance=0.98)}, {}, NO, "tellsAlone"),
        ({"alone": alone(distance=0.98)}, {"alone": 0.99}, YES, "noLeak"),
        ({"alone": alone(distance=0.98)}, {"accept": ["distance"]}, YES, "noLeak"),
        ({"alone": alone(distance=0.98)}, {"accept": ["carrier"]}, NO, "tellsAlone"),
        ({"alone": alone(model=0.972, distance=0.97)}, {}, NO, "tellsAlone"),
        ({"alone": alone(model=0.972, distance=0.96)}, {}, YES, "noLeak"),
        ({"alone": alone(model=0.972, distance=0.97)}, {"tooGood": 0.98}, YES, "noLeak"),
        ({"alone": Alone(measure="rocAuc", rows=900, model=0.972, features={"distance": 0.972})}, {}, YES, "noLeak"),
        ({"alone": alone(measure="r2", model=0.975, distance=0.97)}, {}, NO, "tellsAlone"),
        ({"alone": alone(measure="r2", model=0.975, distance=0.96)}, {}, YES, "noLeak"),
        ({"alone": Alone(measure="rocAuc", rows=900, model=0.6, features={})}, {}, YES, "noLeak"),
        ({"alone": alone(rows=199)}, {}, UNKNOWN, "insufficientData"),
        ({"alone": Missing(code="tooFewOfAClass", why="fewer than 10")}, {}, UNKNOWN, "insufficientData"),
        ({"alone": Missing(code="tooFewOfAClass", why="fewer than 10"), "early_labels": 1}, {}, NO, "embargoBroken"),
        ({"alone": alone(distance=math.nan)}, {}, UNKNOWN, "notANumber"),
        ({"contents": shared(5, chance=math.nan)}, {}, UNKNOWN, "notANumber"),
    ],
)  # fmt: skip
def test_what_leaks_refuses_and_what_chance_gives_does_not(changes, gate, answer, code):
    judgement = judged(a_leakage(**changes), **gate)
    assert (judgement.answer, judgement.code) == (answer, code)
    assert judgement.remedy or answer is YES


def test_what_was_not_measured_is_no_answer_and_is_asked_for():
    assert judged(NOT_MEASURED).code == "notMeasured"
    assert LeakageGate(type="leakage").asks() == {"leakage"}


def test_the_message_has_both_numbers():
    said = judged(a_leakage(contents=shared(6_200, chance=0.3))).message
    assert "6200 of 10000 rows of the hold-out (62.0%) are training rows too by x, at most 61.0% wanted" in said
    said = judged(a_leakage(alone=alone(model=0.972, distance=0.97))).message
    assert "distance alone has rocAuc 0.97, the model 0.972, on 10000 rows, which is too good from 0.97 on" in said
