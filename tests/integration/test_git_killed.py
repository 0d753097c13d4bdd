"""A Perennial that is killed at any moment leaves a repository in which the next run succeeds."""

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from reconciler.adapters.git import GitRepository
from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import Revision
from reconciler.errors import ConflictError, TransientActError
from tests.repositories import AT, ENVIRONMENT, MAIN_REF, a_repository, git

SIDE, RECORD = "refs/heads/perennial/m/production", "refs/perennial/pulls/1"
NEW_FILES: dict[str, bytes | None] = {"a.txt": b"new\n", "b.txt": None, "c.txt": b"c\n"}
KILLED = textwrap.dedent(
    """
    import json, os, signal, sys
    from pathlib import Path
    from reconciler.adapters.git import GitRepository
    from reconciler.domain.commits import RefUpdate

    root, point, updates = Path(sys.argv[1]), int(sys.argv[2]), [RefUpdate(**u) for u in json.loads(sys.argv[3])]
    repository = GitRepository.open(root, dict(os.environ))
    count = 0

    def kill(event, args):
        global count
        watched = event in ("subprocess.Popen", "os.rename", "os.remove", "os.link", "os.mkdir", "fcntl.flock", "shutil.copyfile")
        if watched or (event == "open" and str(root) in str(args[0])):
            count += 1
            if count == point:
                os.killpg(0, signal.SIGKILL)

    sys.addaudithook(kill)
    repository.update(updates)
    """
)


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    repository = a_repository(tmp_path / "repo", {"a.txt": b"a\n", "b.txt": b"b\n", "same.txt": b"same\n"})
    tip = repository.refs(MAIN_REF)[MAIN_REF]
    repository.update([RefUpdate(ref=ref, new=tip, expected=None) for ref in (SIDE, RECORD)])
    return repository


def the_updates(repository: GitRepository) -> list[RefUpdate]:
    tip = repository.refs(MAIN_REF)[MAIN_REF]
    new = repository.commit(parent=tip, files=NEW_FILES, message="New", at=AT)
    return [
        RefUpdate(ref=MAIN_REF, new=new, expected=tip),
        RefUpdate(ref=RECORD, new=new, expected=tip),
        RefUpdate(ref=SIDE, new=None, expected=tip),
    ]


def as_json(updates: list[RefUpdate]) -> str:
    return json.dumps([{"ref": u.ref, "new": u.new, "expected": u.expected} for u in updates])


def run_killed(root: Path, point: int, updates: list[RefUpdate]) -> int:
    command = [sys.executable, "-c", KILLED, str(root), str(point), as_json(updates)]
    return subprocess.run(command, env=ENVIRONMENT, start_new_session=True, check=False, timeout=60).returncode


def run_again(repository: GitRepository, updates: list[RefUpdate]) -> None:
    """What the next pass does: open, look, and write only what is not there yet."""
    again = GitRepository.open(repository.root, ENVIRONMENT)
    moved = [again.refs().get(u.ref) == u.new for u in updates]
    assert all(moved) or not any(moved), "half a transaction is visible"
    if not all(moved):
        again.update(updates)
    refs = again.refs()
    assert [refs.get(u.ref) for u in updates] == [u.new for u in updates]
    assert git(again.root, "status", "--porcelain") == ""
    assert not list(again.common_dir.rglob("*.lock"))
    again.update([RefUpdate(ref="refs/heads/perennial/later", new=refs[MAIN_REF], expected=None)])


def test_killed_at_every_step_of_its_own(repository: GitRepository) -> None:
    updates = the_updates(repository)
    tip = Revision(str(updates[0].expected))
    for point in range(1, 200):
        if run_killed(repository.root, point, updates) == 0:
            break
        run_again(repository, updates)
        back = [
            RefUpdate(ref=MAIN_REF, new=tip, expected=updates[0].new),
            RefUpdate(ref=RECORD, new=tip, expected=updates[0].new),
        ]
        later = RefUpdate(ref="refs/heads/perennial/later", new=None, expected=updates[0].new)
        repository.update([*back, RefUpdate(ref=SIDE, new=tip, expected=None), later])
    assert 15 < point < 199


