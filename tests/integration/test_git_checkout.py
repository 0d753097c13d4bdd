"""A checked-out branch that moves takes its working tree along, and never at the cost of somebody's edits."""

from pathlib import Path

import pytest

from reconciler.adapters.git import GitRepository
from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import Revision
from reconciler.errors import ConflictError, TransientActError
from tests.repositories import AT, ENVIRONMENT, MAIN_REF, a_repository, branch, git, put

FILES = {"a.txt": b"a\n", "b.txt": b"b\n", "d/c.txt": b"c\n"}


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return a_repository(tmp_path / "repo", FILES)


def moved(repository: GitRepository, files: dict[str, bytes | None]) -> Revision:
    return put(repository, MAIN_REF, files)


def test_files_appear_change_and_go(repository: GitRepository) -> None:
    moved(repository, {"a.txt": b"new\n", "d/c.txt": None, "e/f.txt": b"f\n"})
    assert git(repository.root, "status", "--porcelain") == ""
    assert (repository.root / "a.txt").read_bytes() == b"new\n"
    assert (repository.root / "e/f.txt").exists()
    assert not (repository.root / "d").exists()


def test_edits_elsewhere_survive(repository: GitRepository) -> None:
    (repository.root / "b.txt").write_text("mine\n")
    (repository.root / "notes.txt").write_text("mine\n")
    (repository.root / "d/c.txt").write_text("staged\n")
    git(repository.root, "add", "d/c.txt")
    moved(repository, {"a.txt": b"new\n"})
    assert git(repository.root, "status", "--porcelain").splitlines() == ["M b.txt", "M  d/c.txt", "?? notes.txt"]
    assert (repository.root / "a.txt").read_bytes() == b"new\n"


@pytest.mark.parametrize("edited", ["a.txt", "new.txt"])
@pytest.mark.parametrize("staged", [False, True])
def test_edits_that_would_be_overwritten_refuse_before_anything_moves(
    repository: GitRepository, edited: str, staged: bool
) -> None:
    before = repository.refs()
    (repository.root / edited).write_text("mine\n")
    if staged:
        git(repository.root, "add", edited)
    with pytest.raises(ConflictError, match=edited) as caught:
        moved(repository, {"a.txt": b"theirs\n", "new.txt": b"theirs\n"})
    assert "git stash" in caught.value.help
    assert repository.refs() == before
    assert (repository.root / edited).read_text() == "mine\n"
    assert not (repository.common_dir / "index.lock").exists()


def test_a_touched_but_equal_file_is_no_edit(repository: GitRepository) -> None:
    (repository.root / "a.txt").write_bytes(b"a\n")
    moved(repository, {"a.txt": b"new\n"})
    assert git(repository.root, "status", "--porcelain") == ""


def test_an_unresolved_merge_refuses(repository: GitRepository) -> None:
    branch(repository, "side", {"a.txt": b"side\n"})
    tip = moved(repository, {"a.txt": b"main\n"})
    with pytest.raises(AssertionError):
        git(repository.root, "merge", "side")
    with pytest.raises(ConflictError):
        moved(repository, {"b.txt": b"new\n"})
    assert repository.refs(MAIN_REF)[MAIN_REF] == tip


def test_another_git_at_work_is_waited_for_by_trying_again(repository: GitRepository) -> None:
    before = repository.refs()
    lock = repository.common_dir / "index.lock"
    lock.write_bytes(b"")
    with pytest.raises(TransientActError, match=r"index\.lock exists"):
        moved(repository, {"a.txt": b"new\n"})
    assert repository.refs() == before
    assert lock.exists()


def test_linked_worktrees_follow_too(repository: GitRepository, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    branch(repository, "env/production", {"x.yaml": b"1\n"})
    git(repository.root, "worktree", "add", "-q", str(linked), "env/production")
    branch(repository, "env/production", {"x.yaml": b"2\n"})
    assert (linked / "x.yaml").read_bytes() == b"2\n"
    assert git(linked, "status", "--porcelain") == ""
    assert git(repository.root, "status", "--porcelain") == ""


def test_a_checked_out_branch_is_not_deleted(repository: GitRepository) -> None:
    tip = branch(repository, "perennial/m/production", {"x": b"1"})
    git(repository.root, "switch", "-q", "perennial/m/production")
    with pytest.raises(ConflictError, match="perennial/m/production is checked out") as caught:
        repository.update([RefUpdate(ref="refs/heads/perennial/m/production", new=None, expected=tip)])
    assert caught.value.help == "git switch main"


def test_a_detached_head_stays_where_it_is(repository: GitRepository) -> None:
    git(repository.root, "switch", "-q", "--detach")
    head = git(repository.root, "rev-parse", "HEAD")
    moved(repository, {"a.txt": b"new\n"})
    assert git(repository.root, "rev-parse", "HEAD") == head
    assert git(repository.root, "status", "--porcelain") == ""


def test_an_empty_repository_gets_its_first_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--initial-branch=main")
    repository = GitRepository.open(tmp_path, ENVIRONMENT)
    first = repository.commit(parent=None, files={"x": b"1"}, message="First", at=AT)
    repository.update([RefUpdate(ref=MAIN_REF, new=first, expected=None)])
    assert git(tmp_path, "status", "--porcelain") == ""
    assert (tmp_path / "x").read_bytes() == b"1"


def test_hooks_and_filters_of_the_machine_do_not_run(repository: GitRepository) -> None:
    hook = repository.common_dir / "hooks/reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    moved(repository, {"a.txt": b"new\n"})
    assert git(repository.root, "status", "--porcelain") == ""
