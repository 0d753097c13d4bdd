"""Triggers `any` and `all`: nested, three-valued, and told apart by their keys."""

import pytest
from pydantic import TypeAdapter, ValidationError

from reconciler.domain.facts import LabelFacts, Missing
from reconciler.domain.judgements import Answer
from reconciler.rules.triggers import Trigger
from tests.builders import DAY, NOW, facts

TRIGGER = TypeAdapter(Trigger)
FIRES = {"type": "newLabels", "rows": 10}
QUIET = {"type": "newLabels", "rows": 1000}
IN_DOUBT = {"type": "dataDrift"}
FACTS = facts(labels=LabelFacts(delay=DAY, new=100, newest=NOW), reference=Missing(code="noRelease", why="nothing is released"))


@pytest.mark.parametrize(
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
    ],
)
def test_a_trigger_is_one_rule_or_a_combination(written, answer, code):
    judgement = TRIGGER.validate_python(written).judge(FACTS, NOW)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_a_combination_keeps_what_each_rule_said_in_order():
    judgement = TRIGGER.validate_python({"any": [QUIET, {"all": [FIRES, IN_DOUBT]}]}).judge(FACTS, NOW)
    assert [leaf.code for leaf in judgement.leaves()] == ["fewNewLabels", "enoughNewLabels", "insufficientData"]


def test_a_combination_needs_what_its_parts_need():
    trigger = TRIGGER.validate_python({"any": [FIRES, {"all": [IN_DOUBT, {"type": "dataDrift", "window": "1d"}]}]})
    assert {need.window.length for need in trigger.needs()} == {7 * DAY, DAY}


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ({"any": []}, "value_error"),
        ({"all": []}, "value_error"),
        ({"type": "magic"}, "union_tag_invalid"),
        ({}, "union_tag_not_found"),
        ({"type": 3}, "union_tag_not_found"),
        ("schedule", "union_tag_not_found"),
        ({"any": [FIRES], "all": [FIRES]}, "extra_forbidden"),
        ({"any": [FIRES], "type": "newLabels"}, "extra_forbidden"),
        ({"any": [{"type": "newLabels"}]}, "missing"),
        ({"any": [{"all": [{"type": "newLabels", "rows": 0}]}]}, "greater_than_equal"),
    ],
)
def test_nonsense_is_refused_with_one_error_at_its_place(written, error):
    with pytest.raises(ValidationError) as caught:
        TRIGGER.validate_python(written)
    assert [problem["type"] for problem in caught.value.errors()] == [error]
