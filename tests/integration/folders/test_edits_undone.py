"""Several files of a working tree are written, or none: on a full disk, without rights, and with something in the way."""

import stat
from pathlib import Path

import pytest

from reconciler.adapters.worktree_edit import remove_file, write_files
from reconciler.errors import PermanentActError
from tests.unprivileged import as_nobody, files_of_at_most


def everything(root: Path) -> dict[str, bytes | None]:
    """Path to content, None for folders."""
    return {p.relative_to(root).as_posix(): p.read_bytes() if p.is_file() else None for p in root.rglob("*")}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "models/a").mkdir(parents=True)
    (tmp_path / "models/a/model.yaml").write_text("old\n")
    (tmp_path / "params.yaml").write_text("models: {}\n")
    return tmp_path


@pytest.mark.parametrize("big", ["a/new", "models/a/model.yaml", "params.yaml", "z/y/x"])
def test_a_disk_that_fills_up_leaves_everything_as_it_was(root: Path, big: str) -> None:
    before = everything(root)
    files = {"a/b/c": "1", "models/a/model.yaml": "new\n", "params.yaml": "models: {a: 1}\n", "zz": "2", big: "x" * 5000}
    with files_of_at_most(1000), pytest.raises(PermanentActError, match="nothing was written"):
        write_files(root, files)

    assert everything(root) == before


@pytest.mark.parametrize("blocked", ["params.yaml/below", "models/a/model.yaml/x/y", "some/new/" + "x" * 300 + "/y"])
def test_a_folder_that_cannot_be_made_leaves_everything_as_it_was(root: Path, blocked: str) -> None:
    before = everything(root)
    with pytest.raises(PermanentActError, match="nothing was written"):
        write_files(root, {"a/b": "1", "models/new/x": "2", blocked: "3"})

    assert everything(root) == before


def test_a_folder_without_rights_leaves_everything_as_it_was() -> None:
    with as_nobody() as root:
        (root / "shut").mkdir()
        (root / "shut").chmod(0o555)
        (root / "open").write_text("old")
        with pytest.raises(PermanentActError, match=r"nothing was written: .*shut.*: Permission denied"):
            write_files(root, {"open": "new", "also/new": "1", "shut/x": "2"})

        assert everything(root) == {"open": b"old", "shut": None}


def test_a_file_that_was_executable_or_private_stays_so(root: Path) -> None:
    (root / "run.sh").write_text("old")
    (root / "run.sh").chmod(0o750)
    (root / "params.yaml").chmod(0o600)
    write_files(root, {"run.sh": "new", "params.yaml": "new", "fresh": "new"})

    modes = {name: stat.S_IMODE((root / name).stat().st_mode) for name in ("run.sh", "params.yaml", "fresh")}
    assert modes == {"run.sh": 0o750, "params.yaml": 0o600, "fresh": 0o644}


def test_line_ends_and_letters_are_kept_to_the_byte(root: Path) -> None:
    write_files(root, {"x": "a\r\nb\n\té\u2028\0"})

    assert (root / "x").read_bytes() == "a\r\nb\n\té\u2028\0".encode()


def test_no_files_is_no_change(root: Path) -> None:
    before = everything(root)
    write_files(root, {})

    assert everything(root) == before


@pytest.mark.parametrize("link", ["models", "models/a", "params.yaml"])
def test_nothing_is_written_or_removed_through_a_link(tmp_path: Path, link: str) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (outside / "a").mkdir(parents=True)
    (outside / "a/model.yaml").write_text("precious")
    (root / link).parent.mkdir(parents=True, exist_ok=True)
    (root / link).symlink_to(outside / "a/model.yaml" if link.endswith(".yaml") else outside / link.removeprefix("models"))
    name = link if link.endswith(".yaml") else "models/a/model.yaml"
    with pytest.raises(PermanentActError, match="is a link"):
        write_files(root, {name: "overwritten"})
    with pytest.raises(PermanentActError, match="is a link"):
        remove_file(root, name)

    assert (outside / "a/model.yaml").read_text() == "precious"


def test_what_is_no_file_is_not_removed(root: Path) -> None:
    with pytest.raises(PermanentActError, match="models/a was not removed"):
        remove_file(root, "models/a")

    assert (root / "models/a/model.yaml").exists()


def test_a_file_below_a_missing_folder_is_not_there(root: Path) -> None:
    assert not remove_file(root, "models/gone/hold.yaml")
    assert remove_file(root, "models/a/model.yaml")
    assert (root / "models/a").is_dir()


def test_without_rights_nothing_is_removed() -> None:
    with as_nobody() as root:
        (root / "hold.yaml").write_text("x")
        root.chmod(0o555)
        with pytest.raises(PermanentActError, match=r"hold\.yaml was not removed: Permission denied"):
            remove_file(root, "hold.yaml")
        root.chmod(0o755)

        assert (root / "hold.yaml").exists()
