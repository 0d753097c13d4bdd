"""The checkout of one training: fresh, its own, and gone afterwards; those of killed runs are swept away by the next."""

import fcntl
import os
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reconciler.adapters.git import GitRepository
from reconciler.adapters.git.checkout import checkouts
from reconciler.adapters.training.checkout import environment_of
from reconciler.adapters.training.code import code_of
from reconciler.adapters.training.results import UnfitResultError, collect
from reconciler.adapters.training.worktree import worktree, write_files
from reconciler.errors import PermanentActError
from tests.repositories import MAIN_REF, a_repository, git

FILES = {"params.yaml": b"models: {}\n", "dvc.lock": b"schema: '2.0'\n", ".gitignore": b"*.bin\n", "runs/a/old.json": b"{}\n"}


@pytest.fixture
def repository(tmp_path: Path) -> GitRepository:
    return a_repository(tmp_path / "repo", FILES)


def opened(repository: GitRepository, label: str = "a"):  # type: ignore[no-untyped-def]
    return worktree(repository.git, repository.refs()[MAIN_REF], label)


def places(repository: GitRepository) -> list[str]:
    folders = (repository.common_dir / "perennial/worktrees", repository.common_dir / "worktrees")
    return sorted(path.name for folder in folders if folder.exists() for path in folder.iterdir())


def test_it_has_the_files_of_its_commit_and_not_those_of_the_working_tree(repository: GitRepository) -> None:
    (repository.root / "params.yaml").write_text("edited")
    (repository.root / "new.txt").write_text("new")
    with opened(repository) as here:
        assert (here.path / "params.yaml").read_bytes() == FILES["params.yaml"]
        assert not (here.path / "new.txt").exists()
        assert git(here.path, "status", "--porcelain", "--branch") == "## HEAD (no branch)"
        assert here.path.name.startswith("a-")
    assert places(repository) == []
    assert (repository.root / "params.yaml").read_text() == "edited"


def test_several_commands_run_the_code_of_one_checkout(tmp_path: Path) -> None:
    package = {"reconciler/__init__.py": b"", "reconciler/cli/main.py": b"WHO = 'the commit'\n"}
    repository = a_repository(tmp_path / "packaged", package)
    with opened(repository) as here:
        first, second = (code_of(here, "elsewhere") for _ in range(2))
        assert first == second
        folder, rest = first["PYTHONPATH"].split(os.pathsep)
        assert rest == "elsewhere"
        assert (Path(folder) / "reconciler/cli/main.py").read_bytes() == package["reconciler/cli/main.py"]
        assert [path.name for path in Path(folder).iterdir()] == ["reconciler"]


def test_it_is_gone_also_after_a_failure_and_whatever_lies_in_it(repository: GitRepository) -> None:
    def fail() -> None:
        with opened(repository) as here:
            (here.path / "deep/er").mkdir(parents=True)
            (here.path / "deep/er/file").touch()
            (here.path / "deep").chmod(0o500)
            git(here.path, "worktree", "lock", str(here.path))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert places(repository) == []


def test_two_of_one_model_do_not_meet(repository: GitRepository) -> None:
    with opened(repository) as one, opened(repository) as other:
        assert one.path != other.path
        (one.path / "params.yaml").write_text("mine")
        assert (other.path / "params.yaml").read_bytes() == FILES["params.yaml"]


def test_many_at_once_all_get_one_and_leave_none(repository: GitRepository) -> None:
    def work(number: int) -> bytes:
        with opened(repository, f"m{number}") as here:
            return (here.path / "params.yaml").read_bytes()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(12))) == [FILES["params.yaml"]] * 12
    assert places(repository) == []


def test_a_worktree_that_another_is_just_making_is_waited_for(repository: GitRepository) -> None:
    """Git takes it for damage, and would end a training and a move of refs that have nothing to do with it."""
    half = repository.common_dir / "worktrees/half"

    def made_meanwhile() -> threading.Timer:
        half.mkdir(parents=True)
        (half / "gitdir").write_text("/nowhere/.git\n")
        (half / "HEAD").write_text("ref: refs/heads/x\n")
        (half / "commondir").touch()
        done = threading.Timer(0.05, shutil.rmtree, [half])
        done.start()
        return done

    making = made_meanwhile()
    assert set(checkouts(repository.git)) == {MAIN_REF}
    making.join()
    making = made_meanwhile()
    with opened(repository) as here:
        assert here.path.is_dir()
    making.join()


