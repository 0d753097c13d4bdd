"""The commands in clones of one repository, when the settings say that the remote's refs count."""

from pathlib import Path

import pytest

from tests.commands import perennial
from tests.loops import Loop, clones
from tests.repositories import git

T1 = ("--as-of", "2013-03-01")


@pytest.fixture
def team(proposed: Loop, tmp_path: Path) -> tuple[Path, Path]:
    """Two people's clones; pull request #1 is open."""
    one, two = clones(proposed, tmp_path, "one", "two")
    for clone in (one, two):
        (clone / "pyproject.toml").write_text('[tool.perennial.forge]\ntype = "remote"\n')
    return one, two


def test_what_one_merges_the_other_sees_and_nobodys_branches_move(team: tuple[Path, Path]) -> None:
    one, two = team
    branches = git(one, "for-each-ref", "refs/heads", "refs/remotes", "refs/tags")
    assert perennial(two, "plan", *T1).code == 0
    merged = perennial(one, "pr", "merge", "1", *T1)
    assert (merged.code, merged.err) == (0, "")
    (pull,) = perennial(two, "pr", "list", "--all", "-o", "json").json
    assert (pull["number"], pull["state"]) == (1, "merged")
    assert "1.0.0" in perennial(two, "status", *T1).out
    assert "merged" in perennial(two, "audit", "alpha", "1.0.0").out
    for clone in team:
        assert git(clone, "for-each-ref", "refs/heads", "refs/remotes", "refs/tags") == branches
        assert git(clone, "status", "--porcelain") == "?? pyproject.toml"
    origin = one.with_name("origin.git")
    assert git(origin, "for-each-ref", "--format=%(refname)", "refs/heads/env", "refs/tags").split("\n") == [
        *("refs/heads/env/staging", "refs/tags/alpha#staging#1", "refs/tags/alpha@v1.0.0")
    ]


def test_without_a_network_commands_say_so_and_an_audit_can_look_back(team: tuple[Path, Path]) -> None:
    one, _ = team
    assert perennial(one, "audit", "alpha", "--offline").code == 4, "nothing was seen here yet"
    seen = perennial(one, "pr", "list")
    git(one, "remote", "set-url", "origin", "/nowhere")
    for command in (["status"], ["plan"], ["pr", "list"], ["reconcile"], ["audit", "--verify"]):
        told = perennial(one, *command)
        assert told.code == 4
        assert "the remote origin cannot be read" in told.err
        assert "git remote set-url origin URL" in told.err
    assert perennial(one, "audit", "--verify", "--offline").code == 0
    assert seen.out.startswith("#1 ")
