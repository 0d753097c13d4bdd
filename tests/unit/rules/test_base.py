"""What all rules share: a rule judges, says what it needs, and an exemption names triggers."""

import pytest
from pydantic import TypeAdapter

from reconciler.domain.known import Missing
from reconciler.rules.base import Exemptible, Rule
from reconciler.rules.evidence import evidence_of
from reconciler.rules.gates import Gate
from reconciler.rules.guards import Guard
from reconciler.rules.rollouts.direct import Direct
from reconciler.rules.triggers import Trigger, type_or_combination
from reconciler.rules.triggers.schedule import Schedule
from tests.builders import NOW, a_candidate, evidence, facts
from tests.cases import each


def test_a_rule_that_does_not_judge_is_a_mistake_of_ours():
    with pytest.raises(TypeError, match="Rule does not judge"):
        Rule().judge(facts(), NOW)


def test_a_rule_needs_nothing_unless_it_says_so():
    assert Rule().needs() == frozenset()


@pytest.mark.parametrize(
    ("written", "exempt"),
    [
        ({"type": "cooldown", "period": "1d"}, ()),
        ({"type": "cooldown", "period": "1d", "exempt": ["specChanged", "maxAge"]}, ("specChanged", "maxAge")),
        ({"type": "minimumNewLabels", "rows": 1, "exempt": []}, ()),
    ],
)
def test_guards_against_noise_may_be_exempted_from(written, exempt):
    guard = TypeAdapter(Guard).validate_python(written)
    assert isinstance(guard, Exemptible)
    assert guard.exempt == exempt


@pytest.mark.parametrize("word", ["hold", "oneChangeOpen"])
def test_guards_that_people_rely_on_cannot_be_exempted_from(word):
    assert not isinstance(TypeAdapter(Guard).validate_python({"type": word}), Exemptible)


@each(
    ("value", "tag"),
    [
        ({"any": []}, "any"),
        ({"all": []}, "all"),
        ({"any": [], "all": []}, "any"),
        ({"any": None, "type": "maxAge"}, "maxAge"),
        ({"type": "schedule"}, "schedule"),
        ({"type": 5}, None),
        ({}, None),
        ([], None),
        ("any", None),
        (None, None),
        (Schedule(type="schedule", cron="0 3 * * 1"), "schedule"),
        (TypeAdapter(Trigger).validate_python({"any": [{"type": "specChanged"}]}), "any"),
    ],
)
def test_which_trigger_a_piece_of_yaml_is(value, tag):
    assert type_or_combination(value) == tag


def test_a_trigger_that_is_one_already_is_taken_as_it_is():
    trigger = TypeAdapter(Trigger).validate_python({"all": [{"type": "specChanged"}]})
    assert TypeAdapter(Trigger).validate_python(trigger) is trigger


@pytest.mark.parametrize(
    ("candidate", "code"), [(None, "noCandidate"), (Missing(code="gone", why="lost"), "gone")], ids=["none", "unreadable"]
)
def test_there_is_no_evidence_without_a_candidate(candidate, code):
    found = evidence_of(facts(candidate=candidate))
    assert isinstance(found, Missing)
    assert found.code == code
    assert found.why


def test_evidence_is_that_of_the_candidate():
    assert evidence_of(facts(candidate=a_candidate())) == evidence()


@pytest.mark.parametrize("union", [Trigger, Guard, Gate])
def test_a_word_of_another_family_is_refused(union):
    words = {"trigger": "newLabels", "guard": "cooldown", "gate": "floor"}
    own = {Trigger: "trigger", Guard: "guard", Gate: "gate"}[union]
    tags = {word for family, word in words.items() if family != own}
    adapter = TypeAdapter(union)
    for word in tags:
        with pytest.raises(ValueError, match=word):
            adapter.validate_python({"type": word})


def test_direct_is_written_without_fields():
    assert Direct.model_validate({"type": "direct"}).type == "direct"
    with pytest.raises(ValueError, match="direct"):
        Direct.model_validate({"type": "canary"})
