from pathlib import Path

import pytest

from reconciler.adapters.worktree_edit import remove_file, write_files
from reconciler.errors import PermanentActError


def tree(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.is_file()}


def test_all_files_are_written_and_folders_are_made(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("was")
    write_files(tmp_path, {"old": "is", "a/b/new": "ü\n"})

    assert tree(tmp_path) == {"old": "is", "a/b/new": "ü\n"}
    assert (tmp_path / "a/b/new").stat().st_mode & 0o777 == 0o644


def test_when_one_cannot_be_written_none_is(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("was")
    (tmp_path / "z").mkdir()
    with pytest.raises(PermanentActError, match="nothing was written"):
        write_files(tmp_path, {"a/b/new": "x", "old": "is", "z": "a folder is in the way"})

    assert tree(tmp_path) == {"old": "was"}
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("name", ["../out", "/out", "a/../../out", "link/file"])
def test_nothing_is_written_or_removed_outside(tmp_path: Path, name: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(PermanentActError):
        write_files(root, {"fine": "x", name: "x"})
    with pytest.raises(PermanentActError):
        remove_file(root, name)

    assert tree(root) == {}


def test_a_file_is_removed_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    assert remove_file(tmp_path, "file")
    assert not remove_file(tmp_path, "file")
