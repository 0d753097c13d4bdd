"""The whole loop on a forge that shows and hears more than pull requests: what is told, what is heard, and each of it once."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from reconciler.adapters.fakes.notices import FakeNotices
from reconciler.adapters.forges.local import LocalForge
from reconciler.domain.changes import PullState
from reconciler.domain.conversations import CommentCommand, Permission
from reconciler.domain.notices import DeploymentRecord, Status
from reconciler.domain.outcomes import Status as StepStatus
from reconciler.errors import PermanentActError
from reconciler.reconcile import Pass, until_settled
from tests.loops import T1, Loop, a_loop, reopened
from tests.repositories import git


@dataclass(slots=True)
class Comments:
    """Conversations over the local forge's comments."""

    forge: LocalForge
    said: list[CommentCommand] = field(default_factory=list)

    def commands(self, since: datetime) -> tuple[CommentCommand, ...]:
        return tuple(one for one in self.said if one.at >= since and one.answer_key not in self.keys(one.number))

    def keys(self, number: int) -> list[str]:
        return [comment.key for comment in self.forge.comments(number)]


@dataclass(slots=True)
class Told:
    """A loop whose forge shows notices and hears comments."""

    loop: Loop
    notices: FakeNotices
    comments: Comments

    def settle(self, at: datetime = T1) -> list[Pass]:
        readers = replace(self.loop.readers(at), conversations=self.comments)
        return until_settled(readers, replace(self.loop.writers(), notices=self.notices))

    def say(self, text: str, number: int = 1, permission: Permission = Permission.WRITE) -> None:
        words, number_of = tuple(text.split()), len(self.comments.said)
        self.comments.said.append(
            CommentCommand(number=number, id=str(number_of), author="eve", permission=permission, words=words, at=T1)
        )

    def answers(self, number: int = 1) -> list[str]:
        return [comment.text for comment in self.loop_comments(number) if comment.key.startswith("answer/")]

    def loop_comments(self, number: int) -> Sequence[object]:
        return LocalForge(self.loop.repository).comments(number)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    loop = a_loop(tmp_path_factory.mktemp("made") / "repo")
    loop.settle()
    return loop


@pytest.fixture
def told(made: Loop, tmp_path: Path) -> Told:
    loop = reopened(made, tmp_path / "repo")
    return Told(loop, FakeNotices(), Comments(LocalForge(loop.repository)))


def test_a_pull_request_gets_its_statuses_and_a_fleet_its_dashboard_once(told: Told) -> None:
    told.settle()
    tip = told.loop.pull(1).tip
    assert set(told.notices.statuses) == {(tip, "perennial/gates"), (tip, "perennial/approval")}
    assert "1 waits for a review" in told.notices.dashboards["Perennial dashboard"].body
    count, refs = len(told.notices.written), told.loop.refs()
    told.settle()
    assert (len(told.notices.written), told.loop.refs()) == (count, refs)


def test_a_merge_is_put_on_record_as_a_deployment(told: Told) -> None:
    pull = told.loop.pull(1)
    assert pull.tip
    merged = told.loop.writers().forge.merge(1, pull.tip, T1)
    told.settle()
    (record,) = [notice for notice in told.notices.written if isinstance(notice, DeploymentRecord)]
    assert (record.environment, record.version, record.revision, record.state) == ("staging", "1.0.0", merged.merged, "success")
    assert told.loop.kinds("alpha")[:3] == ["trained", "proposed", "promoted"]


def test_comments_are_answered_once_each_and_only_to_those_who_may(told: Told) -> None:
    told.say("explain")
    told.say("hold it", permission=Permission.READ)
    told.say("nonsense")
    told.settle()
    assert [text.split(":")[0] for text in told.answers()] == ["`eve`", "`eve`"]
    assert "PROMOTE" in told.answers()[0]
    assert len(told.loop_comments(1)) == 3
    refs = told.loop.refs()
    told.settle()
    assert told.loop.refs() == refs