@pytest.mark.parametrize("milliseconds", [4, 10, 16, 22, 30])
def test_killed_with_its_children_at_any_time(repository: GitRepository, milliseconds: int) -> None:
    updates = the_updates(repository)
    script = KILLED.replace("sys.addaudithook(kill)", "print('go', flush=True)")
    command = [sys.executable, "-c", script, str(repository.root), "0", as_json(updates)]
    with subprocess.Popen(command, env=ENVIRONMENT, start_new_session=True, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            process.wait(timeout=milliseconds / 1000)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
    run_again(repository, updates)


def journal(repository: GitRepository, updates: list[RefUpdate]) -> None:
    """As a killed run leaves it: the intent is on disk."""
    follow = {"ref": MAIN_REF, "git_dir": str(repository.common_dir), "work_tree": str(repository.root)}
    follow |= {"old": updates[0].expected, "new": updates[0].new}
    path = repository.common_dir / "perennial/transaction.json"
    path.write_text(json.dumps({"updates": json.loads(as_json(updates)), "follows": [follow]}))
    a_while_ago(path, 20)


def a_while_ago(path: Path, seconds: float) -> None:
    written = path.stat().st_mtime - seconds
    os.utime(path, (written, written))


@pytest.mark.parametrize("done", [0, 1, 2, 3])
def test_half_applied_refs_are_finished(repository: GitRepository, done: int) -> None:
    updates = the_updates(repository)
    journal(repository, updates)
    for update in updates[:done]:
        git(repository.root, "update-ref", *(["-d", update.ref] if update.new is None else [update.ref, update.new]))
    for lock in (f"{RECORD}.lock", f"{MAIN_REF}.lock", "packed-refs.lock", "HEAD.lock"):
        (repository.common_dir / lock).write_bytes(b"")
        a_while_ago(repository.common_dir / lock, 10)
    run_again(repository, updates)


def test_half_written_files_are_finished(repository: GitRepository) -> None:
    updates = the_updates(repository)
    journal(repository, updates)
    for update in updates:
        git(repository.root, "update-ref", *(["-d", update.ref] if update.new is None else [update.ref, update.new]))
    (repository.root / "a.txt").write_bytes(b"ne")
    (repository.root / "c.txt").write_bytes(b"c\n")
    (repository.root / "b.txt").unlink()
    (repository.common_dir / "index.lock").write_bytes(b"perennial\n")
    run_again(repository, updates)


def test_edits_after_the_crash_are_kept_and_reads_still_work(repository: GitRepository) -> None:
    updates = the_updates(repository)
    journal(repository, updates)
    for update in updates:
        git(repository.root, "update-ref", *(["-d", update.ref] if update.new is None else [update.ref, update.new]))
    (repository.root / "a.txt").write_bytes(b"mine\n")
    again = GitRepository.open(repository.root, ENVIRONMENT)
    assert again.refs()[MAIN_REF] == updates[0].new
    with pytest.raises(ConflictError, match=r"a\.txt"):
        again.update([RefUpdate(ref="refs/heads/perennial/x", new=updates[0].new, expected=None)])
    assert (repository.root / "a.txt").read_bytes() == b"mine\n"
    git(repository.root, "stash")
    again.update([RefUpdate(ref="refs/heads/perennial/x", new=updates[0].new, expected=None)])
    assert git(repository.root, "status", "--porcelain") == ""


def test_a_lock_of_somebody_else_is_left_alone(repository: GitRepository) -> None:
    lock = repository.common_dir / f"{MAIN_REF}.lock"
    lock.write_bytes(b"")
    with pytest.raises(TransientActError, match="could not be moved"):
        repository.update(the_updates(repository))
    assert lock.exists()
    assert SIDE in repository.refs()


def test_an_old_lock_on_a_ref_of_ours_is_cleaned(repository: GitRepository) -> None:
    lock = repository.common_dir / f"{RECORD}.lock"
    lock.write_bytes(b"")
    os.utime(lock, (1, 1))
    repository.update(the_updates(repository))
    assert not lock.exists()


def test_an_unreadable_journal_is_dropped(repository: GitRepository) -> None:
    (repository.common_dir / "perennial/transaction.json").write_text("{")
    repository.update(the_updates(repository))
    assert not (repository.common_dir / "perennial/transaction.json").exists()
