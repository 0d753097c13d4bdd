"""Triggers `any`, `all`, `not` and `atLeast`: nested, three-valued, and told apart by their keys."""

import pytest
from pydantic import TypeAdapter, ValidationError

from reconciler.domain.facts import LabelFacts
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.rules.triggers import Trigger
from tests.builders import DAY, NOW, facts
from tests.cases import each

TRIGGER = TypeAdapter(Trigger)
FIRES = {"type": "newLabels", "rows": 10}
QUIET = {"type": "newLabels", "rows": 1000}
IN_DOUBT = {"type": "dataDrift"}
FACTS = facts(labels=LabelFacts(delay=DAY, new=100, newest=NOW), reference=Missing(code="noRelease", why="nothing is released"))


@each(
    ("written", "answer", "code"),
    [
        ({"any": [QUIET, FIRES]}, Answer.YES, "someFired"),
        ({"any": [QUIET, QUIET]}, Answer.NO, "noneFired"),
        ({"any": [QUIET, IN_DOUBT]}, Answer.UNKNOWN, "cannotTell"),
        ({"any": [IN_DOUBT, FIRES]}, Answer.YES, "someFired"),
        ({"all": [FIRES, FIRES]}, Answer.YES, "allFired"),
        ({"all": [FIRES, QUIET]}, Answer.NO, "notAllFired"),
        ({"all": [FIRES, IN_DOUBT]}, Answer.UNKNOWN, "cannotTell"),
        ({"all": [QUIET, IN_DOUBT]}, Answer.NO, "notAllFired"),
        ({"any": [QUIET, {"all": [FIRES, {"any": [FIRES]}]}]}, Answer.YES, "someFired"),
        (FIRES, Answer.YES, "enoughNewLabels"),
        ({"not": QUIET}, Answer.YES, "didNotFire"),
        ({"not": FIRES}, Answer.NO, "fired"),
        ({"not": IN_DOUBT}, Answer.UNKNOWN, "cannotTell"),
        ({"not": {"not": FIRES}}, Answer.YES, "didNotFire"),
        ({"not": {"any": [QUIET, IN_DOUBT]}}, Answer.UNKNOWN, "cannotTell"),
        ({"not": {"all": [QUIET, IN_DOUBT]}}, Answer.YES, "didNotFire"),
        ({"all": [FIRES, {"not": QUIET}]}, Answer.YES, "allFired"),
        ({"atLeast": 1, "of": [QUIET, FIRES]}, Answer.YES, "enoughFired"),
        ({"atLeast": 2, "of": [QUIET, FIRES]}, Answer.NO, "fewFired"),
        ({"atLeast": 2, "of": [FIRES, FIRES, QUIET]}, Answer.YES, "enoughFired"),
        ({"atLeast": 2, "of": [FIRES, IN_DOUBT, QUIET]}, Answer.UNKNOWN, "cannotTell"),
        ({"atLeast": 2, "of": [FIRES, FIRES, IN_DOUBT]}, Answer.YES, "enoughFired"),
        ({"atLeast": 3, "of": [FIRES, IN_DOUBT, QUIET]}, Answer.NO, "fewFired"),
        ({"atLeast": 2, "of": [IN_DOUBT, {"not": QUIET}, {"any": [FIRES]}]}, Answer.YES, "enoughFired"),
    ],
)
def test_a_trigger_is_one_rule_or_a_combination(written, answer, code):
    judgement = TRIGGER.validate_python(written).judge(FACTS, NOW)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_a_combination_keeps_what_each_rule_said_in_order():
    judgement = TRIGGER.validate_python({"any": [QUIET, {"all": [FIRES, IN_DOUBT]}]}).judge(FACTS, NOW)
    assert [leaf.code for leaf in judgement.leaves()] == ["fewNewLabels", "enoughNewLabels", "insufficientData"]


def test_a_combination_needs_what_its_parts_need():
    more = {"atLeast": 1, "of": [{"not": {"type": "dataDrift", "window": "2d"}}]}
    trigger = TRIGGER.validate_python({"any": [FIRES, more, {"all": [IN_DOUBT, {"type": "dataDrift", "window": "1d"}]}]})
    assert {need.window.length for need in trigger.needs()} == {7 * DAY, 2 * DAY, DAY}


