"""Rendered files that change their shape, and folders that cannot or must not be written."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.adapters.folder import LIST, Written, write_folder
from reconciler.errors import PermanentActError
from tests.unprivileged import as_nobody, files_of_at_most


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_same_again_writes_nothing_and_touches_nothing(tmp_path: Path) -> None:
    files = {"a/b.yaml": "é\n", "empty": ""}
    write_folder(tmp_path, files)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}

    assert write_folder(tmp_path, files) == Written(written=(), removed=())
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_bytes_are_those_that_were_rendered(tmp_path: Path) -> None:
    write_folder(tmp_path / "new/deep", {"x": "é\r\n\ttab\0\n"})

    assert contents(tmp_path / "new/deep") == {"x": "é\r\n\ttab\0\n".encode(), LIST: b"x\n"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": "file"}, {"a/b": "below it"}),
        ({"a/b": "below it", "a/c/d": ""}, {"a": "file"}),
        ({"a": "1", "b": "2"}, {}),
        ({}, {"a": ""}),
    ],
    ids=["a file becomes a folder", "a folder becomes a file", "all go", "the first comes"],
)
def test_the_folder_holds_what_was_rendered_last(tmp_path: Path, before: dict[str, str], after: dict[str, str]) -> None:
    write_folder(tmp_path, before)
    write_folder(tmp_path, after)

    kept = contents(tmp_path)
    kept.pop(LIST)
    assert kept == {path: text.encode() for path, text in after.items()}


def test_a_run_that_was_killed_half_way_is_cleaned_up_by_the_next(tmp_path: Path) -> None:
    write_folder(tmp_path, {"old": "1"})
    (tmp_path / LIST).write_text("half/written\nnever/written\nold\n")
    (tmp_path / "half").mkdir()
    (tmp_path / "half/written").write_text("beginning of")

    assert write_folder(tmp_path, {"new": "2"}) == Written(written=("new",), removed=("half/written", "old"))
    assert set(contents(tmp_path)) == {LIST, "new"}


def test_a_list_that_is_a_link_is_not_written_through(tmp_path: Path) -> None:
    precious, out = tmp_path / "precious", tmp_path / "out"
    precious.write_text("mine\n")
    out.mkdir()
    (out / LIST).symlink_to(precious)
    with pytest.raises(PermanentActError, match="leads out of"):
        write_folder(out, {"a": "1"})

    assert precious.read_text() == "mine\n"
    assert not (out / "a").exists()


@pytest.mark.parametrize("path", ["./" + LIST, "a\nb", "", ".", "a/.."])
def test_names_that_the_list_cannot_hold_are_refused(tmp_path: Path, path: str) -> None:
    out = tmp_path / "out"
    with pytest.raises(PermanentActError):
        write_folder(out, {"fine": "1", path: "2"})

    assert not out.exists()


def test_a_list_that_is_no_text_is_an_error_and_not_a_crash(tmp_path: Path) -> None:
    (tmp_path / LIST).write_bytes(b"\xff\xfe\n")
    with pytest.raises(PermanentActError, match="is not UTF-8"):
        write_folder(tmp_path, {"a": "1"})


def test_unusual_names_are_removed_by_the_name_they_were_written_with(tmp_path: Path) -> None:
    names = ("with space", "line\u2028separator", "form\x0cfeed", "ünï", "-rf")
    write_folder(tmp_path, dict.fromkeys(names, "x"))

    assert write_folder(tmp_path, {}).removed == tuple(sorted(names))
    assert set(contents(tmp_path)) == {LIST}


def test_a_folder_without_rights_is_an_error_that_names_it() -> None:
    with as_nobody() as folder:
        write_folder(folder, {"a": "1"})
        folder.chmod(0o555)
        with pytest.raises(PermanentActError, match=r"cannot write .*: Permission denied"):
            write_folder(folder, {"a": "1", "b": "2"})
        folder.chmod(0o755)

        assert (folder / "a").read_text() == "1"


def test_a_full_disk_is_an_error_and_the_next_run_repairs(tmp_path: Path) -> None:
    with files_of_at_most(100), pytest.raises(PermanentActError, match="cannot write"):
        write_folder(tmp_path, {"a": "x" * 50, "big": "y" * 200})
    write_folder(tmp_path, {"big": "y" * 200})

    assert contents(tmp_path) == {"big": b"y" * 200, LIST: b"big\n"}


names = st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join)


def trees() -> st.SearchStrategy[dict[str, str]]:
    """Sets of files of which none lies below another."""
    return st.dictionaries(names, st.text("xyz", max_size=2), max_size=5).filter(
        lambda files: not any(one != other and other.startswith(one + "/") for one in files for other in files)
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(trees(), min_size=1, max_size=4))
def test_after_any_history_the_folder_is_what_was_asked_last_and_a_persons_file_is_left(
    tmp_path_factory: pytest.TempPathFactory, history: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("out")
    for files in history:
        write_folder(folder, files)
        (folder / "mine").write_text("mine")

    wanted = {path: text.encode() for path, text in history[-1].items()}
    assert contents(folder) == wanted | {"mine": b"mine", LIST: "".join(f"{path}\n" for path in sorted(wanted)).encode()}
    assert not [place for place, folders, found in os.walk(folder) if not folders and not found]
