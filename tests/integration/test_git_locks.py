"""Locks: who waits for whom, and which lock files are taken for dead."""

import fcntl
import os
import threading
import time
from pathlib import Path

import pytest

from reconciler.adapters.git import locks
from reconciler.adapters.git.journal import Entry, Follow, Journal
from reconciler.adapters.git.process import GitProcess
from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import Revision
from reconciler.errors import ObserveError, PermanentActError, TransientActError
from tests.repositories import AT, ENVIRONMENT, MAIN_REF, a_repository

OLD, NEW = Revision("0" * 40), Revision("1" * 40)


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    (tmp_path / "clock").touch()
    return tmp_path / "clock"


def a_lock(folder: Path, age: float, name: str = "x.lock") -> Path:
    """A lock file that was written `age` seconds ago; in the future when negative."""
    lock = folder / name
    lock.touch()
    written = lock.stat().st_mtime - age
    os.utime(lock, (written, written))
    return lock


def test_the_lock_is_free_when_its_last_holder_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "new/lock"
    with locks.hold(path) as descriptor:
        kept = os.dup(descriptor)
    with path.open("rb") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(kept)
    with locks.hold(path):
        pass


def test_one_at_a_time(tmp_path: Path) -> None:
    inside, most = [], []

    def work() -> None:
        for _ in range(5):
            with locks.hold(tmp_path / "lock"):
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(most), max(most)) == (20, 1)


def test_who_waits_too_long_says_for_whom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "_WAIT", 0.05)
    with locks.hold(tmp_path / "lock"), pytest.raises(TransientActError, match="another perennial") as caught:  # noqa: SIM117
        with locks.hold(tmp_path / "lock"):
            pytest.fail("two hold the lock")
    assert "fuser" in caught.value.help


def test_a_place_that_cannot_be_written_is_for_a_person(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PermanentActError, match="cannot be written"), locks.hold(tmp_path / "file/lock"):
        pytest.fail("a lock below a file")


@pytest.mark.parametrize(
    ("age", "since", "stays"),
    [(10, 0, False), (10, 5, True), (100_000, 0, False), (locks.STALE_AFTER, 0, False)],
    ids=["old", "older than the transaction", "very old", "just old enough"],
)
def test_an_old_lock_goes_unless_it_is_older_than_the_transaction(
    tmp_path: Path, clock: Path, age: float, since: float, stays: bool
) -> None:
    lock = a_lock(tmp_path, age)
    locks.remove_stale([lock], clock=clock, since=clock.stat().st_mtime - since if since else 0.0)
    assert lock.exists() is stays


def test_a_lock_from_the_future_goes_after_a_wait(tmp_path: Path, clock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "STALE_AFTER", 0.1)
    lock = a_lock(tmp_path, -1_000_000)
    locks.remove_stale([lock], clock=clock)
    assert not lock.exists()


def test_a_young_lock_is_waited_for_and_left_to_its_holder(tmp_path: Path, clock: Path) -> None:
    lock = a_lock(tmp_path, 0)
    holder = threading.Timer(0.1, lock.unlink)
    holder.start()
    locks.remove_stale([lock, tmp_path / "none.lock", clock / "below-a-file.lock"], clock=clock)
    holder.join()
    assert not lock.exists()


def test_a_lock_that_is_taken_again_and_again_is_alive(tmp_path: Path, clock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "STALE_AFTER", 1.5)
    lock, removed = a_lock(tmp_path, -1_000_000), []

    def work() -> None:
        for age in range(1, 20):
            time.sleep(0.1)
            if not lock.exists():
                removed.append(age)
                return
            a_lock(tmp_path, -1_000_000 - age)
        lock.unlink()

    holder = threading.Thread(target=work)
    holder.start()
    locks.remove_stale([lock], clock=clock)
    holder.join()
    assert not removed


ENTRY = Entry(
    updates=(RefUpdate(ref="refs/heads/main", new=NEW, expected=OLD), RefUpdate(ref="refs/heads/ünï", new=None, expected=OLD)),
    follows=(Follow(ref="refs/heads/main", git_dir="/x/.git", work_tree="/x", old=None, new=NEW),),
)


def test_the_journal_is_read_as_it_was_written_and_cleared_once(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "transaction.json")
    assert journal.read() is None
    journal.write(ENTRY)
    found = journal.read()
    assert found is not None
    assert (found.updates, found.follows) == (ENTRY.updates, ENTRY.follows)
    assert found.since == (tmp_path / "transaction.json").stat().st_mtime
    journal.clear()
    journal.clear()
    assert journal.read() is None


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"updates": []}',
        b'{"updates": [1], "follows": []}',
        b'{"updates": [{}], "follows": []}',
    ],
)
def test_a_journal_that_cannot_be_read_was_never_finished_and_is_dropped(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "transaction.json"
    path.write_bytes(content)
    assert Journal(path).read() is None
    assert not path.exists()


def test_a_half_written_journal_hides_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "transaction.json")
    journal.write(ENTRY)
    (tmp_path / "transaction.new").write_text('{"updates": [')
    found = journal.read()
    assert found is not None
    assert found.updates == ENTRY.updates


def test_git_that_is_not_there_or_does_not_end_is_told(tmp_path: Path) -> None:
    repository = a_repository(tmp_path / "repo")
    gone = GitProcess(git_dir=repository.common_dir, environment={"PATH": str(tmp_path)})
    with pytest.raises(PermanentActError, match="git cannot be started") as caught:
        gone.attempt("status")
    assert caught.value.help == "perennial doctor"
    with pytest.raises(ObserveError, match="git cannot be started"):
        gone.read("rev-parse", "HEAD")
    (tmp_path / "git").write_text("#!/bin/sh\nexec sleep 60\n")
    (tmp_path / "git").chmod(0o755)
    slow = GitProcess(git_dir=repository.common_dir, environment=ENVIRONMENT | {"PATH": f"{tmp_path}:/bin:/usr/bin"}, timeout=0.2)
    with pytest.raises(TransientActError, match=r"git rev-parse did not end within 0\.2 s"):
        slow.attempt("rev-parse", "HEAD")
    with pytest.raises(ObserveError, match="did not end within"):
        slow.read("rev-parse", "HEAD")


def test_what_git_says_is_shown_without_secrets_and_places(tmp_path: Path) -> None:
    (tmp_path / "git").write_text('#!/bin/sh\necho "fatal: $A_TOKEN in $PWD at https://ann:pw@host/x" >&2\nexit 3\n')
    (tmp_path / "git").chmod(0o755)
    process = GitProcess(git_dir=tmp_path, environment={"PATH": f"{tmp_path}:/bin:/usr/bin", "A_TOKEN": "s3cr3t-value"})
    answer = process.attempt("anything")
    assert (answer.code, answer.err) == (3, "fatal: *** in . at https://***@host/x")
    with pytest.raises(PermanentActError, match=r"git anything failed: fatal: \*\*\*"):
        process.write("anything")


def test_the_time_of_a_tag_is_perennials(tmp_path: Path) -> None:
    repository = a_repository(tmp_path / "repo")
    made = repository.tag(name="m@v1.0.0", target=repository.refs()[MAIN_REF], message="Say é\0", at=AT)
    assert repository.tag(name="m@v1.0.0", target=repository.refs()[MAIN_REF], message="Say é\0", at=AT) == made
    text = repository.git.read("cat-file", "tag", made).decode()
    assert text.splitlines()[2:] == ["tag m@v1.0.0", "tagger Perennial <perennial@localhost> 1362117600 +0000", "", "Say é\ufffd"]
