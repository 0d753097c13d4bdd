"""The doctor on repositories that are odd, broken, linked or configured in their owner's way."""

from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.adapters.diagnosis import diagnose_repository, top_of
from reconciler.adapters.diagnosis.asked import ask_git
from reconciler.adapters.diagnosis.repository import TOLERANCE, identity, leftovers, main_branch
from reconciler.adapters.git import GitRepository
from reconciler.domain.diagnosis import Finding, Level
from tests.repositories import AT, ENVIRONMENT, MAIN_REF, a_repository, git, put

CONFIG = b"[core]\n    analytics = false\n    remote = storage\n"


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return a_repository(tmp_path / "repository", {".dvc/config": CONFIG, "README.md": b"hello\n"})


def the(check: str, tree: Path, now: timedelta = timedelta(), **environment: str) -> Finding:
    found = diagnose_repository(tree, ENVIRONMENT | environment, AT + now)
    return next(one for one in found if one.check == check)


@pytest.mark.parametrize(
    ("behind", "level"),
    [
        (timedelta(0), Level.GOOD),
        (-timedelta(days=400), Level.GOOD),
        (TOLERANCE, Level.GOOD),
        (TOLERANCE + timedelta(seconds=1), Level.BAD),
        (timedelta(days=365), Level.BAD),
    ],
    ids=["equal", "long after", "within the tolerance", "a second beyond it", "a year"],
)
def test_a_clock_behind_head(repository: GitRepository, behind: timedelta, level: Level) -> None:
    found = the("clock", repository.root, now=-behind)

    assert found.level is level
    assert bool(found.remedy) is (level is Level.BAD)


def test_signatures_and_strange_times_of_commits_do_not_confuse_the_clock(repository: GitRepository, tmp_path: Path) -> None:
    signer = tmp_path / "gpg"
    signer.write_text("#!/bin/sh\ncat > /dev/null\nprintf '\\n[GNUPG:] SIG_CREATED ' >&2\necho '-----BEGIN PGP SIGNATURE-----'\n")
    signer.chmod(0o755)
    git(repository.root, "config", "gpg.program", str(signer))
    git(repository.root, "config", "log.showSignature", "true")
    git(repository.root, "commit", "-q", "--allow-empty", "-S", "-m", "Signed", "--date", "2013-03-01T06:00:00Z")
    assert the("clock", repository.root, now=timedelta(days=20_000)).level is Level.GOOD

    tree = git(repository.root, "rev-parse", "HEAD^{tree}")
    raw = tmp_path / "raw"
    raw.write_text(f"tree {tree}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 99999999999999999 +0000\n\nm\n")
    name = git(repository.root, "hash-object", "-t", "commit", "-w", "--literally", str(raw))
    git(repository.root, "update-ref", MAIN_REF, name)
    assert "no time that can be read" in the("clock", repository.root).message


