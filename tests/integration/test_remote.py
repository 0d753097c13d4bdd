"""A remote's refs as the state: nothing of people's is touched, moves are all or none, and what happened is looked at again."""

from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.adapters.git import GitRepository, RemoteRepository
from reconciler.domain.commits import RefUpdate
from reconciler.errors import ConflictError, ObserveError, PermanentActError, TransientActError
from tests.repositories import AT, ENVIRONMENT, MAIN_REF, a_clone, a_repository, branch, git, origin_of, put

CANDIDATE, LEDGER = "refs/heads/perennial/m/candidate", "refs/heads/perennial/ledger"


@pytest.fixture
def origin(tmp_path: Path) -> GitRepository:
    return a_repository(tmp_path / "origin.git", {"a.txt": b"a\n"}, bare=True)


@pytest.fixture
def clone(origin: GitRepository, tmp_path: Path) -> RemoteRepository:
    return a_clone(origin, tmp_path / "clone")


def the_moves(repository: GitRepository) -> list[RefUpdate]:
    tip = repository.refs(MAIN_REF)[MAIN_REF]
    made = [repository.commit(parent=tip, files={"x": name}, message="New", at=AT) for name in (b"1", b"2")]
    return [RefUpdate(ref=ref, new=new, expected=None) for ref, new in zip((CANDIDATE, LEDGER), made, strict=True)]


def hook(repository: GitRepository, name: str, text: str) -> None:
    path = origin_of(repository) / "hooks" / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def seen_by_people(root: Path) -> dict[str, str]:
    """Whatever a person looks at."""
    looks = (
        ("status", "--porcelain", "--branch"),
        ("for-each-ref", "refs/heads", "refs/remotes", "refs/tags"),
        ("stash", "list"),
    )
    said = {" ".join(look): git(root, *look) for look in looks}
    return said | {"config": (root / ".git/config").read_text(), "fetched": str((root / ".git/FETCH_HEAD").exists())}


def test_what_people_have_checked_out_and_fetched_stays_as_it_is(clone: RemoteRepository) -> None:
    git(clone.root, "switch", "-qc", "mine")
    (clone.root / "a.txt").write_bytes(b"edited\n")
    before = seen_by_people(clone.root)
    put(clone, MAIN_REF, {"b.txt": b"b\n"})
    clone.update(the_moves(clone))
    assert seen_by_people(clone.root) == before
    assert GitRepository.open(origin_of(clone), ENVIRONMENT).refs() == clone.refs()
    git(clone.root, "pull", "-q", "--autostash", "origin", "main")
    assert (clone.root / "b.txt").exists()


def test_only_what_counts_is_fetched_and_what_is_gone_is_forgotten(origin: GitRepository, clone: RemoteRepository) -> None:
    for name in ("perennial/m/staging", "env/staging", "feature/of-somebody"):
        branch(origin, name, {"x": name.encode()})
    tag = origin.tag(name="m@v1.0.0", target=clone.refs()[MAIN_REF], message="One", at=AT)
    origin.update([RefUpdate(ref="refs/tags/m@v1.0.0", new=tag, expected=None)])
    seen = clone.refs("refs/heads")
    assert set(seen) == {MAIN_REF, "refs/heads/perennial/m/staging", "refs/heads/env/staging"}
    tip = seen["refs/heads/env/staging"]
    clone.update(
        [
            RefUpdate(ref="refs/tags/m@v1.0.0", new=None, expected=seen[MAIN_REF]),
            RefUpdate(ref="refs/heads/env/staging", new=None, expected=tip),
        ]
    )
    assert set(clone.refs()) == {MAIN_REF, "refs/heads/perennial/m/staging"}
    origin.update([RefUpdate(ref="refs/heads/env", new=tip, expected=None)])
    assert set(clone.refs("refs/heads/env", MAIN_REF)) == {MAIN_REF}


def test_a_commit_that_a_forge_names_is_fetched_when_it_is_newer_than_the_last_look(
    origin: GitRepository, clone: RemoteRepository
) -> None:
    clone.refs()
    newer = put(origin, CANDIDATE, {"x": b"1"}, message="Newer")
    assert clone.commit_info(newer).message == "Newer\n"


def test_the_slower_of_two_clones_moves_nothing(origin: GitRepository, clone: RemoteRepository, tmp_path: Path) -> None:
    other = a_clone(origin, tmp_path / "other")
    mine = the_moves(clone)
    theirs = put(other, LEDGER, {"theirs": b"1"})
    with pytest.raises(ConflictError, match=f"ledger has moved: expected absent, found {theirs[:12]}"):
        clone.update(mine)
    assert origin.refs() == {MAIN_REF: clone.refs()[MAIN_REF], LEDGER: theirs}


def test_a_race_that_the_server_sees_first_moves_nothing(clone: RemoteRepository) -> None:
    """The ref moves after the server told where it is, and before it takes the push."""
    moves = the_moves(clone)
    hook(clone, "pre-receive", f"unset GIT_QUARANTINE_PATH; git update-ref {LEDGER} {MAIN_REF}")
    with pytest.raises(ConflictError, match="ledger has moved"):
        clone.update(moves)
    assert set(clone.refs()) == {MAIN_REF, LEDGER}


def test_a_move_whose_answer_was_lost_is_a_move(clone: RemoteRepository) -> None:
    moves = the_moves(clone)
    hook(clone, "reference-transaction", 'test "$1" = committed && kill -9 $PPID; exit 0')
    clone.update(moves)
    assert {ref: tip for ref, tip in clone.refs().items() if ref != MAIN_REF} == {move.ref: move.new for move in moves}


