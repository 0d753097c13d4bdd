from pathlib import Path

import pytest

from reconciler.adapters.sources.addresses import Roots
from reconciler.errors import ObserveError


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    for name in ("worktree", "main"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "both.csv").write_text("a\n")
    (tmp_path / "main/only.csv").write_text("a\n")
    (tmp_path / "secret.csv").write_text("a\n")
    return Roots((tmp_path / "worktree", tmp_path / "main"))


def test_the_first_root_that_has_the_file_wins(roots: Roots) -> None:
    assert roots.find("both.csv") == (roots.folders[0] / "both.csv",)
    assert roots.find("only.csv") == (roots.folders[1] / "only.csv",)
    assert roots.find("*.csv") == (roots.folders[0] / "both.csv",)


def test_a_missing_file_names_all_that_was_tried(roots: Roots) -> None:
    with pytest.raises(ObserveError, match=r"no file at gone\.csv: tried .*worktree/gone\.csv, .*main/gone\.csv"):
        roots.find("gone.csv")


@pytest.mark.parametrize("path", ["../secret.csv", "x/../../secret.csv"])
def test_a_relative_path_cannot_leave_its_root(roots: Roots, path: str) -> None:
    with pytest.raises(ObserveError, match="leads out of the repository"):
        roots.find(path)


def test_nor_can_a_link(roots: Roots, tmp_path: Path) -> None:
    (tmp_path / "worktree/link.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(ObserveError, match=r"leads out of the repository, to .*secret\.csv"):
        roots.find("link.csv")


def test_an_absolute_path_is_meant(roots: Roots, tmp_path: Path) -> None:
    assert roots.find(str(tmp_path / "secret.csv")) == (tmp_path / "secret.csv",)
    assert roots.find(str(tmp_path / "sec*.csv")) == (tmp_path / "secret.csv",)
    with pytest.raises(ObserveError, match=r"no file at /nowhere/x\.csv"):
        roots.find("/nowhere/x.csv")