def test_not_stands_alone_and_quotes_what_did_not_fire():
    judgement = TRIGGER.validate_python({"all": [FIRES, {"not": {"any": [QUIET, QUIET]}}]}).judge(FACTS, NOW)
    assert [(leaf.rule, leaf.answer) for leaf in judgement.leaves()] == [("newLabels", Answer.YES), ("not", Answer.YES)]
    quoted = "newLabels says NO: 100 new labelled rows, 1000 wanted"
    assert judgement.parts[1].message == f"{quoted}; {quoted}"


@pytest.mark.parametrize(
    ("written", "remedy"),
    [(FIRES, "wait until newLabels no longer fires"), (IN_DOUBT, "wait for more rows, or take a longer window"), (QUIET, "")],
)
def test_not_says_what_would_change_it(written, remedy):
    assert TRIGGER.validate_python({"not": written}).judge(FACTS, NOW).remedy == remedy


@each(
    ("written", "reasons"),
    [
        ({"any": [QUIET, FIRES]}, ["enoughNewLabels"]),
        ({"any": [{"all": [{"type": "maxAge", "age": "1d"}, QUIET]}, FIRES]}, ["enoughNewLabels"]),
        ({"all": [FIRES, {"not": QUIET}]}, ["enoughNewLabels", "didNotFire"]),
        ({"atLeast": 1, "of": [IN_DOUBT, FIRES, QUIET]}, ["enoughNewLabels"]),
        ({"atLeast": 2, "of": [IN_DOUBT, FIRES, QUIET]}, ["insufficientData"]),
        ({"any": [QUIET, {"all": [FIRES, QUIET]}]}, ["fewNewLabels", "fewNewLabels"]),
        (FIRES, ["enoughNewLabels"]),
    ],
)
def test_the_reasons_are_what_made_the_answer_and_no_others(written, reasons):
    """In `any: [all: [yes, no], yes]` the first YES is no reason: its list did not fire."""
    assert [reason.code for reason in TRIGGER.validate_python(written).judge(FACTS, NOW).reasons()] == reasons


def test_at_least_says_how_many_of_how_many():
    message = TRIGGER.validate_python({"atLeast": 2, "of": [FIRES, IN_DOUBT, QUIET]}).judge(FACTS, NOW).message
    assert message == "1 of 3 say YES, 2 needed; 1 of 3 say UNKNOWN: dataDrift"


@each(
    ("written", "error"),
    [
        ({"any": []}, "value_error"),
        ({"all": []}, "value_error"),
        ({"type": "magic"}, "union_tag_invalid"),
        ({}, "union_tag_not_found"),
        ({"type": 3}, "union_tag_not_found"),
        ("schedule", "union_tag_not_found"),
        ({"any": [FIRES], "all": [FIRES]}, "extra_forbidden"),
        ({"not": FIRES, "any": [FIRES]}, "extra_forbidden"),
        ({"not": [FIRES]}, "union_tag_not_found"),
        ({"not": None}, "union_tag_not_found"),
        ({"not": {"type": "magic"}}, "union_tag_invalid"),
        ({"negated": FIRES}, "union_tag_not_found"),
        ({"atLeast": 1}, "missing"),
        ({"of": [FIRES]}, "missing"),
        ({"atLeast": 1, "of": []}, "value_error"),
        ({"atLeast": 2, "of": [FIRES]}, "value_error"),
        ({"atLeast": 0, "of": [FIRES]}, "greater_than_equal"),
        ({"atLeast": 21, "of": [FIRES] * 21}, "less_than_equal"),
        ({"atLeast": "1", "of": [FIRES]}, "int_type"),
        ({"any": [FIRES], "type": "newLabels"}, "extra_forbidden"),
        ({"any": [{"type": "newLabels"}]}, "missing"),
        ({"any": [{"all": [{"type": "newLabels", "rows": 0}]}]}, "greater_than_equal"),
    ],
)
def test_nonsense_is_refused_with_one_error_at_its_place(written, error):
    with pytest.raises(ValidationError) as caught:
        TRIGGER.validate_python(written)
    assert [problem["type"] for problem in caught.value.errors()] == [error]
