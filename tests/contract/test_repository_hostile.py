"""What the repository port promises about names, times and bytes that nobody would choose but somebody can push."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from reconciler.adapters.git import GitRepository
from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import Revision
from reconciler.errors import ActError, ConflictError, ObserveError, PermanentActError
from tests.repositories import AT, ENVIRONMENT, MAIN_REF, a_remote, a_repository, git, origin_of, put


@pytest.fixture(params=["bare", pytest.param("remote", marks=pytest.mark.slow)])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> GitRepository:
    if request.param == "remote":
        return a_remote(tmp_path, {"a.txt": b"a\n"})
    return a_repository(tmp_path / "repo", {"a.txt": b"a\n"}, bare=True)


def main(repository: GitRepository) -> Revision:
    return repository.refs(MAIN_REF)[MAIN_REF]


def a_raw_commit(repository: GitRepository, committed: str) -> Revision:
    """A commit of which only the bytes are checked."""
    tree = git(repository.root, "rev-parse", f"{MAIN_REF}^{{tree}}")
    content = f"tree {tree}\nauthor A <a@b> 1 +0000\ncommitter {committed}\n\nm\n"
    path = repository.root / "raw"
    path.write_text(content)
    return Revision(git(repository.root, "hash-object", "-t", "commit", "-w", "--literally", str(path)))


@pytest.mark.parametrize(
    "name",
    ["line\u2028separator", "next\u0085line", "ünï", "列", "a#b@c", "-rf", "$(id)", "a'b\"c", "\u202eturned"],
    ids=ascii,
)
def test_a_branch_of_any_name_that_git_allows_is_read_moved_and_deleted(repository: GitRepository, name: str) -> None:
    ref, tip = f"refs/heads/{name}", main(repository)
    repository.update([RefUpdate(ref=ref, new=tip, expected=None)])
    assert repository.refs() == {MAIN_REF: tip, ref: tip}
    assert repository.branches_in(tip) == {MAIN_REF, ref}
    moved = put(repository, ref, {"b": b"1"})
    assert repository.refs("refs/heads")[ref] == moved
    repository.update([RefUpdate(ref=ref, new=None, expected=moved)])
    assert repository.refs() == {MAIN_REF: tip}


def test_a_branch_whose_name_is_no_text_is_read_and_moved(repository: GitRepository) -> None:
    ref, tip = "refs/heads/" + b"\xff\xfe".decode(errors="surrogateescape"), main(repository)
    repository.update([RefUpdate(ref=ref, new=tip, expected=None)])
    assert repository.refs() == {MAIN_REF: tip, ref: tip}
    repository.update([RefUpdate(ref=ref, new=None, expected=tip)])
    assert repository.refs() == {MAIN_REF: tip}


@pytest.mark.parametrize(
    "committed",
    ["A <a@b> 999999999999999 +0000", "A <a@b> 99999999999999999999999 +0000", "A <a@b>"],
    ids=["in the year 31 million", "beyond 64 bits", "no time"],
)
def test_a_commit_without_a_time_that_can_be_read_is_an_observe_error(repository: GitRepository, committed: str) -> None:
    revision = a_raw_commit(repository, committed)
    with pytest.raises(ObserveError, match=f"commit {revision[:12]} has no time") as caught:
        repository.commit_info(revision)
    assert caught.value.help == "git fsck"


@pytest.mark.parametrize("zone", ["+0000", "+0530", "-1100"])
def test_the_zone_of_a_commit_does_not_change_its_instant(repository: GitRepository, zone: str) -> None:
    assert repository.commit_info(a_raw_commit(repository, f"A <a@b> 1362117600 {zone}")).at == AT


def test_summer_time_and_fractions_of_a_second_give_the_same_commit(repository: GitRepository) -> None:
    berlin = AT.astimezone(timezone(timedelta(hours=2)))
    ids = {repository.commit(parent=None, files={}, message="m", at=at) for at in (AT, berlin, AT.replace(microsecond=999_999))}
    assert len(ids) == 1


def test_a_time_before_1970_cannot_be_committed(repository: GitRepository) -> None:
    with pytest.raises(ActError, match="commit-tree failed"):
        repository.commit(parent=None, files={}, message="m", at=datetime(1960, 1, 1, tzinfo=AT.tzinfo))


@pytest.mark.parametrize(
    "path",
    [".git\u200c/config", "git~1/config", ".git /x", ".GIT./x", ".git::$INDEX_ALLOCATION/x", "a/.Git/x", "a/.git", "..", "a/./b"],
)
def test_paths_that_another_system_would_take_for_git_are_refused(repository: GitRepository, path: str) -> None:
    with pytest.raises(PermanentActError):
        repository.commit(parent=None, files={path: b"x"}, message="m", at=AT)


@pytest.mark.parametrize(
    "path",
    [
        "with space",
        "ünï/列.txt",
        "-rf",
        ":(top)x",
        "*",
        ".gitignore",
        "x.git",
        "git",
        "a\u2028b",
        "tab is no path".replace(" ", "_"),
        "x" * 200,
        "HEAD",
    ],
)
def test_files_of_any_other_name_come_back(repository: GitRepository, path: str) -> None:
    revision = repository.commit(parent=main(repository), files={path: b"\0\xff\r\n"}, message="m", at=AT)
    assert repository.files(revision, path) == {path: b"\0\xff\r\n"}
    assert repository.last_change(revision, path) == revision
    assert repository.last_change(revision, "a.txt") == main(repository)


def test_removing_what_is_not_there_and_writing_what_is_there_change_nothing(repository: GitRepository) -> None:
    tip = main(repository)
    same = repository.commit(parent=tip, files={"a.txt": b"a\n", "gone": None, "gone/too": None}, message="m", at=AT)
    assert git(repository.root, "rev-parse", f"{same}^{{tree}}") == git(repository.root, "rev-parse", f"{tip}^{{tree}}")


def test_thousands_of_files_are_written_and_read_at_once(repository: GitRepository) -> None:
    files: dict[str, bytes | None] = {f"models/m{i:04}/model.yaml": b"%d\n" % (i % 7) for i in range(3000)}
    revision = repository.commit(parent=None, files=files, message="m", at=AT)
    assert repository.files(revision) == files
    assert list(repository.files(revision, "models/m0001", "models/m0002")) == sorted(files)[1:3]


def test_one_ref_cannot_be_moved_twice_at_once(repository: GitRepository) -> None:
    tip = main(repository)
    twice = [RefUpdate(ref="refs/heads/x", new=tip, expected=None)] * 2
    with pytest.raises(ActError, match=r"could not be moved|did not take"):
        repository.update(twice)
    assert repository.refs() == {MAIN_REF: tip}


def test_a_branch_below_another_is_refused_and_nothing_else_moves(repository: GitRepository) -> None:
    tip = main(repository)
    repository.update([RefUpdate(ref="refs/heads/perennial/m", new=tip, expected=None)])
    below = [RefUpdate(ref=f"refs/heads/{name}", new=tip, expected=None) for name in ("other", "perennial/m/candidate")]
    with pytest.raises(ActError, match=r"could not be moved|did not take"):
        repository.update(below)
    assert set(repository.refs()) == {MAIN_REF, "refs/heads/perennial/m"}


def test_a_commit_that_does_not_exist_cannot_be_pointed_at(repository: GitRepository) -> None:
    with pytest.raises(ActError, match=r"could not be moved|did not take"):
        repository.update([RefUpdate(ref="refs/heads/x", new=Revision("0123456789" * 4), expected=None)])
    assert set(repository.refs()) == {MAIN_REF}


def test_a_symbolic_ref_is_read_as_its_target(repository: GitRepository) -> None:
    git(origin_of(repository), "symbolic-ref", "refs/heads/alias", MAIN_REF)
    assert repository.refs()["refs/heads/alias"] == main(repository)


def test_refs_to_files_and_trees_are_left_out(repository: GitRepository) -> None:
    for name, what in (("tree", f"{MAIN_REF}^{{tree}}"), ("file", f"{MAIN_REF}:a.txt")):
        git(repository.root, "update-ref", f"refs/tags/{name}", git(repository.root, "rev-parse", what))
        git(repository.root, "tag", "-a", "-m", "of a tree", f"annotated-{name}", f"refs/tags/{name}")
    assert set(repository.refs()) == {MAIN_REF}


@pytest.mark.parametrize("damage", ["blob", "commit"])
def test_a_damaged_repository_is_an_observe_error(repository: GitRepository, damage: str) -> None:
    tip = main(repository)
    name = git(repository.root, "rev-parse", f"{tip}:a.txt") if damage == "blob" else tip
    (repository.common_dir / "objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(ObserveError):
        repository.files(tip)


def test_the_machines_configuration_of_git_changes_nothing(repository: GitRepository, tmp_path: Path) -> None:
    (tmp_path / "gitconfig").write_text("[core]\n\tquotePath = true\n[log]\n\tshowSignature = true\n[user]\n\tname = Mallory\n")
    trap = {"GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"), "GIT_DIR": "/nowhere", "GIT_INDEX_FILE": "/nowhere/index"}
    other = GitRepository(
        repository.git.__class__(git_dir=repository.common_dir, environment=ENVIRONMENT | trap), repository.root
    )
    revision = other.commit(parent=main(repository), files={"ü": b"1"}, message="m", at=AT)
    assert other.files(revision) == {"a.txt": b"a\n", "ü": b"1"}
    assert other.commit_info(revision).committer == "perennial@localhost"
    assert revision == repository.commit(parent=main(repository), files={"ü": b"1"}, message="m", at=AT)


def test_a_conflict_names_every_file_on_both_sides(repository: GitRepository) -> None:
    base = main(repository)
    sides = [
        repository.commit(parent=base, files={"a.txt": side, "ü b": side, "mine": b"same"}, message="m", at=AT)
        for side in (b"ours\n", b"theirs\n")
    ]
    with pytest.raises(ConflictError, match=r"does not merge cleanly: a\.txt, ü b$"):
        repository.merge(base=sides[0], tip=sides[1], message="m", at=AT)