def test_a_hold_that_is_asked_for_is_proposed_and_holds_when_it_is_merged(told: Told) -> None:
    told.say("hold the data is odd")
    told.settle()
    assert told.answers() == ["`eve`: a hold is proposed; it takes effect when it is merged: #2\n"]
    git(told.loop.root, "merge", "-q", "--no-ff", "-m", "Hold", "perennial/alpha/hold")
    assert [decision.code for decision in told.loop.plan().decisions] == ["held"]
    assert "asked for in #1" in told.loop.plan().decisions[0].message


def change_the_spec(loop: Loop) -> None:
    path = "models/alpha/model.yaml"
    loop.commit("Another spec", **{path: (loop.root / path).read_bytes().replace(b"holdout: 14d", b"holdout: 21d")})


def test_a_retry_lifts_the_wait_after_a_failure(tmp_path: Path) -> None:
    loop = a_loop(tmp_path / "repo")
    loop.settle()
    loop.writers().forge.close(1, "No.", T1)
    change_the_spec(loop)
    broken = replace(loop, trainer=replace(loop.trainer, broken={"alpha": "no disk"}))
    told = Told(broken, FakeNotices(), Comments(LocalForge(loop.repository)))
    told.settle()
    assert broken.kinds("alpha")[-1] == "trainingFailed"
    assert "1 trainings fail" in told.notices.dashboards["Perennial dashboard"].body
    told.loop = loop
    told.settle()
    assert loop.kinds("alpha")[-1] == "trainingFailed"
    told.say("retry")
    told.settle()
    assert loop.kinds("alpha")[-3:] == ["overridden", "trained", "proposed"]
    assert "lifted for one more try" in told.answers()[0]


def test_a_successor_is_linked_from_the_one_that_it_follows(told: Told) -> None:
    told.loop.writers().forge.close(1, "No.", T1)
    change_the_spec(told.loop)
    told.settle(T1 + timedelta(days=1))
    assert [(pull.number, pull.state) for pull in told.loop.pulls()] == [(1, PullState.CLOSED), (2, PullState.OPEN)]
    assert [comment.text for comment in told.loop_comments(1) if comment.key == "successor"] == ["Followed by #2.\n"]


class Mute(FakeNotices):
    """A forge that lets nothing be shown."""

    def status(self, status: Status) -> bool:
        raise PermanentActError(f"{status.context}: 403 the App lacks the permission")

    def deployment(self, record: DeploymentRecord) -> bool:
        raise PermanentActError(f"{record.environment}: 403 the App lacks the permission")


def test_what_cannot_be_told_keeps_nothing_from_being_done(told: Told) -> None:
    told.notices = Mute()
    pull = told.loop.pull(1)
    assert pull.tip
    told.loop.writers().forge.merge(1, pull.tip, T1)
    passes = told.settle()
    failed = [step for made in passes for step in made.outcome.steps if step.status is StepStatus.FAILED]
    assert {step.exit_code for step in failed} == {5}
    assert told.loop.kinds("alpha") == ["trained", "proposed", "promoted", "proposed"]
    assert told.notices.dashboards


def test_a_roll_back_that_is_asked_for_is_proposed_from_history(made: Loop, tmp_path: Path) -> None:
    loop = reopened(made, tmp_path / "repo")
    loop.promote(T1)
    told = Told(loop, FakeNotices(), Comments(LocalForge(loop.repository)))
    told.say("rollback", number=2)
    told.settle()
    assert told.answers(2) == ["`eve`: a roll-back is proposed; it takes effect when it is merged: #3\n"]
    assert loop.pull(3).title == "Roll alpha in production back to nothing"
    git(loop.root, "merge", "-q", "--no-ff", "-m", "Roll back", "perennial/alpha/rollback-production")
    told.settle()
    assert loop.kinds("alpha")[-1] == "rolledBack"
