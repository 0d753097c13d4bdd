"""Trigger `specChanged`."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.rules.triggers.spec_changed import SpecChanged
from tests.builders import NOW, a_candidate, a_fingerprint, facts
from tests.cases import each

RULE = SpecChanged(type="specChanged")
NEW = a_fingerprint(spec="new spec", code="new code")
OLD_CANDIDATE = a_candidate()
NEW_CANDIDATE = replace(OLD_CANDIDATE, build=replace(OLD_CANDIDATE.build, made_from=NEW))
UNREADABLE = Missing(code="candidateUnreadable", why="broken")


@each(
    ("changes", "answer", "code"),
    [
        ({}, Answer.NO, "specSame"),
        ({"fingerprint": NEW}, Answer.YES, "specChanged"),
        ({"fingerprint": NEW, "candidate": OLD_CANDIDATE}, Answer.YES, "specChanged"),
        ({"fingerprint": NEW, "candidate": UNREADABLE}, Answer.YES, "specChanged"),
        ({"fingerprint": NEW, "candidate": NEW_CANDIDATE}, Answer.NO, "specTrained"),
        ({"releases": {}}, Answer.YES, "neverBuilt"),
        ({"releases": {}, "candidate": OLD_CANDIDATE}, Answer.NO, "specTrained"),
        ({"releases": {}, "candidate": OLD_CANDIDATE, "fingerprint": NEW}, Answer.YES, "specChanged"),
        ({"releases": {}, "candidate": UNREADABLE}, Answer.UNKNOWN, "candidateUnreadable"),
    ],
)
def test_fires_when_nothing_was_made_from_what_git_says(changes, answer, code):
    judgement = RULE.judge(facts(**changes), NOW)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_names_the_parts_that_changed():
    assert RULE.judge(facts(fingerprint=NEW), NOW).message.startswith("spec, code changed since release 1.0.0")


@each(
    ("parts", "changed", "answer", "code"),
    [
        (["spec"], {"spec": "new"}, Answer.YES, "specChanged"),
        (["spec"], {"code": "new"}, Answer.NO, "specSame"),
        (["code", "parameters"], {"parameters": "new"}, Answer.YES, "specChanged"),
        (["code", "parameters"], {"environment": "new"}, Answer.NO, "specSame"),
        (["environment"], {"environment": "new", "code": "new"}, Answer.YES, "specChanged"),
    ],
)
def test_only_the_parts_that_count_are_a_change(parts, changed, answer, code):
    rule = SpecChanged(type="specChanged", parts=parts)
    judgement = rule.judge(facts(fingerprint=a_fingerprint(**changed)), NOW)
    assert (judgement.answer, judgement.code) == (answer, code)


def test_a_difference_that_does_not_count_is_told():
    rule = SpecChanged(type="specChanged", parts=["spec", "parameters"])
    judgement = rule.judge(facts(fingerprint=a_fingerprint(code="x", environment="y")), NOW)
    assert judgement.message == "release 1.0.0 was made from what Git says, but for code, environment, of which no change counts"
    assert judgement.remedy == "change the spec or parameters"


def test_a_candidate_that_differs_in_what_does_not_count_is_what_git_says():
    rule = SpecChanged(type="specChanged", parts=["spec"])
    seen = facts(fingerprint=a_fingerprint(spec="new", code="newer"))
    made = replace(OLD_CANDIDATE, build=replace(OLD_CANDIDATE.build, made_from=a_fingerprint(spec="new", code="new")))
    assert rule.judge(replace(seen, candidate=made), NOW).code == "specTrained"
    assert RULE.judge(replace(seen, candidate=made), NOW).code == "specChanged"


@each("parts", [[], ["data"], "spec", None])
def test_parts_that_do_not_exist_are_refused(parts):
    with pytest.raises(ValidationError):
        SpecChanged(type="specChanged", parts=parts)