def test_a_server_that_dies_before_it_moved_anything_is_tried_again(clone: RemoteRepository, tmp_path: Path) -> None:
    moves, once = the_moves(clone), tmp_path / "once"
    hook(clone, "pre-receive", f"test -e {once} || {{ touch {once}; kill -9 $PPID; }}")
    with pytest.raises(TransientActError, match="origin did not take the changes") as caught:
        clone.update(moves)
    assert caught.value.help == "git ls-remote origin; then run again"
    assert set(clone.refs()) == {MAIN_REF}
    once.unlink()
    RemoteRepository(clone, replace(clone.remote, pauses=(0.0,))).update(moves)
    assert set(clone.refs()) == {MAIN_REF, CANDIDATE, LEDGER}


def test_what_the_server_refuses_is_a_persons_business(clone: RemoteRepository) -> None:
    hook(clone, "pre-receive", "echo 'main is protected' >&2; exit 1")
    with pytest.raises(PermanentActError, match=r"main is protected.*hook declined") as caught:
        clone.update(the_moves(clone))
    assert "rules for pushes" in caught.value.help
    assert set(clone.refs()) == {MAIN_REF}


@pytest.mark.parametrize(
    ("url", "error", "said"),
    [
        ("/nowhere/at/all.git", PermanentActError, "git remote -v"),
        ("git://127.0.0.1:1/x.git", TransientActError, "git ls-remote origin"),
        ("http://ann:hunter22@127.0.0.1:1/x.git", TransientActError, "git ls-remote origin"),
    ],
)
def test_a_remote_that_is_not_there(clone: RemoteRepository, url: str, error: type[Exception], said: str) -> None:
    moves = the_moves(clone)
    git(clone.root, "remote", "set-url", "origin", url)
    with pytest.raises(ObserveError, match="the remote origin cannot be read") as seen:
        clone.refs()
    with pytest.raises(error, match="whether it took them cannot be seen") as caught:
        clone.update(moves)
    assert said in seen.value.help
    assert said in caught.value.help  # type: ignore[attr-defined]
    assert "hunter22" not in f"{seen.value}{caught.value}"


def test_a_repository_without_the_remote_says_so(clone: RemoteRepository) -> None:
    git(clone.root, "remote", "remove", "origin")
    with pytest.raises(ObserveError) as caught:
        clone.refs()
    assert "git remote add origin URL" in caught.value.help


def test_a_shallow_clone_is_made_whole(origin: GitRepository, tmp_path: Path) -> None:
    start = origin.refs()[MAIN_REF]
    put(origin, MAIN_REF, {"b.txt": b"b\n"})
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{origin.root}", "shallow")
    local = GitRepository.open(tmp_path / "shallow", ENVIRONMENT)
    shallow = RemoteRepository.of(local, "origin")
    tip = shallow.refs()[MAIN_REF]
    assert shallow.last_change(tip, "a.txt") == start


def test_locks_that_a_killed_fetch_left_are_removed(origin: GitRepository, clone: RemoteRepository) -> None:
    clone.refs()
    (clone.common_dir / "perennial/fetching").write_bytes(b"1")
    left = [clone.common_dir / "packed-refs.lock", clone.common_dir / f"{clone.remote.corner}heads/main.lock"]
    for lock in left:
        lock.write_bytes(b"")
    moved = put(origin, MAIN_REF, {"b.txt": b"b\n"})
    assert clone.refs()[MAIN_REF] == moved
    assert not any(lock.exists() for lock in left)


def test_configuration_that_would_change_pushes_counts_for_nothing(clone: RemoteRepository) -> None:
    for key, value in {
        "push.gpgSign": "true",
        "push.followTags": "true",
        "push.pushOption": "x",
        "fetch.pruneTags": "true",
    }.items():
        git(clone.root, "config", key, value)
    git(clone.root, "config", "remote.origin.tagOpt", "--tags")
    git(clone.root, "tag", "-am", "mine", "mine")
    (clone.common_dir / "hooks/pre-push").write_text("#!/bin/sh\nexit 1\n")
    (clone.common_dir / "hooks/pre-push").chmod(0o755)
    clone.update(the_moves(clone))
    assert set(clone.refs()) == {MAIN_REF, CANDIDATE, LEDGER}
    assert git(clone.root, "tag") == "mine"


def test_an_address_may_be_relative(origin: GitRepository, clone: RemoteRepository) -> None:
    git(clone.root, "remote", "set-url", "origin", f"../{origin.root.name}")
    assert clone.refs() == origin.refs()


def test_without_a_network_it_is_read_as_it_was_last_seen(clone: RemoteRepository) -> None:
    with pytest.raises(ObserveError, match="nothing of the remote origin was seen here yet"):
        clone.last_seen()
    before = clone.refs()
    put(GitRepository.open(origin_of(clone), ENVIRONMENT), MAIN_REF, {"b.txt": b"b\n"})
    git(clone.root, "remote", "set-url", "origin", "/nowhere")
    assert clone.last_seen().refs() == before


def test_a_git_directory_that_cannot_be_written_is_told(clone: RemoteRepository) -> None:
    (clone.common_dir / "perennial").write_bytes(b"")
    with pytest.raises(ObserveError, match="cannot be written"):
        clone.refs()
