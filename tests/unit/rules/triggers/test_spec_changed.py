"""Trigger `specChanged`."""

from dataclasses import replace

import pytest

from reconciler.domain.facts import Missing
from reconciler.domain.judgements import Answer
from reconciler.rules.triggers.spec_changed import SpecChanged
from tests.builders import NOW, a_candidate, a_fingerprint, facts

RULE = SpecChanged(type="specChanged")
NEW = a_fingerprint(spec="new spec", code="new code")
OLD_CANDIDATE = a_candidate()
NEW_CANDIDATE = replace(OLD_CANDIDATE, build=replace(OLD_CANDIDATE.build, made_from=NEW))
UNREADABLE = Missing(code="candidateUnreadable", why="broken")


@pytest.mark.parametrize(
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
