"""Gate `fairness`: a difference beyond chance refuses; groups of few rows are no answer."""

import math

import numpy as np
import pytest
from pydantic import ValidationError

from reconciler.domain.judgements import Answer
from reconciler.domain.known import Measured, Missing
from reconciler.domain.measured.fairness import Grouped
from reconciler.rules.gates.fairness import Fairness
from tests.builders import NOW, a_candidate, evidence, facts
from tests.cases import each

GONE = Missing(code="gone", why="it is gone")
NO_ROWS = Missing(code="noRows", why="0 rows to take a share of")


def rule(**written) -> Fairness:
    return Fairness.model_validate({"type": "fairness"} | written)


def share(value: float, rows: int = 1000) -> Measured:
    """A share; its limits follow from the rows."""
    return Measured(value=value, low=0, high=1, rows=rows)


def by(rates, name="selectionRate", column="sex", threshold=0.5) -> Grouped:
    """Groups with this number each."""
    known = {group: rate if isinstance(rate, Measured | Missing) else share(rate) for group, rate in rates.items()}
    rows = dict.fromkeys(known, 1000)
    return Grouped(column=column, threshold=threshold, rows=rows, rates={group: {name: rate} for group, rate in known.items()})


def judge(gate: Fairness, *found: Grouped, **changes):
    seen = evidence(**{"fairness": found} | changes)
    return gate.judge(facts(candidate=a_candidate(evidence=seen)), NOW)


PARITY = {"selectionRateDifference": 0.1}
OPPORTUNITY = {"truePositiveRateDifference": 0.1}


@each(
    ("written", "rates", "answer"),
    [
        # Of two groups of 1,000 rows at about 0.3 chance moves the difference by 0.04.
        (PARITY, {"f": 0.3, "m": 0.3}, Answer.YES),
        (PARITY, {"f": 0.3, "m": 0.43}, Answer.YES),
        (PARITY, {"f": 0.3, "m": 0.46}, Answer.NO),
        (PARITY, {"f": 0.46, "m": 0.3}, Answer.NO),
        ({"selectionRateDifference": 0}, {"f": 0.3, "m": 0.33}, Answer.YES),
        ({"selectionRateDifference": 0}, {"f": 0.3, "m": 0.35}, Answer.NO),
        ({}, {"f": 0.3, "m": 0.4}, Answer.YES),
        ({}, {"f": 0.3, "m": 0.45}, Answer.NO),
        ({"selectionRateRatio": 0.6}, {"f": 0.3, "m": 0.45}, Answer.YES),
        ({}, {"f": 0.0, "m": 0.0}, Answer.YES),
        ({}, {"f": 0.0, "m": 0.05}, Answer.NO),
        # The worst group is small, but between two large ones the difference is certain.
        (PARITY, {"f": 0.3, "m": 0.46, "x": share(0.5, rows=100)}, Answer.NO),
        (PARITY, {"f": 0.3, "m": 0.3, "x": share(0.46, rows=100)}, Answer.YES),
        (PARITY, {"f": 0.3, "x": share(0.46, rows=99)}, Answer.UNKNOWN),
        (PARITY, {"f": 0.3, "m": 0.9, "x": share(0.46, rows=99)}, Answer.UNKNOWN),
        (PARITY, {"f": 0.3, "m": 0.3, "(missing)": share(0.9, rows=99)}, Answer.YES),
        (PARITY, {"f": 0.3, "m": 0.3, "(missing)": share(0.9, rows=100)}, Answer.NO),
        (PARITY, {"f": 0.3}, Answer.UNKNOWN),
        (PARITY, {}, Answer.UNKNOWN),
        (PARITY, {"f": 0.3, "m": NO_ROWS}, Answer.UNKNOWN),
        (PARITY, {"f": 0.3, "m": GONE}, Answer.UNKNOWN),
        (PARITY, {"f": 0.3, "m": math.nan}, Answer.UNKNOWN),
        (PARITY | {"minimumRows": 99}, {"f": 0.3, "x": share(0.9, rows=99)}, Answer.NO),
        (PARITY | {"column": "sex", "groups": ["f", "m"]}, {"f": 0.3, "m": 0.3, "x": 0.9}, Answer.YES),
        (PARITY | {"column": "sex", "groups": ["f", "z"]}, {"f": 0.3, "m": 0.3}, Answer.UNKNOWN),
        (PARITY | {"column": "age"}, {"f": 0.3, "m": 0.3}, Answer.UNKNOWN),
        (PARITY | {"threshold": 0.3}, {"f": 0.3, "m": 0.3}, Answer.UNKNOWN),
        (OPPORTUNITY, {"f": 0.3, "m": 0.3}, Answer.UNKNOWN),
    ],
)
def test_a_difference_beyond_chance_refuses(written, rates, answer):
    assert judge(rule(**written), by(rates)).answer is answer


