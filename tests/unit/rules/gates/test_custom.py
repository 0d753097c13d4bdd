"""Gate custom: what a team's own check said, and nothing that it did not."""

from typing import Any

from reconciler.domain.evidence import NOT_MEASURED
from reconciler.domain.judgements import Answer
from reconciler.domain.known import Missing
from reconciler.domain.measured.serving import Opinion
from reconciler.rules.gates.custom import Custom
from tests.builders import NOW, a_candidate, evidence, facts
from tests.cases import each


def a_check(**changes: Any) -> Custom:
    return Custom.model_validate({"type": "custom", "name": "smoke", "command": ["sh", "smoke.sh"]} | changes)


def an_opinion(answer: Answer, code: str = "", remedy: str = "") -> dict[str, Opinion]:
    return {a_check().key: Opinion(answer=answer, code=code, message="seen", remedy=remedy)}


@each(
    ("custom", "answer", "code"),
    [
        (an_opinion(Answer.YES), Answer.YES, "passed"),
        (an_opinion(Answer.NO), Answer.NO, "refused"),
        (an_opinion(Answer.UNKNOWN), Answer.UNKNOWN, "cannotTell"),
        (an_opinion(Answer.NO, code="limitsBroken"), Answer.NO, "limitsBroken"),
        ({a_check().key: Missing(code="timedOut", why="ran for 60 s, 60 s are allowed")}, Answer.UNKNOWN, "timedOut"),
        (
            {a_check(command=["sh", "other.sh"]).key: an_opinion(Answer.YES)[a_check().key]},
            Answer.UNKNOWN,
            "notMeasured",
        ),
        ({}, Answer.UNKNOWN, "notMeasured"),
        (NOT_MEASURED, Answer.UNKNOWN, "notMeasured"),
    ],
)
def test_it_says_what_the_check_said(custom, answer, code):
    judgement = a_check().judge(facts(candidate=a_candidate(evidence=evidence(custom=custom))), NOW)
    assert (judgement.rule, judgement.answer, judgement.code) == ("custom/smoke", answer, code)
    assert judgement.answer is Answer.YES or judgement.remedy


def test_without_a_candidate_nothing_is_known():
    assert a_check().judge(facts(), NOW).answer is Answer.UNKNOWN


@each("change", [{"command": ["sh", "x"]}, {"timeout": "2m"}, {"memory": "1Gi"}, {"name": "other"}])
def test_another_command_or_limit_is_another_check(change):
    assert a_check(**change).asks() != a_check().asks()
    assert a_check().asks() == a_check().asks()