def test_a_repository_without_commits(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--initial-branch=main")

    assert "there is no commit to compare with" in the("clock", tmp_path).message
    assert the("branch", tmp_path).level is Level.BAD


@pytest.mark.parametrize(
    ("switch", "level", "said"),
    [
        (("--detach",), Level.DOUBT, "HEAD is checked out"),
        (("-c", "feature"), Level.DOUBT, "feature is checked out; Perennial acts on main"),
        (("main",), Level.GOOD, "main is checked out"),
    ],
    ids=["detached", "another branch", "main"],
)
def test_what_is_checked_out(repository: GitRepository, switch: tuple[str, ...], level: Level, said: str) -> None:
    git(repository.root, "switch", "-q", *switch)
    found = main_branch(repository.root, ENVIRONMENT)

    assert found.level is level
    assert said in found.message


@pytest.mark.parametrize(
    ("environment", "level"),
    [
        ({"GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "a@b"}, Level.GOOD),
        ({"GIT_AUTHOR_NAME": "Ann"}, Level.BAD),
        ({}, Level.BAD),
    ],
    ids=["both", "no mail", "neither"],
)
def test_who_commits(repository: GitRepository, tmp_path: Path, environment: dict[str, str], level: Level) -> None:
    assert identity(repository.root, ENVIRONMENT | {"HOME": str(tmp_path)} | environment).level is level


def test_the_repositorys_own_name_counts(repository: GitRepository) -> None:
    git(repository.root, "config", "user.name", "Bea")
    git(repository.root, "config", "user.email", "bea@example.com")

    assert identity(repository.root, ENVIRONMENT).message == "you commit as Bea <bea@example.com>"


def test_a_linked_worktree_has_the_dvc_of_its_main_checkout(repository: GitRepository, tmp_path: Path) -> None:
    git(repository.root, "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    (repository.root / ".dvc/config").write_text("[core]\n    remote = other\n")

    assert the("remote", tmp_path / "linked").message == "other is the default DVC remote"
    assert the("telemetry", tmp_path / "linked").level is Level.DOUBT
    assert top_of(tmp_path / "linked", ENVIRONMENT) == tmp_path / "linked"


@pytest.mark.parametrize("extra", ["s3", "gs", "azure", "ssh"])
def test_a_remote_needs_the_package_of_its_storage(
    repository: GitRepository, monkeypatch: pytest.MonkeyPatch, extra: str
) -> None:
    config = f"[core]\n    remote = storage\n['remote \"storage\"']\n    url = {extra}://place/path\n"
    (repository.root / ".dvc/config").write_text(config)
    assert the("remote", repository.root).level is Level.GOOD

    monkeypatch.setattr("reconciler.adapters.diagnosis.repository.find_spec", lambda name: None)
    missing = the("remote", repository.root)
    assert missing.message == f"the DVC remote storage needs dvc-{extra}"
    assert (missing.level, missing.remedy) == (Level.BAD, f"pip install 'perennial[{extra}]'")


def test_telemetry_that_is_off_on_this_machine_only_is_off(repository: GitRepository) -> None:
    (repository.root / ".dvc/config").write_text("[core]\n    remote = storage\n")
    (repository.root / ".dvc/config.local").write_text("[core]\n    analytics = false\n")

    assert the("telemetry", repository.root).level is Level.GOOD


@pytest.mark.parametrize("name", ["index.lock", "packed-refs.lock", "HEAD.lock", "refs/heads/main.lock", "refs/heads/env/x.lock"])
def test_a_lock_is_named_with_its_place(repository: GitRepository, name: str) -> None:
    (repository.common_dir / name).parent.mkdir(parents=True, exist_ok=True)
    (repository.common_dir / name).touch()

    assert leftovers(repository.common_dir).message == f"1 locks in {repository.common_dir}: {name}"


def test_the_first_five_of_many_locks_are_named(repository: GitRepository) -> None:
    for number in range(8):
        (repository.common_dir / f"refs/heads/b{number}.lock").touch()
    found = leftovers(repository.common_dir)

    assert found.message.startswith("8 locks in ")
    assert found.message.count(".lock") == 5


def test_a_bare_repository_and_a_plain_folder_are_told_apart_from_a_checkout(tmp_path: Path) -> None:
    bare = a_repository(tmp_path / "bare", bare=True)
    (tmp_path / "plain").mkdir()

    for place in (bare.root, tmp_path / "plain"):
        (found,) = diagnose_repository(place, ENVIRONMENT, AT)
        assert (found.check, found.level) == ("repository", Level.BAD)
        assert top_of(place, ENVIRONMENT) == place


def test_a_question_that_git_refuses_or_cannot_be_asked_has_no_answer(repository: GitRepository, tmp_path: Path) -> None:
    assert ask_git(repository.root, ENVIRONMENT, "rev-parse", "--verify", "nothing") is None
    assert ask_git(repository.root, {"PATH": str(tmp_path)}, "--version") is None
    assert ask_git(tmp_path / "gone", ENVIRONMENT, "--version") is None
    put(repository, MAIN_REF, {"x": b"1"}, "two\n\nlines\n\n")
    assert ask_git(repository.root, ENVIRONMENT, "log", "-1", "--format=%B") == "two\n\nlines"


def test_a_question_changes_nothing(repository: GitRepository) -> None:
    (repository.root / "README.md").touch()
    before = (repository.common_dir / "index").stat().st_mtime_ns
    diagnose_repository(repository.root, ENVIRONMENT, AT)

    assert (repository.common_dir / "index").stat().st_mtime_ns == before
