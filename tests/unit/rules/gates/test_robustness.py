"""Gate robustness."""

import math

import pytest
from pydantic import ValidationError

from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.measured.robustness import Response, Strain, Strained
from reconciler.rules.gates.robustness import Robustness
from reconciler.rules.perturbation import USUAL, Kind
from tests.builders import NOW, a_candidate, a_gain, evidence, facts
from tests.cases import each

NOISE = {"kind": "noise"}
KEY = "robustness/rocAuc/noise/1x0.1/all"


def a_gate(*perturbations, **fields):
    chosen = {"perturbations": perturbations} if perturbations else {}
    return Robustness.model_validate({"type": "robustness", "metric": "rocAuc"} | chosen | fields)


def a_strain(gain=-0.01, spread=0.002, values=100, feature="", **changes):
    return Strain(what="noise", gain=a_gain(gain=gain, spread=spread, **changes), values=values, feature=feature)


def judged(gate, *, strains=None, responses=None, broken=None):
    found = Strained(strains=strains or {}, responses=responses or {}, broken=broken or {})
    return gate.judge(facts(candidate=a_candidate(evidence=evidence(robustness=found))), NOW)


@each(
    ("bound", "strain", "answer", "code"),
    [
        ({"atMostDrop": 0.02}, a_strain(), Answer.YES, "robust"),
        ({"atMostDrop": 0.02}, a_strain(gain=-0.03), Answer.NO, "notRobust"),
        ({"atMostDrop": 0.02}, a_strain(gain=-0.021), Answer.UNKNOWN, "inconclusive"),
        ({"atMostDrop": 0.02}, a_strain(gain=-0.019), Answer.UNKNOWN, "inconclusive"),
        ({"atMostDrop": 0}, a_strain(gain=0.01), Answer.YES, "robust"),
        ({}, a_strain(gain=-0.06), Answer.YES, "robust"),  # 0.1 of 0.7 may go
        ({}, a_strain(gain=-0.08), Answer.NO, "notRobust"),
        ({"atMostDropShare": 0.2}, a_strain(gain=-0.08), Answer.YES, "robust"),
        ({}, a_strain(rows=499), Answer.UNKNOWN, "insufficientData"),
        ({}, a_strain(gain=math.nan), Answer.UNKNOWN, "notANumber"),
        ({}, a_strain(quantiles={0.5: 0.0}), Answer.UNKNOWN, "notANumber"),
        ({}, a_strain(gain=-9, values=0, rows=1), Answer.UNKNOWN, "nothingTried"),
        ({}, None, Answer.UNKNOWN, "notMeasured"),
    ],
)
def test_the_loss_is_within_its_bound_beyond_doubt(bound, strain, answer, code):
    judgement = judged(a_gate(NOISE | bound), strains={KEY: strain} if strain else {})
    assert (judgement.answer, judgement.code) == (answer, code)


def test_both_numbers_and_the_feature_are_told():
    key = "robustness/rocAuc/missing/1/all/oneByOne"
    gate = a_gate({"kind": "missing", "share": 1, "oneByOne": True, "atMostDrop": 0.02})
    said = judged(gate, strains={key: a_strain(gain=-0.1, feature="distance")})
    assert said.message == (
        "1 of 1 trials failed: missing in 100 % of the values, one feature at a time (distance): rocAuc 0.7 to 0.6, "
        "a loss of 0.09671 to 0.1033, 0.02 allowed"
    )
    assert said.remedy


def test_a_model_that_breaks_is_refused_however_well_the_rest_goes():
    gate = a_gate(NOISE, {"kind": "missing"})
    judgement = judged(gate, strains={KEY: a_strain()}, broken={"robustness/rocAuc/missing/0.05/all": "ValueError: NaN"})
    assert (judgement.answer, judgement.code) == (Answer.NO, "breaks")
    assert "ValueError: NaN" in judgement.message


def test_a_kind_that_is_for_none_of_the_features_costs_nothing():
    categories = "robustness/rocAuc/unseenCategories/0.05/all"
    strains = {KEY: a_strain(), categories: a_strain(values=0, rows=1)}
    said = judged(a_gate(NOISE, {"kind": "unseenCategories"}), strains=strains)
    assert said.answer is Answer.YES
    assert said.message.startswith("2 of 2 trials passed, the nearest: noise of 0.1")


@each(
    ("response", "answer", "code"),
    [
        (Response(rows=1000, against=10), Answer.YES, "robust"),
        (Response(rows=1000, against=11), Answer.NO, "unexpected"),
        (Response(rows=499, against=400), Answer.UNKNOWN, "insufficientData"),
        (None, Answer.UNKNOWN, "notMeasured"),
    ],
)
@each("relation", ["invariantTo", "increasesWith", "decreasesWith"])
def test_answers_follow_the_relation(relation, response, answer, code):
    gate = a_gate(NOISE, **{relation: ["origin"]})
    responses = {f"robustness/{relation}/origin": response} if response else {}
    judgement = judged(gate, strains={KEY: a_strain()}, responses=responses)
    assert (judgement.answer, judgement.code) == (answer, code)
    broken = judged(gate, strains={KEY: a_strain()}, broken={f"robustness/{relation}/origin": "3 of 4 answers"})
    assert (broken.answer, broken.code) == (Answer.NO, "breaks")


def test_without_a_field_each_kind_is_tried_once_on_the_primary_metric():
    gate = Robustness(type="robustness")
    assert {one.kind for one in gate.perturbations} == set(Kind)
    assert gate.perturbations == USUAL
    assert "robustness/primary/outOfRange/0.01x1/all" in gate.asks()
    assert gate.judge(facts(candidate=Missing(code="gone", why="gone")), NOW).answer is Answer.UNKNOWN


@each(
    ("one", "other", "same"),
    [
        (NOISE, NOISE | {"atMostDrop": 0.1}, True),
        (NOISE, NOISE | {"atMostDropShare": 0.1}, True),
        (NOISE, NOISE | {"strength": 0.2}, False),
        (NOISE, NOISE | {"share": 0.2}, False),
        (NOISE, NOISE | {"features": ["distance"]}, False),
        (NOISE, NOISE | {"oneByOne": True}, False),
    ],
)
def test_only_what_changes_the_numbers_is_asked_for_anew(one, other, same):
    assert (a_gate(one).asks() == a_gate(other).asks()) is same


@each(
    "wrong",
    [
        {"kind": "missing", "strength": 1},
        {"kind": "noise", "atMostDrop": 0.1, "atMostDropShare": 0.1},
        {"kind": "noise", "share": 0},
        {"kind": "smoke"},
    ],
)
def test_what_means_nothing_is_refused(wrong):
    with pytest.raises(ValidationError):
        a_gate(wrong)
