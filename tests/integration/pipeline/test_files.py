"""A folder as a mapping and back: what leads out of it, and what is no plain file, is refused."""

import os
from pathlib import Path

import pytest

from reconciler.errors import ReconcilerError
from reconciler.pipeline import files
from reconciler.pipeline.files import inside, read_folder, write_folder

FILES = {"a.txt": b"a", "deep/er/b.bin": b"\x00b", "ü": b""}


def test_what_is_written_is_read_back_sorted_and_nothing_else_is_there(tmp_path: Path) -> None:
    (tmp_path / "x/old").mkdir(parents=True)
    write_folder(tmp_path / "x", FILES)
    assert read_folder(tmp_path / "x", "x") == FILES
    assert list(read_folder(tmp_path / "x", "x")) == sorted(FILES)
    assert (tmp_path / "x/a.txt").stat().st_mode & 0o111 == 0


def test_programs_may_be_run(tmp_path: Path) -> None:
    write_folder(tmp_path / "x", FILES, executable=True)
    assert (tmp_path / "x/deep/er/b.bin").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("name", ["", ".", "..", "/a", "../a", "a/../b", "a//b", "./a", "a\\b", "a\0b", "a/"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ReconcilerError, match="leads out of the folder"):
        write_folder(tmp_path / "x", {name: b""})
    assert sorted(tmp_path.iterdir()) == [tmp_path / "x"]
    assert inside("a/b") == "a/b"


@pytest.mark.parametrize("kind", ["link", "linked folder", "pipe"])
def test_what_is_no_plain_file_is_refused(tmp_path: Path, kind: str) -> None:
    (tmp_path / "x/deep").mkdir(parents=True)
    odd = tmp_path / "x/deep/odd"
    if kind == "pipe":
        os.mkfifo(odd)
    else:
        odd.symlink_to("/etc/passwd" if kind == "link" else "/etc")
    with pytest.raises(ReconcilerError, match="the model/deep/odd is a link or no plain file"):
        read_folder(tmp_path / "x", "the model")


def test_files_that_dvc_linked_into_the_checkout_are_read(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"cached")
    (tmp_path / "x").mkdir()
    (tmp_path / "x/model.skops").symlink_to(tmp_path / "cache")
    assert read_folder(tmp_path / "x", "x", linked=True) == {"model.skops": b"cached"}


def test_too_much_is_refused_with_the_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_folder(tmp_path / "x", FILES)
    monkeypatch.setattr(files, "MOST_FILES", 2)
    with pytest.raises(ReconcilerError, match="x holds more than the 2 files"):
        read_folder(tmp_path / "x", "x")
    monkeypatch.setattr(files, "MOST_FILES", 3)
    monkeypatch.setattr(files, "LARGEST_ARCHIVE", 2)
    with pytest.raises(ReconcilerError, match="x holds more than the 2 bytes"):
        read_folder(tmp_path / "x", "x")
