"""Where commands run: at the top of a repository, below it, beside it, and in repositories that are not as they should be."""

import shutil
from pathlib import Path

import pytest

from tests.commands import perennial
from tests.loops import Loop, a_loop
from tests.repositories import git

T1 = ("--as-of", "2013-03-01")
READING = [
    ("plan", *T1),
    ("status", *T1),
    ("explain", "alpha", *T1),
    ("pr", "list"),
    ("validate",),
    ("render",),
    ("schema", "--check"),
]
NEEDING = [
    ("plan",),
    ("status",),
    ("explain", "alpha"),
    ("reconcile",),
    ("release",),
    ("pr", "list"),
    ("pr", "merge", "1"),
    ("hold", "alpha", "--lift"),
    ("stage", "train", "alpha"),
    ("demo",),
    ("new", "model", "m", "--data", "d.csv", "--time", "t", "--target", "y"),
]


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Loop:
    made = a_loop(tmp_path_factory.mktemp("places") / "repository")
    perennial(made.root, "schema", "--write")
    return made


@pytest.fixture
def copy(loop: Loop, tmp_path: Path) -> Path:
    return Path(shutil.copytree(loop.root, tmp_path / "copy", symlinks=True))


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_command_answers_the_same_below_the_top_of_the_repository(loop, command, monkeypatch):
    top = perennial(loop.root, *command)
    assert top.code == 0
    monkeypatch.chdir(loop.root / "models/alpha")
    assert perennial(None, *command) == top


def test_schemas_are_written_at_the_top(copy):
    shutil.rmtree(copy / "schemas")
    assert perennial(copy / "models", "schema", "--write").code == 0
    assert (copy / "schemas/model.json").is_file()
    assert not (copy / "models/schemas").exists()


@pytest.mark.parametrize("command", NEEDING, ids=" ".join)
def test_outside_of_a_repository_it_says_so(tmp_path, command):
    told = perennial(tmp_path, *command, *(["-o", "json"] if command[0] in ("plan", "status") else []))
    assert told.code == 4, told
    assert f"{tmp_path} is not in a git repository" in told.out + told.err
    assert "git init, or perennial --repo DIRECTORY" in told.out + told.err
    assert list(tmp_path.iterdir()) == []


def test_a_tree_without_git_can_be_validated_and_rendered(copy):
    shutil.rmtree(copy / ".git")
    assert perennial(copy, "validate").out == "ok: 1 model, 1 dataset, 3 policies\n"
    assert perennial(copy, "render").code == 0


@pytest.mark.parametrize("command", [("plan",), ("status",), ("explain", "alpha"), ("reconcile",), ("release",)], ids=" ".join)
def test_a_repository_without_main_is_told_how_to_have_one(copy, command):
    git(copy, "branch", "-m", "trunk")
    told = perennial(copy, *command)
    assert told.code == 4
    assert told.err == "error: there is no branch main, which holds the desired state\n  try: git branch -M main\n"


@pytest.mark.parametrize("command", [("plan",), ("status",), ("reconcile",), ("release",)], ids=" ".join)
def test_a_repository_without_any_commit_is_no_traceback(tmp_path, command):
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    told = perennial(tmp_path, *command)
    assert told.code == 4
    assert "there is no branch main" in told.err
    assert perennial(tmp_path, "pr", "list").out == "no pull request is open\n"
    assert perennial(tmp_path, "pr", "list", "--all").out == "there is no pull request yet\n"


def test_an_empty_main_has_no_models(tmp_path):
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    git(tmp_path, "commit", "--allow-empty", "-m", "Begin")
    assert perennial(tmp_path, "status").out == "There are no models.\n"
    assert perennial(tmp_path, "plan").out.endswith("no models; nothing to do.\n")
    assert perennial(tmp_path, "reconcile", "--until-settled").code == 0
    assert perennial(tmp_path, "validate").out == "ok: 0 models, 0 datasets, 0 policies\n"
    assert perennial(tmp_path, "render", "-o", "json").json == {"environments": {}}
    assert "there are: none" in perennial(tmp_path, "explain", "alpha").err
    assert "there is no models/alpha/model.yaml; there are: none" in perennial(tmp_path, "hold", "alpha", "--lift").err


def test_a_detached_head_is_fine_because_main_is_a_branch(copy):
    attached = perennial(copy, "plan", *T1, "-o", "json")
    git(copy, "checkout", "--quiet", "--detach")
    assert perennial(copy, "plan", *T1, "-o", "json") == attached
    assert perennial(copy, "status", *T1).code == 0


def test_another_branch_that_is_checked_out_is_planned_as_it_stands_but_acts_on_main(copy):
    git(copy, "checkout", "--quiet", "-b", "feature")
    shutil.rmtree(copy / "models")
    assert perennial(copy, "plan", *T1, "-o", "json").json["decisions"] == []
    assert "alpha" in perennial(copy, "status", *T1).out


@pytest.mark.parametrize("command", [("status", *T1), ("pr", "list")], ids=["status", "pr list"])
def test_a_bare_clone_can_be_asked(copy, tmp_path, command):
    git(tmp_path, "clone", "--quiet", "--bare", str(copy), "bare.git")
    assert perennial(tmp_path / "bare.git", *command).code == 0


def test_a_linked_worktree_sees_the_same_repository(copy, tmp_path):
    git(copy, "worktree", "add", "--quiet", str(tmp_path / "linked"), "-b", "linked")
    assert perennial(tmp_path / "linked", "validate").out.startswith("ok: 1 model")
    assert perennial(tmp_path / "linked" / "models", "pr", "list").code == 0


def test_a_file_for_a_repository_is_wrong_use(tmp_path):
    (tmp_path / "file").touch()
    for place in ("file", "missing", "a\x1b[2Jb"):
        told = perennial(tmp_path / place, "validate", "-o", "json")
        assert (told.code, told.json["error"]["exitCode"]) == (2, 2)
        assert perennial(tmp_path / place, "validate").is_harmless
