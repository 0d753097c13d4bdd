"""The ledger when several processes write to it: every line once, and none lost."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from reconciler.act.ledger import ATTEMPTS, Ledger
from reconciler.adapters.git import GitRepository
from reconciler.domain.events import Event, EventKind
from reconciler.errors import ConflictError, TransientActError
from reconciler.observe.ledger import read_events
from reconciler.ports import RefUpdate
from tests.repositories import AT, ENVIRONMENT, a_repository

LEDGER_REF = "refs/heads/perennial/ledger"


def an_event(subject: str) -> Event:
    return Event(id=f"trained/{subject}", at=AT, model="m", kind=EventKind.TRAINED, message="", details={})


def subjects(repository: GitRepository) -> list[str]:
    content = repository.files(repository.refs(LEDGER_REF)[LEDGER_REF], "m.jsonl")["m.jsonl"]
    return [event.id.removeprefix("trained/") for event in read_events(content, "m.jsonl")]


class OvertakenRepository(GitRepository):
    """Somebody else writes a line of their own just before each of the next `times` moves."""

    times = 1

    def update(self, updates: Sequence[RefUpdate]) -> None:
        if self.times:
            self.times -= 1
            other = GitRepository.open(self.root, ENVIRONMENT)
            Ledger(other, other).record(an_event(f"other{self.times}"))
        super().update(updates)


@pytest.fixture
def overtaken(tmp_path: Path) -> OvertakenRepository:
    a_repository(tmp_path / "repo")
    repository = OvertakenRepository.open(tmp_path / "repo", ENVIRONMENT)
    assert isinstance(repository, OvertakenRepository)
    return repository


def test_a_line_is_written_once(tmp_path: Path) -> None:
    repository = a_repository(tmp_path / "repo")
    for _ in range(2):
        Ledger(repository, repository).record(an_event("a"))
    assert subjects(repository) == ["a"]


def test_the_line_of_a_quicker_process_is_kept_and_ours_follows(overtaken: OvertakenRepository) -> None:
    Ledger(overtaken, overtaken).record(an_event("a"))
    assert subjects(overtaken) == ["other0", "a"]


def test_the_same_line_of_a_quicker_process_is_ours(overtaken: OvertakenRepository) -> None:
    Ledger(overtaken, overtaken).record(an_event("other0"))
    assert subjects(overtaken) == ["other0"]


def test_a_move_that_comes_with_a_line_is_made_with_it_or_not_at_all(overtaken: OvertakenRepository) -> None:
    tip = overtaken.refs("refs/heads/main")["refs/heads/main"]
    candidate = RefUpdate(ref="refs/heads/perennial/m/candidate", new=tip, expected=None)
    Ledger(overtaken, overtaken).record(an_event("a"), candidate)
    assert overtaken.refs()[candidate.ref] == tip
    with pytest.raises(ConflictError, match="candidate has moved"):
        Ledger(overtaken, overtaken).record(an_event("b"), candidate)
    assert subjects(overtaken) == ["other0", "a"]


def test_it_does_not_try_for_ever(overtaken: OvertakenRepository) -> None:
    overtaken.times = ATTEMPTS
    with pytest.raises(TransientActError, match="quicker"):
        Ledger(overtaken, overtaken).record(an_event("a"))
    assert "a" not in subjects(overtaken)