def test_what_nobody_holds_is_swept_and_what_somebody_holds_is_not(repository: GitRepository) -> None:
    folder = repository.common_dir / "perennial/worktrees"
    with opened(repository, "held") as held:
        for name in ("dead-1", "dead-2"):
            (folder / name).mkdir()
            (folder / f"{name}.lock").touch()
            (folder / f"{name}.log").touch()
        (repository.common_dir / "worktrees/dead-1").mkdir()
        with opened(repository, "next") as after:
            assert places(repository) == sorted(
                [f"{one.path.name}{end}" for one in (held, after) for end in ("", ".lock")] + [held.path.name, after.path.name]
            )
    assert places(repository) == []


def test_its_lock_is_held_as_long_as_the_descriptor_is_open(repository: GitRepository) -> None:
    with opened(repository) as here:
        lock = here.path.with_name(here.path.name + ".lock")
        with lock.open("rb") as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_git_directory_that_cannot_be_written_is_for_a_person(repository: GitRepository) -> None:
    (repository.common_dir / "perennial/worktrees").touch()
    with pytest.raises(PermanentActError, match="the git directory cannot be written"), opened(repository):
        pytest.fail("a checkout below a file")


def test_files_are_laid_over_the_checkout_and_replace_links(repository: GitRepository, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    with opened(repository) as here:
        (here.path / "link.yaml").symlink_to(tmp_path / "precious")
        write_files(here.path, {"link.yaml": "é\n", "new/deep/x": "1", "params.yaml": ""})
        assert (here.path / "link.yaml").read_bytes() == "é\n".encode()
        assert not (here.path / "link.yaml").is_symlink()
        assert (here.path / "new/deep/x").read_text() == "1"
        assert (here.path / "params.yaml").read_text() == ""
    assert (tmp_path / "precious").read_text() == "mine"


def test_only_what_belongs_to_the_model_and_into_git_is_collected(repository: GitRepository) -> None:
    with opened(repository) as here:
        for path in ("runs/a/new.json", "runs/a/deep/x.csv", "runs/a/model.bin", "runs/b/other.json", "elsewhere.json"):
            (here.path / path).parent.mkdir(parents=True, exist_ok=True)
            (here.path / path).write_text(path)
        (here.path / "runs/a/old.json").unlink()
        found = collect(here, "a")
    assert found == {
        "dvc.lock": "schema: '2.0'\n",
        "runs/a/deep/x.csv": "runs/a/deep/x.csv",
        "runs/a/new.json": "runs/a/new.json",
    }
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({f"runs/a/{number}.json": "x" * 1_900_000 for number in range(6)}, "11,400,017 characters in 8 files for Git"),
        ({"runs/a/one.json": "x" * 2_000_001}, "runs/a/one.json has 2,000,001 bytes, more than the 2,000,000"),
        ({"dvc.lock": ""}, ""),
    ],
    ids=["too much together", "one too large", "just an empty lock"],
)
def test_too_much_for_git_is_told_with_both_numbers(repository: GitRepository, files: dict[str, str], said: str) -> None:
    with opened(repository) as here:
        write_files(here.path, files)
        if not said:
            assert collect(here, "a")["dvc.lock"] == ""
            return
        with pytest.raises(UnfitResultError) as caught:
            collect(here, "a")
    assert said in str(caught.value)


def test_a_run_without_a_lock_is_unfit(repository: GitRepository) -> None:
    with opened(repository) as here:
        (here.path / "dvc.lock").unlink()
        with pytest.raises(UnfitResultError, match=r"left no dvc\.lock"):
            collect(here, "a")


def test_what_lets_us_in_elsewhere_is_no_business_of_a_training(repository: GitRepository) -> None:
    secrets = dict.fromkeys(("ARGOCD_AUTH_TOKEN", "PERENNIAL_ARGOCD_TOKEN", "PERENNIAL_GITHUB_TOKEN", "KUBECONFIG"), "let-me-in")
    with opened(repository) as here:
        given = environment_of(here, {**secrets, "AWS_ACCESS_KEY_ID": "for the data", "PATH": os.defpath})

    assert "let-me-in" not in given.values()
    assert given["AWS_ACCESS_KEY_ID"] == "for the data"
