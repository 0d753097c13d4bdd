"""What the repository port promises, on real git: with a working tree, bare, and on the refs of a remote."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.adapters.git import GitRepository
from reconciler.domain.commits import CommitInfo, RefUpdate
from reconciler.domain.names import Revision
from reconciler.errors import ConflictError, ObserveError, PermanentActError
from tests.repositories import AT, ENVIRONMENT, MAIN_REF, a_remote, a_repository, git, origin_of, put

NOWHERE = Revision("0123456789" * 4)


@pytest.fixture(params=["bare", "checked out", "remote"])
def repository(request: pytest.FixtureRequest, tmp_path: Path) -> GitRepository:
    if request.param == "remote":
        return a_remote(tmp_path, {"a.txt": b"a\n", "d/b.txt": b"b\n"})
    return a_repository(tmp_path / "repo", {"a.txt": b"a\n", "d/b.txt": b"b\n"}, bare=request.param == "bare")


def main(repository: GitRepository) -> Revision:
    return repository.refs(MAIN_REF)[MAIN_REF]


def test_files_under_prefixes_are_whole_path_components(repository: GitRepository) -> None:
    put(repository, MAIN_REF, {"d/c/e.txt": b"", "dd/x.txt": b"x", "binary": b"\0\n\xff"})
    assert repository.files(main(repository), "d/", "binary") == {"binary": b"\0\n\xff", "d/b.txt": b"b\n", "d/c/e.txt": b""}
    assert set(repository.files(main(repository))) == {"a.txt", "binary", "d/b.txt", "d/c/e.txt", "dd/x.txt"}
    assert repository.files(main(repository), "nothing") == {}


def test_prefixes_are_names_and_not_patterns(repository: GitRepository) -> None:
    put(repository, MAIN_REF, {":(top)*.txt": b"odd", "*.txt": b"star"})
    assert repository.files(main(repository), "*.txt") == {"*.txt": b"star"}


@pytest.mark.parametrize("path", ["..", "d/../a.txt", "d//b.txt", ""])
def test_prefixes_stay_inside(repository: GitRepository, path: str) -> None:
    with pytest.raises(ObserveError, match="not a path"):
        repository.files(main(repository), path)


@pytest.mark.parametrize("revision", ["main", "HEAD", "--output=/tmp/x", NOWHERE[:39]])
def test_only_full_ids_are_revisions(repository: GitRepository, revision: str) -> None:
    with pytest.raises(ObserveError, match="not a full commit id"):
        repository.files(Revision(revision))


def test_an_unknown_revision_is_an_observe_error(repository: GitRepository) -> None:
    with pytest.raises(ObserveError):
        repository.files(NOWHERE)
    with pytest.raises(ObserveError):
        repository.commit_info(NOWHERE)


def test_links_are_left_out(tmp_path: Path) -> None:
    repository = a_repository(tmp_path)
    (tmp_path / "link").symlink_to("/etc/passwd")
    git(tmp_path, "add", "link")
    git(tmp_path, "commit", "-qm", "Link")
    assert set(repository.files(main(repository))) == {"README.md"}


def test_the_same_input_gives_the_same_commit(tmp_path: Path) -> None:
    ids = set()
    for name in ("one", "two"):
        repository = a_repository(tmp_path / name)
        ids.add(repository.commit(parent=main(repository), files={"x": b"1", "a/b": b"2"}, message="Say so\n\nWhy", at=AT))
    assert len(ids) == 1


def test_a_commit_lays_files_over_its_parent_and_whole_replaces_it(repository: GitRepository) -> None:
    over = repository.commit(parent=main(repository), files={"a.txt": None, "n/x": b"1", "gone": None}, message="m", at=AT)
    whole = repository.commit(parent=over, files={"only": b"2"}, message="m", at=AT, whole=True)
    assert repository.files(over) == {"d/b.txt": b"b\n", "n/x": b"1"}
    assert repository.files(whole) == {"only": b"2"}
    assert repository.files(repository.commit(parent=whole, files={}, message="nothing", at=AT, whole=True)) == {}


def test_a_file_can_become_a_directory_and_back(repository: GitRepository) -> None:
    deeper = repository.commit(parent=main(repository), files={"a.txt/inner": b"1"}, message="m", at=AT)
    assert set(repository.files(deeper)) == {"a.txt/inner", "d/b.txt"}
    back = repository.commit(parent=deeper, files={"a.txt": b"2"}, message="m", at=AT)
    assert set(repository.files(back)) == {"a.txt", "d/b.txt"}


def test_executable_files_stay_executable(tmp_path: Path) -> None:
    repository = a_repository(tmp_path, {"run.sh": b"1", "plain": b"1"})
    (tmp_path / "run.sh").chmod(0o755)
    git(tmp_path, "commit", "-qam", "Executable")
    put(repository, MAIN_REF, {"plain": b"2", "run.sh": b"2"})
    assert stat.S_IMODE((tmp_path / "run.sh").stat().st_mode) & stat.S_IXUSR
    assert git(tmp_path, "ls-tree", "HEAD", "run.sh").startswith("100755")
    assert git(tmp_path, "ls-tree", "HEAD", "plain").startswith("100644")


@pytest.mark.parametrize(
    "path", ["../x", "/x", "a/../x", ".git/config", "a/.GIT/hooks/x", "a//b", "", "a\nb", "a\0b", ".", "a\\b"]
)
def test_paths_that_leave_the_repository_are_refused(repository: GitRepository, path: str) -> None:
    with pytest.raises(PermanentActError, match="may be committed"):
        repository.commit(parent=None, files={path: b""}, message="m", at=AT)


def test_a_path_cannot_be_file_and_directory(repository: GitRepository) -> None:
    with pytest.raises(PermanentActError, match="x cannot be a file and the directory of x/y/z"):
        repository.commit(parent=None, files={"x": b"", "x/y/z": b""}, message="m", at=AT)


@pytest.mark.parametrize("message", ["", "a\0b", "\udcff lone", "-F /etc/passwd", "x" * 300_000, "# not a comment\n"])
def test_any_message_can_be_committed(repository: GitRepository, message: str) -> None:
    revision = repository.commit(parent=None, files={"x": b""}, message=message, at=AT)
    assert repository.commit_info(revision).at == AT


def test_times_are_utc_and_must_have_a_zone(repository: GitRepository) -> None:
    revision = repository.commit(parent=None, files={}, message="m", at=AT + timedelta(hours=1))
    assert repository.commit_info(revision).at == AT + timedelta(hours=1)
    with pytest.raises(PermanentActError, match="time with its zone"):
        repository.commit(parent=None, files={}, message="m", at=AT.replace(tzinfo=None))


def test_a_commit_is_perennials_whatever_the_configuration_says(repository: GitRepository) -> None:
    git(repository.common_dir, "config", "user.name", "Mallory")
    git(repository.common_dir, "config", "commit.gpgSign", "true")
    revision = repository.commit(parent=None, files={"x": b"a\r\n"}, message="m", at=AT)
    assert git(repository.common_dir, "show", "-s", "--format=%an %ae %cn %ce %ai", revision) == (
        "Perennial perennial@localhost Perennial perennial@localhost 2013-03-01 06:00:00 +0000"
    )


def test_a_commit_tells_who_when_and_why(repository: GitRepository) -> None:
    tip = main(repository)
    revision = repository.commit(parent=tip, files={}, message="Say é\n\nRelease-Digest: sha256:0", at=AT)
    expected = CommitInfo(
        parents=(tip,),
        author="Perennial <perennial@localhost>",
        committer="perennial@localhost",
        at=AT,
        message="Say é\n\nRelease-Digest: sha256:0\n",
    )
    assert repository.commit_info(revision) == expected
    assert repository.commit_info(repository.merge(base=tip, tip=revision, message="m", at=AT)).parents == (tip, revision)


def test_history_contains_what_led_to_a_commit_and_nothing_else(repository: GitRepository) -> None:
    tip = main(repository)
    child = repository.commit(parent=tip, files={"x": b"1"}, message="Child", at=AT)
    other = repository.commit(parent=None, files={"x": b"2"}, message="Elsewhere", at=AT)
    found = [repository.contains(child, one) for one in (child, tip, other, Revision("1" * 40))]
    assert found == [True, True, False, False]
    assert not repository.contains(tip, child)
    with pytest.raises(ObserveError, match="is not a full commit id"):
        repository.contains(tip, Revision("--help"))


def test_annotated_tags_are_peeled_also_nested_ones(repository: GitRepository) -> None:
    target = main(repository)
    inner = repository.tag(name="flight-delay@v1.0.0", target=target, message="Register", at=AT)
    refs = ["refs/tags/flight-delay@v1.0.0", "refs/tags/flight-delay#production#1"]
    repository.update([RefUpdate(ref=ref, new=inner, expected=None) for ref in refs])
    git(origin_of(repository), "tag", "-a", "-m", "of a tag", "outer", inner)
    assert repository.refs("refs/tags/") == {**dict.fromkeys(refs, target), "refs/tags/outer": target}
    repository.update([RefUpdate(ref=refs[0], new=None, expected=target)])
    assert refs[0] not in repository.refs("refs/tags")


def test_refs_under_a_prefix_are_whole_components(repository: GitRepository) -> None:
    for name in ("perennial/a/candidate", "perennial/ab", "perennialx"):
        put(repository, f"refs/heads/{name}", {"x": b"1"})
    assert set(repository.refs("refs/heads/perennial")) == {"refs/heads/perennial/a/candidate", "refs/heads/perennial/ab"}
    assert set(repository.refs("refs/heads/perennial/a/")) == {"refs/heads/perennial/a/candidate"}
    with pytest.raises(ObserveError, match="not a prefix"):
        repository.refs("main")


def test_a_bad_tag_or_ref_name_is_refused(repository: GitRepository) -> None:
    with pytest.raises(PermanentActError, match="name of a tag"):
        repository.tag(name="a..b", target=main(repository), message="m", at=AT)
    for ref in ("HEAD", "refs/heads/a b", "refs/heads/../x", "refs/heads/x.lock"):
        with pytest.raises(PermanentActError, match="name of a ref"):
            repository.update([RefUpdate(ref=ref, new=main(repository), expected=None)])


def test_update_moves_all_or_none_and_names_what_moved(repository: GitRepository) -> None:
    tip = main(repository)
    other = put(repository, "refs/heads/env/production", {"x": b"1"})
    wrong = RefUpdate(ref="refs/heads/env/production", new=tip, expected=tip)
    with pytest.raises(ConflictError, match=f"env/production has moved: expected {tip[:12]}, found {other[:12]}"):
        repository.update([RefUpdate(ref="refs/heads/new", new=tip, expected=None), wrong])
    assert "refs/heads/new" not in repository.refs()
    with pytest.raises(ConflictError, match="expected absent, found"):
        repository.update([RefUpdate(ref="refs/heads/env/production", new=tip, expected=None)])
    with pytest.raises(ConflictError, match="found absent"):
        repository.update([RefUpdate(ref="refs/heads/none", new=None, expected=tip)])
    repository.update([])


def test_refs_are_made_moved_and_deleted_together(repository: GitRepository) -> None:
    tip = main(repository)
    repository.update([RefUpdate(ref=f"refs/heads/{n}", new=tip, expected=None) for n in ("x", "y")])
    new = repository.commit(parent=tip, files={"x": b"1"}, message="m", at=AT)
    moves = [RefUpdate(ref="refs/heads/x", new=None, expected=tip), RefUpdate(ref="refs/heads/y", new=new, expected=tip)]
    repository.update(moves)
    assert repository.refs("refs/heads") == {MAIN_REF: tip, "refs/heads/y": new}


def test_last_change_follows_first_parents_only(repository: GitRepository) -> None:
    start = main(repository)
    side = repository.commit(parent=start, files={"a.txt": b"side"}, message="Side", at=AT)
    elsewhere = put(repository, MAIN_REF, {"z": b"1"})
    merged = repository.merge(base=elsewhere, tip=side, message="Merge", at=AT)
    assert repository.last_change(merged, "a.txt") == merged
    assert repository.last_change(merged, "d/b.txt") == start
    assert repository.last_change(elsewhere, "z") == elsewhere
    assert repository.last_change(merged, "absent") is None


def test_a_merge_has_two_parents_even_where_git_would_fast_forward(repository: GitRepository) -> None:
    base = main(repository)
    tip = repository.commit(parent=base, files={"new": b"1"}, message="New", at=AT)
    merged = repository.merge(base=base, tip=tip, message="Merge it", at=AT)
    assert git(repository.common_dir, "show", "-s", "--format=%P", merged) == f"{base} {tip}"
    assert repository.files(merged) == repository.files(tip)


def test_what_a_branch_contains_and_when_it_entered(repository: GitRepository) -> None:
    base = main(repository)
    tip = repository.commit(parent=base, files={"new": b"1"}, message="New", at=AT)
    merged = repository.merge(base=base, tip=tip, message="Merge it", at=AT)
    later = repository.commit(parent=merged, files={"later": b"1"}, message="Later", at=AT)
    refs = {"refs/heads/side": tip, "refs/heads/later": later}
    repository.update([RefUpdate(ref=ref, new=new, expected=None) for ref, new in refs.items()])
    assert repository.branches_in(base) == {MAIN_REF}
    assert repository.branches_in(merged) == {MAIN_REF, "refs/heads/side"}
    assert repository.entered(base=later, tip=tip) == merged
    assert repository.entered(base=tip, tip=base) == base
    assert repository.entered(base=tip, tip=tip) == tip


def test_a_merge_conflict_names_the_files(repository: GitRepository) -> None:
    base = main(repository)
    ours = repository.commit(parent=base, files={"a.txt": b"ours\n"}, message="m", at=AT)
    theirs = repository.commit(parent=base, files={"a.txt": b"theirs\n"}, message="m", at=AT)
    with pytest.raises(ConflictError, match=r"does not merge cleanly: a\.txt") as caught:
        repository.merge(base=ours, tip=theirs, message="m", at=AT)
    assert "perennial reconcile" in caught.value.help


def test_a_directory_without_git_says_so(tmp_path: Path) -> None:
    with pytest.raises(ObserveError, match="not in a git repository"):
        GitRepository.open(tmp_path, ENVIRONMENT)
    with pytest.raises(ObserveError, match="not in a git repository"):
        GitRepository.open(tmp_path / "absent", ENVIRONMENT)


def test_a_sub_directory_and_a_linked_worktree_open_the_same_repository(tmp_path: Path) -> None:
    repository = a_repository(tmp_path / "repo", {"d/x": b"1"})
    git(tmp_path / "repo", "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    for place in (tmp_path / "repo" / "d", tmp_path / "linked"):
        assert GitRepository.open(place, ENVIRONMENT).common_dir == repository.common_dir
