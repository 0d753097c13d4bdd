"""Carrying out a plan, step by step, on real git and the fake forge."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.act.execute import subject_of
from reconciler.domain.changes import PullState
from reconciler.domain.events import EventKind
from reconciler.domain.names import LEDGER_BRANCH
from reconciler.domain.outcomes import Outcome, Status
from reconciler.domain.steps import Step
from reconciler.errors import ConflictError, TransientActError
from tests.acting import Stage, a_stage, close, failed, record
from tests.builders import NOW, a_revision
from tests.repositories import MAIN_REF, git, put

DONE, FAILED, SKIPPED = Status.DONE, Status.FAILED, Status.SKIPPED
STAGING = "perennial/flight-delay/staging"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return a_stage(tmp_path)


def statuses(outcome: Outcome) -> list[Status]:
    return [step.status for step in outcome.steps]


def test_no_steps_change_nothing(stage: Stage) -> None:
    before = stage.refs()
    outcome = stage.act()
    assert (outcome.steps, outcome.changed, outcome.exit_code, stage.refs()) == ((), False, 0, before)


def test_a_proposal_is_a_branch_of_exactly_these_files_a_pull_request_and_a_line(stage: Stage) -> None:
    outcome = stage.act(stage.propose())
    assert [(step.status, step.message) for step in outcome.steps] == [(DONE, "pull request #1: Promote flight-delay")]
    assert stage.files(STAGING) == {**stage.files("main"), "models/flight-delay/releases/staging.yaml": "spec: x\n"}
    (pull,) = stage.forge.pull_requests()
    assert (pull.state, pull.branch, pull.base, pull.tip) == (PullState.OPEN, STAGING, "main", stage.tip(STAGING))
    assert stage.kinds() == [EventKind.PROPOSED]


def test_proposing_the_same_again_changes_nothing(stage: Stage) -> None:
    stage.act(stage.propose())
    before = stage.refs()
    stage.act(stage.propose())
    assert (stage.refs(), len(stage.forge.pull_requests())) == (before, 1)


def test_a_proposal_on_a_moved_main_is_rebuilt_on_it(stage: Stage) -> None:
    stage.act(stage.propose())
    put(stage.repository, MAIN_REF, {"README.md": b"moved\n"})
    stage.act(stage.propose(title="Promote again"))
    assert stage.repository.commit_info(stage.tip(STAGING)).parents == (stage.head,)  # type: ignore[arg-type]
    assert stage.files(STAGING)["README.md"] == "moved\n"
    assert [pull.title for pull in stage.forge.pull_requests()] == ["Promote again"]


def test_a_branch_that_a_person_moved_meanwhile_is_not_overwritten(stage: Stage) -> None:
    stage.act(stage.propose())
    step = stage.propose(files={"x": "1"})
    theirs = put(stage.repository, f"refs/heads/{STAGING}", {"mine": b"1"})
    with pytest.raises(ConflictError):
        stage.act(step)
    assert stage.tip(STAGING) == theirs


def test_a_tag_is_annotated_and_stands_on_its_commit(stage: Stage) -> None:
    stage.act(stage.tag())
    show = git(stage.repository.root, "for-each-ref", "--format=%(objecttype) %(*objectname) %(contents:subject)", "refs/tags")
    assert show == f"tag {stage.head} 1.0.0"


def test_a_tag_that_is_there_is_a_conflict_and_stays(stage: Stage) -> None:
    stage.act(stage.tag())
    before = stage.refs()
    with pytest.raises(ConflictError):
        stage.act(stage.tag(message="another"))
    assert stage.refs() == before


def test_publishing_makes_the_branch_hold_exactly_the_files(stage: Stage) -> None:
    stage.act(stage.publish(files={"a.yaml": "a\n", "gone.yaml": "b\n"}))
    assert stage.files("env/production") == {"a.yaml": "a\n", "gone.yaml": "b\n"}
    outcome = stage.act(stage.publish(files={"a.yaml": "a\n"}))
    assert outcome.steps[0].message == "rendered 1 files to env/production"
    assert stage.files("env/production") == {"a.yaml": "a\n"}
    log = git(stage.repository.root, "log", "--format=%s", "env/production")
    assert log.splitlines() == ["Render production"] * 2


def test_an_environment_that_runs_nothing_any_more_is_emptied(stage: Stage) -> None:
    stage.act(stage.publish())
    stage.act(stage.publish(files={}))
    assert stage.tip("env/production") is not None
    assert stage.files("env/production") == {}


def test_a_rendered_branch_that_moved_meanwhile_is_a_conflict(stage: Stage) -> None:
    step = stage.publish()
    theirs = put(stage.repository, "refs/heads/env/production", {"mine": b"1"})
    with pytest.raises(ConflictError):
        stage.act(step)
    assert stage.tip("env/production") == theirs


def test_closing_leaves_the_comment_and_takes_the_branch_away(stage: Stage) -> None:
    stage.act(stage.propose())
    outcome = stage.act(close(1))
    assert outcome.steps[0].message == "closed pull request #1"
    assert stage.forge.comments == {1: ["Closed by Perennial: overtaken."]}
    assert stage.tip(STAGING) is None
    assert stage.act(close(1)).steps[0].status is DONE


def test_closing_what_was_merged_meanwhile_is_a_conflict(stage: Stage) -> None:
    stage.act(stage.propose())
    tip = stage.tip(STAGING)
    assert tip
    stage.forge.branches = {"main": stage.head, STAGING: tip}
    stage.forge.merge(1, tip, NOW)
    with pytest.raises(ConflictError):
        stage.act(close(1))


def test_recording_writes_a_line_once(stage: Stage) -> None:
    stage.act(record(word="one"), record(word="two"), record(word="one"))
    assert [event.id for event in stage.ledger()] == ["one", "two"]


@pytest.mark.parametrize("kind", ["propose", "publish", "tag", "train"])
def test_a_plan_of_another_revision_does_nothing(stage: Stage, kind: str) -> None:
    step: Step = getattr(stage, kind)()
    before = stage.refs()
    with pytest.raises(ConflictError, match=r"the plan belongs to [0-9a-f]{12}, but main is at [0-9a-f]{12} now") as caught:
        stage.act(step, revision=a_revision("older"))
    assert (caught.value.help, stage.refs(), stage.trainer.orders) == ("perennial reconcile", before, [])


def test_without_main_nothing_is_done(stage: Stage) -> None:
    head = stage.head
    git(stage.repository.root, "branch", "-M", "trunk")
    with pytest.raises(ConflictError, match="main is at nothing now"):
        stage.act(record(), revision=head)


def test_a_main_that_moves_between_two_steps_stops_the_second(stage: Stage) -> None:
    stage.trainer.meanwhile = lambda: put(stage.repository, MAIN_REF, {"README.md": b"moved\n"})
    with pytest.raises(ConflictError):
        stage.act(stage.train(), record(word="never"))
    assert stage.kinds() == [EventKind.TRAINED]


def test_a_failure_skips_the_later_steps_of_its_model_and_of_no_other(stage: Stage) -> None:
    outcome = stage.act(close(99), stage.tag(), record("other"), stage.publish(), stage.propose())
    assert statuses(outcome) == [FAILED, SKIPPED, DONE, DONE, SKIPPED]
    assert (outcome.exit_code, outcome.changed) == (5, True)
    assert "99" in outcome.steps[0].message
    assert [outcome.steps[i].message for i in (1, 4)] == ["an earlier step of it failed"] * 2
    assert stage.kinds("other") == [EventKind.TRAINED]
    assert stage.tip(STAGING) is None


def test_what_was_done_before_a_failure_stays_done(stage: Stage) -> None:
    outcome = stage.act(record(word="before"), close(99), record(word="after"))
    assert statuses(outcome) == [DONE, FAILED, SKIPPED]
    assert [event.id for event in stage.ledger()] == ["before"]


def test_a_failed_training_skips_what_depends_on_it(stage: Stage) -> None:
    stage.trainer.answers = {"flight-delay": failed()}
    outcome = stage.act(stage.train(), stage.propose(), record("other"))
    assert statuses(outcome) == [FAILED, SKIPPED, DONE]


def test_a_trainer_that_cannot_even_start_fails_its_model_only(stage: Stage) -> None:
    stage.trainer.answers = {"flight-delay": TransientActError("no space left on device", help="df -h")}
    outcome = stage.act(stage.train(), record("other"))
    assert [(step.status, step.exit_code) for step in outcome.steps] == [(FAILED, 5), (DONE, 0)]
    assert outcome.steps[0].message == "no space left on device"
    assert stage.ledger() == ()


def test_nothing_done_at_all_is_no_change(stage: Stage) -> None:
    outcome = stage.act(close(99))
    assert (outcome.changed, outcome.exit_code) == (False, 5)


SUBJECTS: dict[str, tuple[Callable[[Stage], Step], str]] = {
    "train": (lambda stage: stage.train(), "flight-delay"),
    "propose": (lambda stage: stage.propose(), "flight-delay"),
    "close": (lambda stage: close(1, "zebra"), "zebra"),
    "tag": (lambda stage: stage.tag(model="zebra"), "zebra"),
    "record": (lambda stage: record("zebra"), "zebra"),
    "publish": (lambda stage: stage.publish(), "env/production"),
}


@pytest.mark.parametrize("kind", SUBJECTS)
def test_every_step_is_about_a_model_or_an_environment(stage: Stage, kind: str) -> None:
    make, subject = SUBJECTS[kind]
    assert subject_of(make(stage)) == subject


def test_the_same_steps_on_the_same_repository_give_the_same_refs(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        stage = a_stage(tmp_path / name)
        stage.act(stage.train(), stage.propose(), stage.tag(), stage.publish(), record(word="later"))
        made.append(stage.refs())
    assert made[0] == made[1]
    assert made[0].count("\n") == 5
    assert f"refs/heads/{LEDGER_BRANCH}" in made[0]
