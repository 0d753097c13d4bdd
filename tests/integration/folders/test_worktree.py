"""The working tree is read without ever leaving it."""

import os
from pathlib import Path

import pytest

from reconciler.adapters.worktree import LARGEST, read_tree
from reconciler.errors import ObserveError


def write(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path)


def test_only_what_matters_is_read(tmp_path):
    wanted = (
        *("dvc.lock", "params.yaml", "pyproject.toml", "requirements/lock.txt", "templates/k8s/deployment.yaml"),
        *("models/a/model.yaml", "models/a/evidence/x.json", "datasets/a.py", "policies/gates/b.yaml"),
        *("reconciler/pipeline/train.py", "reconciler/statistics/drift/psi.py", "runs/a/metrics.json"),
    )
    unwanted = (
        "README.md",
        ".git/config",
        "runs/a/model.skops",
        "reconciler/cli/main.py",
        "models/__pycache__/x.py",
        "requirements/dev.txt",
    )
    write(tmp_path, *wanted, *unwanted)
    assert read_tree(tmp_path) == {path: path.encode() for path in sorted(wanted)}
    assert list(read_tree(tmp_path)) == sorted(wanted)


def test_links_are_left_out(tmp_path):
    secret, root = tmp_path / "secret", tmp_path / "root"
    write(secret, "x.yaml", "runs/a/x.json")
    write(root, "models/a/model.yaml")
    (root / "models/a/hold.yaml").symlink_to(secret / "x.yaml")
    (root / "models/b").symlink_to(secret)
    (root / "datasets").symlink_to(secret)
    (root / "params.yaml").symlink_to(secret / "x.yaml")
    (root / "runs").symlink_to(secret / "runs")
    assert list(read_tree(root)) == ["models/a/model.yaml"]


def test_large_files_are_left_out_but_for_the_lock(tmp_path):
    for path in ("dvc.lock", "models/a/big.json"):
        write(tmp_path, path)
        with (tmp_path / path).open("wb") as file:
            file.truncate(LARGEST + 1)
    assert list(read_tree(tmp_path)) == ["dvc.lock"]


def test_a_name_that_is_no_text_is_refused(tmp_path):
    write(tmp_path, "models/a/model.yaml")
    (tmp_path / "models" / os.fsdecode(b"\xff.yaml")).touch()
    with pytest.raises(ObserveError, match="is not UTF-8"):
        read_tree(tmp_path)


def test_what_cannot_be_read_is_an_error(tmp_path, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    write(tmp_path, "params.yaml")
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(ObserveError, match=r"cannot read .*params.yaml: Permission denied"):
        read_tree(tmp_path)
