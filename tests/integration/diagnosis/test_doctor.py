import fcntl
import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from reconciler.adapters.diagnosis import diagnose_repository, machine
from reconciler.adapters.git import GitRepository
from reconciler.cli.main import cli
from reconciler.domain.diagnosis import Finding, Level
from tests.repositories import AT, ENVIRONMENT, a_repository, git

CONFIG = b"[core]\n    analytics = false\n    remote = storage\n"
ANN = ENVIRONMENT | {"GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@example.com"}


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return a_repository(tmp_path / "repository", {".dvc/config": CONFIG, "README.md": b"hello\n"})


def findings(repository: GitRepository, now: timedelta = timedelta()) -> dict[str, Finding]:
    return {one.check: one for one in diagnose_repository(repository.root, ANN, AT + now)}


def test_a_repository_in_good_order(repository: GitRepository) -> None:
    found = findings(repository)

    assert list(found) == ["branch", "identity", "working tree", "clock", "dvc", "cache", "telemetry", "remote", "leftovers"]
    assert {check for check, one in found.items() if one.level is not Level.GOOD} == set()
    assert not any(one.remedy for one in found.values())


def test_each_fault_is_found_with_a_remedy(repository: GitRepository) -> None:
    root = repository.root
    (root / "new.txt").write_text("x")
    (root / ".dvc/config").write_text("[core]\n")
    (root / ".git/index.lock").touch()
    git(root, "branch", "-m", "trunk")
    found = findings(repository, now=-timedelta(hours=1))

    assert {check: one.level for check, one in found.items()} == {
        "branch": Level.BAD,
        "identity": Level.GOOD,
        "working tree": Level.DOUBT,
        "clock": Level.BAD,
        "dvc": Level.GOOD,
        "cache": Level.GOOD,
        "telemetry": Level.DOUBT,
        "remote": Level.DOUBT,
        "leftovers": Level.DOUBT,
    }
    assert "60 minutes behind HEAD" in found["clock"].message
    assert "2 files" in found["working tree"].message
    assert all(one.remedy for one in found.values() if one.level is not Level.GOOD)


def test_one_uncommitted_file_is_told_as_one(repository: GitRepository) -> None:
    (repository.root / "note.txt").touch()
    assert findings(repository)["working tree"].message.startswith("1 file is changed or new")


def test_an_unknown_committer_no_dvc_and_no_repository_are_told(repository: GitRepository, tmp_path: Path) -> None:
    (repository.root / ".dvc/config").unlink()
    found = {one.check: one for one in diagnose_repository(repository.root, ENVIRONMENT | {"HOME": str(tmp_path)}, AT)}

    assert (found["identity"].level, found["dvc"].level) == (Level.BAD, Level.BAD)
    assert [one.check for one in diagnose_repository(tmp_path, ENVIRONMENT, AT)] == ["repository"]


def test_a_broken_configuration_of_dvc_is_told(repository: GitRepository) -> None:
    (repository.root / ".dvc/config").write_text("[core\n")

    assert findings(repository)["dvc"].level is Level.BAD


def test_a_cache_that_is_a_file_is_told(repository: GitRepository) -> None:
    (repository.root / ".dvc/cache").write_text("x")

    assert findings(repository)["cache"].level is Level.BAD


def test_a_worktree_is_left_over_only_when_nobody_holds_its_lock(repository: GitRepository) -> None:
    lock = repository.common_dir / "perennial/worktrees/x.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    lock.touch()
    assert findings(repository)["leftovers"].level is Level.DOUBT

    with lock.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert findings(repository)["leftovers"].level is Level.GOOD


def test_versions_are_compared_with_what_is_needed(tmp_path: Path) -> None:
    assert machine.git_version(tmp_path, ENVIRONMENT).level is Level.GOOD
    assert machine.git_version(tmp_path, {"PATH": str(tmp_path)}).level is Level.BAD
    assert machine.python_version((3, 10, 1)).message == "Python 3.10.1, 3.11 needed"
    assert machine.python_version((3, 12, 0)).level is Level.GOOD


def test_an_old_git_is_refused(tmp_path: Path) -> None:
    old = tmp_path / "git"
    old.write_text("#!/bin/sh\necho git version 2.37.9\n")
    old.chmod(0o755)

    assert machine.git_version(tmp_path, {"PATH": str(tmp_path)}).message == "git 2.37.9, 2.38 needed"


@pytest.mark.parametrize(
    ("lock", "message"),
    [
        ("click=={click} \\\n    --hash=sha256:0\n", "all 1 packages are those of requirements/lock.txt"),
        ("click==0.1 \\\n    --hash=sha256:0\n", "1 of 1 packages differ from requirements/lock.txt: click {click} (pinned 0.1)"),
        ("click=={click}\nno-such-package==1\n", "1 of 2 packages of requirements/lock.txt are not installed: no-such-package"),
        ("click=={click}\nclick==0.1 ; python_version < '3'\n", "all 1 packages are those of requirements/lock.txt"),
    ],
)
def test_packages_are_compared_with_the_lock(tmp_path: Path, lock: str, message: str) -> None:
    click = machine.installed("click") or ""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements/lock.txt").write_text(lock.format(click=click))

    assert machine.packages(tmp_path).message == message.format(click=click)


def test_the_command_is_looked_for_on_the_path(tmp_path: Path) -> None:
    assert machine.command({"PATH": str(tmp_path)}).level is Level.DOUBT
    (tmp_path / "perennial").touch(mode=0o755)
    assert "not that of" in machine.command({"PATH": str(tmp_path)}).message


def test_the_command_line_exits_with_1_when_something_will_fail(repository: GitRepository) -> None:
    (repository.root / "params.yaml").write_text("models: [\n")
    text = CliRunner().invoke(cli, ["--repo", str(repository.root), "doctor"])
    answer = json.loads(CliRunner().invoke(cli, ["--repo", str(repository.root), "doctor", "-o", "json"]).output)

    assert text.exit_code == 1
    assert "✗ specs: 1 problem in the specs: params.yaml:" in text.output
    assert "    perennial validate" in text.output
    assert answer["ok"] is False
    assert {"check": "git", "level": "good"}.items() <= answer["findings"][0].items()
