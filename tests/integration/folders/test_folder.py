from pathlib import Path

import pytest

from reconciler.adapters.folder import LIST, write_folder
from reconciler.errors import PermanentActError


def listed(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")} - {LIST}


def test_files_are_written_once(tmp_path):
    out = tmp_path / "out"
    assert write_folder(out, {"a/b.yaml": "b", "c": "c"}).written == ("a/b.yaml", "c")
    assert write_folder(out, {"a/b.yaml": "b", "c": "changed"}).written == ("c",)
    assert (out / "c").read_text() == "changed"


def test_stale_files_and_their_folders_go_and_a_persons_files_stay(tmp_path):
    write_folder(tmp_path, {"a/b/c": "", "a/d": "", "e": ""})
    (tmp_path / "a/mine").write_text("mine")
    assert write_folder(tmp_path, {"e": ""}).removed == ("a/b/c", "a/d")
    assert listed(tmp_path) == {"a", "a/mine", "e"}


def test_a_stale_file_that_is_gone_already_is_no_trouble(tmp_path):
    write_folder(tmp_path, {"a": ""})
    (tmp_path / "a").unlink()
    assert write_folder(tmp_path, {}).removed == ()


def test_a_folder_of_other_things_is_left_alone(tmp_path):
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(PermanentActError, match="is not empty"):
        write_folder(tmp_path, {"a": ""})
    assert listed(tmp_path) == {"mine"}


@pytest.mark.parametrize("path", ["../outside", "/outside", "a/../../outside", LIST])
def test_nothing_is_written_outside(tmp_path, path):
    with pytest.raises(PermanentActError, match="leads out of"):
        write_folder(tmp_path / "out", {"inside": "", path: ""})
    assert list(tmp_path.rglob("*")) == []


def test_a_list_that_lies_removes_nothing_outside(tmp_path):
    (tmp_path / "precious").write_text("mine")
    out = tmp_path / "out"
    write_folder(out, {"a": ""})
    (out / LIST).write_text("../precious\n")
    with pytest.raises(PermanentActError, match="leads out of"):
        write_folder(out, {"a": ""})
    assert (tmp_path / "precious").read_text() == "mine"


@pytest.mark.parametrize("link", ["folder", "folder/file"])
def test_links_are_not_followed_out(tmp_path, link):
    out, outside = tmp_path / "out", tmp_path / "outside"
    outside.mkdir()
    write_folder(out, {"other": ""})
    (out / link).parent.mkdir(exist_ok=True)
    (out / link).symlink_to(outside if link == "folder" else outside / "file")
    with pytest.raises(PermanentActError, match="leads out of"):
        write_folder(out, {"folder/file": "x"})
    assert list(outside.iterdir()) == []


def test_what_the_machine_refuses_is_an_error_with_the_path(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PermanentActError, match="cannot write"):
        write_folder(tmp_path / "file", {"a": ""})
