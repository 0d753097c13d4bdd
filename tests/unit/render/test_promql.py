"""Questions to Prometheus: both releases over the same time, two answers that never contradict, and sureness that is shared."""

import pytest

from reconciler.render.promql import Sureness, questions, sureness
from reconciler.rules.analysis.errors import Errors
from reconciler.rules.analysis.latency import LatencyCheck
from tests.cases import each

SURE = Sureness(harm=2.5, proof=1.5, rows=300)
ERRORS = Errors(type="errors", margin=0.02)
LATENCY = LatencyCheck(type="latency", quantile=0.9, at_most_times=1.5)


def asked(*checks):
    return {check.name: check for check in questions(checks, SURE)}


def truth(expression, answer):
    """What Argo Rollouts would make of the expression."""
    return eval(expression.replace("&&", "and").replace("false", "False"), {"len": len, "result": answer})


@pytest.mark.parametrize("looks", [0, 1])
def test_a_single_look_takes_back_as_surely_as_it_proves(looks):
    assert sureness(0.95, 100, looks) == Sureness(harm=1.6449, proof=1.6449, rows=100)


def test_more_looks_make_harm_harder_to_claim_and_proof_no_harder():
    few, many = sureness(0.95, 100, 2), sureness(0.95, 100, 20)
    assert few.harm < many.harm
    assert few.proof == many.proof


def test_no_checks_ask_nothing():
    assert questions([], SURE) == ()


def test_questions_stand_in_the_order_of_the_checks():
    assert list(asked(LATENCY, ERRORS)) == ["latency-harm", "latency-proof", "errors-harm", "errors-proof"]


@each("name", ["errors-harm", "errors-proof", "latency-harm", "latency-proof"])
@each("answer", [[], [-9.0], [0.0], [1.0], [1.49], [1.5], [2.5], [9.0], [1.0, 2.0]])
def test_no_answer_is_good_and_bad_at_once(name, answer):
    check = asked(ERRORS, LATENCY)[name]
    assert not (truth(check.good, answer) and truth(check.bad, answer))


@pytest.mark.parametrize("answer", [[], [0.0, 0.0], [9.0, 9.0]])
def test_no_answer_or_more_than_one_proves_nothing_and_harms_nothing(answer):
    for check in asked(ERRORS, LATENCY).values():
        assert not truth(check.good, answer)
        assert not truth(check.bad, answer)


def test_at_the_limit_itself_harm_is_not_sure_and_neither_is_proof():
    checks = asked(ERRORS, LATENCY)
    assert truth(checks["errors-harm"].good, [2.5])
    assert not truth(checks["errors-proof"].good, [1.5])
    assert not truth(checks["latency-proof"].good, [1.5])


def test_harm_is_to_be_longer_at_all_unless_that_is_surely_by_less_than_is_allowed():
    harm, proof = asked(LATENCY).values()
    assert (truth(harm.bad, [1.0]), truth(harm.good, [0.0])) == (True, True)
    assert "1.5" not in harm.bad
    assert f"* (1 - ({proof.query.partition(' and ')[0]} < bool 1.5) *" in harm.query


def test_errors_that_are_more_but_surely_by_less_than_the_margin_do_no_harm():
    harm, proof = asked(ERRORS).values()
    assert f"* ({proof.query.partition(' and ')[0]} <= bool 1.5)" in harm.query


@each("name", ["errors-harm", "errors-proof", "latency-harm", "latency-proof"])
def test_a_question_is_balanced_counts_both_sides_over_one_window_and_asks_for_enough_rows(name):
    query = asked(ERRORS, LATENCY)[name].query
    assert all(query.count(left) == query.count(right) for left, right in ("()", "[]", "{}"))
    sides = [query.count(f'perennial_release{sign}"{{{{args.release}}}}"') for sign in ("=", "!=")]
    assert min(sides) > 0
    assert sum(sides) == query.count("increase(")
    assert query.count("[{{args.window}}]") == query.count("increase(")
    assert query.count(">= 300") == 2


def test_harm_takes_the_candidates_best_beside_the_lives_worst_and_proof_the_other_way():
    harm, proof = (check.query for check in asked(LATENCY).values())
    best, worst = "clamp_min(0.9 + -2.5 * sqrt(0.090000", "clamp_min(0.9 + 2.5 * sqrt(0.090000"
    assert harm.index(best) < harm.index(">= bool histogram_quantile") < harm.index(worst)
    assert proof.index("clamp_min(0.9 + 1.5 *") < proof.index(" / histogram_quantile") < proof.index("clamp_min(0.9 + -1.5 *")