@pytest.mark.parametrize(
    ("name", "bound"),
    [("truePositiveRate", "truePositiveRateDifference"), ("falsePositiveRate", "falsePositiveRateDifference")],
)
def test_odds_are_judged_apart(name, bound):
    assert judge(rule(**{bound: 0.1}), by({"f": 0.3, "m": 0.5}, name)).code == "unfair"
    assert judge(rule(**{bound: 0.1}), by({"f": 0.3, "m": 0.35}, name)).code == "fair"


@pytest.mark.parametrize(("mean", "answer"), [(5.2, Answer.YES), (5.6, Answer.NO)])
def test_means_of_a_regression_are_in_its_unit(mean, answer):
    """The standard errors are 0.1, so chance moves the difference of the two by 0.32."""
    first, second = (Measured(value=value, low=value - 0.196, high=value + 0.196, rows=500) for value in (5.0, mean))
    found = by({"f": first, "m": second}, "meanError")
    assert judge(rule(meanErrorDifference=0.2), found).answer is answer


def test_every_protected_column_is_judged():
    fair, unfair = by({"f": 0.3, "m": 0.3}), by({"a": 0.2, "b": 0.6}, column="region")
    assert judge(rule(), fair, fair).answer is Answer.YES
    judgement = judge(rule(), fair, unfair)
    assert (judgement.answer, judgement.code) == (Answer.NO, "unfair")
    assert judge(rule(column="sex"), fair, unfair).answer is Answer.YES


def test_the_message_has_all_the_numbers():
    assert judge(rule(**PARITY), by({"f": 0.3, "m": 0.43})).message == (
        "selectionRate by sex: 0.43 of m (1000 rows), 0.3 of f (1000 rows); difference at most 0.1 wanted, missed within chance"
    )


def test_what_is_missing_is_unknown():
    assert judge(rule(), fairness=GONE).code == "gone"
    assert judge(rule()).code == "notMeasured"
    assert rule().judge(facts(candidate=None), NOW).code == "noCandidate"


def test_keys_name_the_column_and_the_threshold():
    assert rule().asks() == {"fairness/*/0.5"}
    assert rule(column="sex", threshold=0.25, **PARITY).asks() == {"fairness/sex/0.25"}


def test_groups_are_of_a_column():
    with pytest.raises(ValidationError, match="groups are values of a column"):
        rule(groups=["f", "m"])


@pytest.mark.parametrize(("rows", "rate", "groups"), [(100, 0.1, 2), (400, 0.3, 6)])
def test_equal_groups_are_seldom_refused(rows, rate, groups):
    """Even where no difference at all is allowed, and no ratio below one: in at most 5 % of all cases."""
    gate, refused = rule(selectionRateDifference=0, selectionRateRatio=1), 0
    for hits in np.random.default_rng(1).binomial(rows, rate, (100, groups)):
        shares = {f"g{place}": share(hit / rows, rows) for place, hit in enumerate(hits.tolist())}
        refused += judge(gate, by(shares)).answer is Answer.NO
    assert refused <= 6
