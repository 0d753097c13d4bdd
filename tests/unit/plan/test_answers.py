"""From what people ask for in comments to steps."""

from dataclasses import replace
from typing import Any

import pytest
import yaml

from reconciler.domain.conversations import CommentCommand, Permission, Question
from reconciler.domain.facts import History, ModelFacts
from reconciler.domain.notices import Comment
from reconciler.domain.releases import HoldNote
from reconciler.domain.steps import ProposeHold, ProposeRollback, Record, Step, Tell
from reconciler.plan.plan import Plan, make_plan
from tests.builders import DAY, NOW, a_fingerprint, a_revision, facts
from tests.unit.plan.worlds import a_world, the_specs

FAILED = History(failures=2, last_failed_at=NOW, failed_from=a_fingerprint())
RELEASED = facts(introduced={"production": a_revision("merge")})


def a_question(text: str, permission: Permission = Permission.WRITE, **changes: Any) -> Question:
    command = CommentCommand(number=7, id="42", author="ada", permission=permission, words=tuple(text.split()), at=NOW - DAY / 24)
    return Question(command=replace(command, **changes), model="flight-delay", environment="production")


def planned(question: Question, seen: ModelFacts = RELEASED) -> Plan:
    return make_plan(a_world(seen, questions=(question,)), the_specs(seen))


def asked_for(question: Question, seen: ModelFacts = RELEASED) -> list[Step]:
    """What the plan has more than it would have without the question."""
    without = make_plan(a_world(seen), the_specs(seen)).steps
    return [step for step in planned(question, seen).steps if step not in without]


def answer(step: Step) -> str:
    assert isinstance(step, Tell)
    assert isinstance(step.notice, Comment)
    assert (step.notice.number, step.notice.key) == (7, "answer/42")
    return step.notice.body


def test_explaining_tells_the_decision_and_every_rule() -> None:
    (told,) = asked_for(a_question("explain"))
    body = answer(told)
    assert body.startswith("`ada`: `flight-delay` **HOLD** (`fresh`): no trigger fires")
    assert "| newLabels | NO |" in body


def test_rolling_back_is_proposed_and_left_to_people_to_merge() -> None:
    (step,) = asked_for(a_question("rollback"))
    assert isinstance(step, ProposeRollback)
    assert (step.environment, step.branch) == ("production", "perennial/flight-delay/rollback-production")
    assert step.why == "Asked for by ada in #7."
    (none,) = asked_for(a_question("rollback"), facts(releases={}))
    assert "there is nothing to roll back" in answer(none)


def test_a_retry_is_written_down_first_and_answered_then() -> None:
    record, told = asked_for(a_question("retry"), replace(RELEASED, history=FAILED))
    assert isinstance(record, Record)
    assert (record.event.id, record.event.kind) == ("overridden/backoff/comment/42", "overridden")
    assert record.event.message == "ada sets backoff aside until 2013-06-02T11:00:00Z: asked for in #7"
    assert "is lifted for one more try" in answer(told)
    written = replace(FAILED, events=frozenset({record.event.id}))
    assert asked_for(a_question("retry"), replace(RELEASED, history=written)) == [told]


@pytest.mark.parametrize(
    ("history", "at", "said"),
    [
        (History(), NOW, "there is nothing to lift"),
        (FAILED, NOW - 2 * DAY, "too long ago"),
        (replace(FAILED, broken="perennial/ledger m.jsonl:2: altered"), NOW, "a ledger that is broken"),
    ],
)
def test_a_retry_that_changes_nothing_is_only_answered(history: History, at: Any, said: str) -> None:
    (told,) = asked_for(a_question("retry", at=at), replace(RELEASED, history=history))
    assert said in answer(told)


def test_a_hold_is_a_proposal_of_the_very_file_that_the_command_line_writes() -> None:
    (step,) = asked_for(a_question('hold until 2013-06-10 the "data" is odd: ${{ x }} # no'))
    assert isinstance(step, ProposeHold)
    assert (step.path, step.branch, step.base) == ("models/flight-delay/hold.yaml", "perennial/flight-delay/hold", a_revision())
    assert yaml.safe_load(step.text)["spec"] == {
        "reason": 'the "data" is odd: ${{ x }} # no (asked for in #7)',
        "owner": "ada",
        "until": "2013-06-10",
    }
    held = replace(RELEASED, hold=HoldNote(reason="audit", owner="eve", until=None))
    (told,) = asked_for(a_question("hold again"), held)
    assert "eve holds it already" in answer(told)
    partly = replace(RELEASED, hold=HoldNote(reason="audit", owner="eve", until=None, environments=("staging",)))
    assert isinstance(asked_for(a_question("hold all of it"), partly)[0], ProposeHold)


@pytest.mark.parametrize("permission", [Permission.NONE, Permission.READ, Permission.TRIAGE])
def test_who_may_not_write_is_told_once_on_each_pull_request_and_not_heard(permission: Permission) -> None:
    for text in ("hold it", "retry", "rollback", "explain"):
        question = a_question(text, permission)
        assert asked_for(question, replace(RELEASED, history=FAILED)) == []
        (told,) = planned(question).notices
        assert isinstance(told.notice, Comment)
        assert told.notice.key == "notHeard"


def test_what_is_unclear_is_answered_with_what_there_is() -> None:
    (told,) = asked_for(a_question("<b>drop</b> @everyone"))
    assert (
        answer(told)
        == "`ada`: there is no such command. Known are: `explain \\| retry \\| rollback \\| hold [until TIME] REASON`.\n"
    )


def test_a_question_about_a_model_that_is_gone_is_left_alone() -> None:
    assert asked_for(replace(a_question("explain"), model="gone")) == []
