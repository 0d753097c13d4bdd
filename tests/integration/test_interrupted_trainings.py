"""Trainings that were cut short: each is told in the ledger once, whoever swept it away, and those that ended are not."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.adapters.git import GitRepository
from reconciler.adapters.training.interrupted import FolderRuns, note_of, read_note
from reconciler.adapters.training.worktree import worktree
from reconciler.domain.events import EventKind
from reconciler.domain.facts import ModelFacts
from reconciler.domain.training import Begun
from reconciler.errors import PermanentActError
from reconciler.plan.record import record_steps
from tests.acting import a_stage
from tests.builders import NOW, a_fingerprint, facts
from tests.processes import wait_for
from tests.repositories import ENVIRONMENT, MAIN_REF, a_repository
from tests.unit.plan.situations import a_situation

BEGUN = Begun(model="flight-delay", at=NOW, as_of=NOW - timedelta(days=1), reason="newLabels: 5", made_from=a_fingerprint())


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return a_repository(tmp_path / "repo")


def train(repository: GitRepository, begun: Begun = BEGUN, **_: object):  # type: ignore[no-untyped-def]
    return worktree(repository.git, repository.refs()[MAIN_REF], begun.model, note_of(begun))


def runs(repository: GitRepository) -> FolderRuns:
    return FolderRuns(repository.git.git_dir)


VICTIM = """
import os, sys, time
from pathlib import Path
from reconciler.adapters.git import GitRepository
from reconciler.adapters.training.interrupted import read_note
from reconciler.adapters.training.worktree import worktree
root, base, note = sys.argv[1:]
repository = GitRepository.open(Path(root), dict(os.environ))
with worktree(repository.git, base, "flight-delay", Path(note).read_bytes()):
    Path(note + ".began").touch()
    time.sleep(600)
"""


def killed(repository: GitRepository, begun: Begun = BEGUN, how: signal.Signals = signal.SIGKILL) -> None:
    """A process that trains is killed."""
    note = repository.root.with_name(f"note-{begun.at:%H%M%S}")
    note.write_bytes(note_of(begun))
    command = [sys.executable, "-c", VICTIM, str(repository.root), repository.refs()[MAIN_REF], str(note)]
    with subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.DEVNULL) as process:
        wait_for(note.with_name(f"{note.name}.began"), process)
        os.kill(process.pid, how)


def test_one_that_runs_or_has_ended_is_not_interrupted(repository: GitRepository) -> None:
    with train(repository):
        assert runs(repository).interrupted("flight-delay") == []
    with pytest.raises(PermanentActError), train(repository):
        raise PermanentActError("the disk is full")
    assert runs(repository).interrupted("flight-delay") == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=["killed", "asked to end", "interrupted"])
def test_one_whose_process_died_is_interrupted_until_it_is_forgotten(repository: GitRepository, how: signal.Signals) -> None:
    killed(repository, how=how)
    assert runs(repository).interrupted("flight-delay") == [BEGUN]
    assert runs(repository).interrupted("other") == []
    runs(repository).forget(BEGUN)
    assert runs(repository).interrupted("flight-delay") == []


def test_what_the_next_training_sweeps_away_is_still_known(repository: GitRepository) -> None:
    killed(repository)
    with train(repository, replace(BEGUN, at=NOW + timedelta(hours=1))):
        assert runs(repository).interrupted("flight-delay") == [BEGUN]
    assert list((repository.common_dir / "perennial/worktrees").iterdir()) == []
    assert runs(repository).interrupted("flight-delay") == [BEGUN]
    runs(repository).forget(BEGUN)
    assert runs(repository).interrupted("flight-delay") == []


def test_several_are_told_oldest_first(repository: GitRepository) -> None:
    later = replace(BEGUN, at=NOW + timedelta(hours=1))
    killed(repository, later)
    killed(repository)
    assert runs(repository).interrupted("flight-delay") == [BEGUN, later]


@pytest.mark.parametrize("content", [b"", b'{"model": "flight', b"[]", b'{"model": "x"}', b"\xff"])
def test_a_note_that_was_never_finished_tells_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "note").write_bytes(content)
    assert read_note(tmp_path / "note") is None
    assert read_note(tmp_path / "absent") is None


class TestTheLine:
    def facts(self, *known: str) -> ModelFacts:
        usual = facts(interrupted=(BEGUN,))
        return replace(usual, history=replace(usual.history, events=usual.history.events | set(known)))

    def test_names_the_training_by_what_it_was(self) -> None:
        step = record_steps(a_situation(self.facts()))[0]
        assert step.event.kind is EventKind.TRAINING_INTERRUPTED
        assert step.event.id.startswith("trainingInterrupted/flight-delay/2013-06-01T12:00:00Z/")
        assert step.event.details["asOf"] == "2013-05-31T12:00:00Z"
        assert step.forgets == BEGUN

    def test_is_written_once_and_the_note_is_forgotten_also_by_a_run_that_was_killed_in_between(self, tmp_path: Path) -> None:
        stage = a_stage(tmp_path / "stage")
        (step, *_) = record_steps(a_situation(self.facts()))
        stage.act(step)  # dies before it forgets: this stage has nobody who could
        (again, *_) = record_steps(a_situation(self.facts(step.event.id)))
        assert again.event.id == step.event.id
        stage.act(again)
        assert stage.kinds() == [EventKind.TRAINING_INTERRUPTED]
