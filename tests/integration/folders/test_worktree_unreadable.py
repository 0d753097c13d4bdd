"""A working tree that cannot be read whole is an error, because what is not seen would silently not count."""

import os
from pathlib import Path

import pytest

from reconciler.adapters.worktree import LARGEST, read_tree
from reconciler.domain.names import WANTED_FOLDERS
from reconciler.errors import ObserveError
from reconciler.specs.paths import SPEC_PREFIXES
from tests.repositories import MAIN_REF, a_repository, put
from tests.unprivileged import as_nobody

TREE = {
    "models/a/model.yaml": b"kind: Model\n",
    "models/a/pipeline.py": b"def build(): ...\n",
    "datasets/x.yaml": b"kind: Dataset\n",
    "templates/k8s/x.j2": b"{{ x }}\n",
    "reconciler/pipeline/train.py": b"",
    "runs/a/build.json": b"{}",
    "params.yaml": b"models: {}\n",
    "dvc.lock": b"schema: '2.0'\n",
    "requirements/lock.txt": b"click==8\n",
    "README.md": b"not wanted\n",
}


@pytest.mark.parametrize("shut", ["models", "models/a", "datasets", "runs/a"])
def test_a_folder_that_may_not_be_listed_is_an_error(shut: str) -> None:
    with as_nobody() as root:
        (root / shut).mkdir(parents=True)
        (root / "datasets").mkdir(exist_ok=True)
        (root / "datasets/x.yaml").write_text("fine")
        (root / shut).chmod(0o000)
        with pytest.raises(ObserveError, match=rf"cannot read .*{shut}: Permission denied"):
            read_tree(root)
        (root / shut).chmod(0o755)

        assert read_tree(root) == {"datasets/x.yaml": b"fine"}


def test_a_file_that_may_not_be_read_is_an_error() -> None:
    with as_nobody() as root:
        (root / "params.yaml").touch(mode=0o000)
        with pytest.raises(ObserveError, match=r"cannot read .*params\.yaml: Permission denied"):
            read_tree(root)


def test_an_empty_tree_and_none_at_all_have_no_files(tmp_path: Path) -> None:
    assert read_tree(tmp_path) == {}
    assert read_tree(tmp_path / "gone") == {}


def test_a_file_in_the_place_of_a_folder_is_no_specs(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("not a folder")

    assert read_tree(tmp_path) == {}


def test_what_is_no_regular_file_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "models/a").mkdir(parents=True)
    os.mkfifo(tmp_path / "models/a/model.yaml")
    (tmp_path / "params.yaml").mkdir()

    assert read_tree(tmp_path) == {}


@pytest.mark.parametrize(("size", "kept"), [(LARGEST, True), (LARGEST + 1, False)], ids=["just fits", "one byte more"])
def test_the_largest_file_that_is_read(tmp_path: Path, size: int, kept: bool) -> None:
    (tmp_path / "models/a").mkdir(parents=True)
    with (tmp_path / "models/a/big.json").open("wb") as file:
        file.truncate(size)

    assert ("models/a/big.json" in read_tree(tmp_path)) is kept


def test_the_working_tree_and_the_commit_of_it_say_the_same(tmp_path: Path) -> None:
    repository = a_repository(tmp_path / "repository", TREE)
    head = repository.refs(MAIN_REF)[MAIN_REF]

    assert read_tree(repository.root) == dict(sorted(repository.files(head, *SPEC_PREFIXES).items()))
    assert set(read_tree(repository.root)) == set(TREE) - {"README.md"}
    put(repository, MAIN_REF, {"models/a/model.yaml": None, "models/b/model.yaml": b"1"})
    assert "models/b/model.yaml" in read_tree(repository.root)
    assert "models/a/model.yaml" not in read_tree(repository.root)


def test_the_places_are_named_once() -> None:
    assert set(WANTED_FOLDERS) < set(SPEC_PREFIXES)
    assert len(set(SPEC_PREFIXES)) == len(SPEC_PREFIXES)
    assert not any(one != other and other.startswith(one + "/") for one in SPEC_PREFIXES for other in SPEC_PREFIXES)
