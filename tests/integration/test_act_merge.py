"""A pull request that merges itself is looked at byte by byte first; one in doubt is only described anew."""

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.domain.changes import PullState
from reconciler.domain.names import Revision
from reconciler.domain.outcomes import Status
from reconciler.domain.steps import Describe, Merge, Propose
from reconciler.errors import ConflictError
from tests.acting import Stage, a_stage
from tests.repositories import put

STAGING = "perennial/flight-delay/staging"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return a_stage(tmp_path)


def merge_of(step: Propose, expected: Revision | None, signed: str | None = None) -> Merge:
    assert expected
    return Merge(
        model=step.model,
        environment=step.environment,
        number=1,
        expected=expected,
        base=step.base,
        files=step.files,
        signed=signed,
    )


def in_memory(stage: Stage) -> Stage:
    """The fake makes up the commit of a merge, which no repository has."""
    stage.forge.branches = dict(stage.forge.branches)
    return stage


def test_exactly_what_was_judged_is_merged(stage: Stage) -> None:
    step = stage.propose()
    stage.act(step)
    outcome = in_memory(stage).act(merge_of(step, stage.tip(STAGING)))
    assert [(one.status, one.message) for one in outcome.steps] == [(Status.DONE, "merged pull request #1 into staging")]
    assert stage.forge.pulls[1].state is PullState.MERGED


def test_other_bytes_are_not_merged_even_under_our_own_name(stage: Stage) -> None:
    step = stage.propose()
    stage.act(step)
    put(stage.repository, f"refs/heads/{STAGING}", {"models/flight-delay/model.yaml": b"mine\n"})
    outcome = stage.act(merge_of(step, stage.tip(STAGING)))
    assert outcome.steps[0].status is Status.FAILED
    assert "its branch is not what was judged (models/flight-delay/model.yaml)" in outcome.steps[0].message
    assert stage.forge.pulls[1].state is PullState.OPEN


def test_a_file_less_is_other_bytes_too_and_a_signature_may_be_any(stage: Stage) -> None:
    step = stage.propose(files={"models/flight-delay/releases/staging.yaml": "spec: x\n", "b": "2\n"})
    stage.act(step)
    put(stage.repository, f"refs/heads/{STAGING}", {"b": None, "signed.jsonl": b"any\n"})
    outcome = stage.act(merge_of(step, stage.tip(STAGING), signed="signed.jsonl"))
    assert "(b)" in outcome.steps[0].message
    put(stage.repository, f"refs/heads/{STAGING}", {"b": b"2\n"})
    assert in_memory(stage).act(merge_of(step, stage.tip(STAGING), signed="signed.jsonl")).steps[0].status is Status.DONE


def test_a_branch_that_moved_after_the_plan_is_a_conflict(stage: Stage) -> None:
    step = stage.propose()
    stage.act(step)
    planned = merge_of(step, stage.tip(STAGING))
    put(stage.repository, f"refs/heads/{STAGING}", {"mine": b"1"})
    with pytest.raises(ConflictError):
        stage.act(planned)


def test_what_the_forge_does_not_allow_yet_is_no_failure(stage: Stage) -> None:
    step = stage.propose()
    stage.act(step)
    stage.forge.pulls[1] = replace(stage.forge.pulls[1], draft=True)
    outcome = stage.act(merge_of(step, stage.tip(STAGING)))
    assert [(one.status, one.exit_code) for one in outcome.steps] == [(Status.SKIPPED, 0)]
    assert "may not be merged yet" in outcome.steps[0].message
    assert not outcome.changed


def test_one_merge_moves_main_and_the_next_waits_but_not_for_one_that_is_stuck(stage: Stage) -> None:
    step = stage.propose()
    stage.act(step)
    merge = merge_of(step, stage.tip(STAGING))
    stuck = replace(merge, number=2)
    in_memory(stage)
    stage.forge.branches["b"] = merge.expected
    stage.forge.pulls[2] = replace(stage.forge.pulls[1], number=2, branch="b", draft=True)
    outcome = stage.act(stuck, merge, replace(merge, number=3))
    assert [one.status for one in outcome.steps] == [Status.SKIPPED, Status.DONE, Status.SKIPPED]
    assert outcome.steps[2].message == "a merge moved main: its turn is the next pass"


def test_describing_changes_words_and_labels_and_no_commit(stage: Stage) -> None:
    stage.act(stage.propose())
    before = stage.refs()
    labels = ("perennial", "verdict/inconclusive")
    step = Describe(model="flight-delay", number=1, branch=STAGING, title="T", body="B", labels=labels, draft=True)
    outcome = stage.act(step, step)
    assert outcome.steps[0].message == "pull request #1 is a draft: perennial, verdict/inconclusive"
    (pull,) = stage.forge.pull_requests()
    assert (pull.title, pull.body, pull.labels, pull.draft) == ("T", "B", labels, True)
    assert stage.refs() == before
