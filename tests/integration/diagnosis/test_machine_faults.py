"""The doctor on machines that lack something."""

import shutil
import sys
from pathlib import Path

import pytest

from reconciler.adapters.diagnosis import diagnose_machine, machine
from reconciler.domain.diagnosis import Level
from tests.repositories import ENVIRONMENT


def a_lock(root: Path, content: bytes) -> Path:
    (root / "requirements").mkdir()
    (root / machine.LOCK).write_bytes(content)
    return root


def a_git(folder: Path, says: str) -> dict[str, str]:
    (folder / "git").write_text(f"#!/bin/sh\necho '{says}'\n")
    (folder / "git").chmod(0o755)
    return {"PATH": str(folder)}


def test_every_check_says_something(tmp_path: Path) -> None:
    found = diagnose_machine(tmp_path, ENVIRONMENT)

    assert [one.check for one in found] == ["git", "python", "packages", "command", "disk"]
    assert all(one.message for one in found)
    assert all(one.remedy for one in found if one.level is not Level.GOOD)


@pytest.mark.parametrize(
    ("says", "level"),
    [
        ("git version 2.38.0", Level.GOOD),
        ("git version 2.37.9", Level.BAD),
        ("git version 2.4.12", Level.BAD),
        ("git version 2.100.1 (Apple Git-154)", Level.GOOD),
        ("git version 3.0.rc1", Level.GOOD),
        ("git version 2.45.windows.1", Level.GOOD),
        ("no number", Level.BAD),
        ("", Level.BAD),
    ],
)
def test_versions_of_git_are_compared_as_numbers(tmp_path: Path, says: str, level: Level) -> None:
    assert machine.git_version(tmp_path, a_git(tmp_path, says)).level is level


@pytest.mark.parametrize(
    ("version", "level"),
    [((3, 11, 0), Level.GOOD), ((3, 10, 99), Level.BAD), ((4, 0, 0), Level.GOOD), ((3, 9), Level.BAD)],
)
def test_versions_of_python(version: tuple[int, ...], level: Level) -> None:
    assert machine.python_version(version).level is level


@pytest.mark.parametrize(
    ("lock", "pins"),
    [
        ("", {}),
        ("# click==1\n    --hash=sha256:0\n", {}),
        ("click==8.1 \\\n    --hash=sha256:0 \\\n    --hash=sha256:1\n    # via x\n", {"click": "8.1"}),
        ("a==1 ; python_version >= '3' \\\n", {"a": "1"}),
        ("a==1 ; python_version < '3'\nb==2+local.1\n", {"b": "2+local.1"}),
        ("a==1 ; sys_platform == 'win32'\na==2 ; sys_platform != 'win32'\n", {"a": "2"}),
        ("ruamel.yaml==0.18\nzope-x_y==1.0rc1\n", {"ruamel.yaml": "0.18", "zope-x_y": "1.0rc1"}),
        ("editable @ file:///x\n-e .\nclick>=8\n", {}),
    ],
    ids=["empty", "comments", "hashes", "marker that fits", "marker that does not", "one of two", "names", "no pins"],
)
def test_pins_are_read_with_their_markers(lock: str, pins: dict[str, str]) -> None:
    assert machine.pins(lock) == pins


@pytest.mark.parametrize("content", [b"\xff\xfe", b"click==\\\n", b"click==1 ; nonsense >> 3\n"])
def test_a_lock_that_cannot_be_read_is_told(tmp_path: Path, content: bytes) -> None:
    found = machine.packages(a_lock(tmp_path, content))

    assert (found.level, found.remedy) == (Level.BAD, "make lock")
    assert found.message.startswith("requirements/lock.txt cannot be read: ")
    assert "\n" not in found.message


def test_no_lock_is_a_doubt(tmp_path: Path) -> None:
    assert machine.packages(tmp_path).level is Level.DOUBT


def test_many_differences_are_counted_and_the_first_named(tmp_path: Path) -> None:
    absent = b"".join(b"no-such-package-%d==1\n" % number for number in range(9))
    found = machine.packages(a_lock(tmp_path, absent))

    assert found.message.startswith("9 of 9 packages of requirements/lock.txt are not installed: no-such-package-0, ")
    assert found.message.endswith("no-such-package-4 and 4 more")


def test_a_different_version_weighs_more_than_an_absent_package(tmp_path: Path) -> None:
    found = machine.packages(a_lock(tmp_path, b"click==0.1\nno-such-package==1\n"))

    assert found.message.startswith("1 of 2 packages differ from requirements/lock.txt: click ")


def test_the_command_of_this_environment_is_the_right_one(tmp_path: Path) -> None:
    here = Path(sys.executable).parent
    found = machine.command({"PATH": f"{tmp_path}:{here}"})

    assert found.level is (Level.GOOD if shutil.which("perennial", path=str(here)) else Level.DOUBT)
    (tmp_path / "perennial").touch(mode=0o644)
    assert machine.command({"PATH": f"{tmp_path}:{here}"}) == found
    assert machine.command({}).message.startswith("perennial is not on the PATH")


@pytest.mark.parametrize(
    ("free", "level"),
    [(0, Level.BAD), (100 << 20, Level.BAD), (1 << 30, Level.DOUBT), (2 << 30, Level.GOOD), (1 << 40, Level.GOOD)],
    ids=["none", "100 MiB", "1 GiB", "2 GiB", "1 TiB"],
)
def test_room_on_the_disk(free: int, level: Level) -> None:
    found = machine.room(free)

    assert found.level is level
    assert found.message == f"{free / (1 << 30):.1f} GiB free, 2 GiB wanted"
    assert bool(found.remedy) is (level is not Level.GOOD)


def test_the_room_is_that_of_the_repositorys_disk(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free / (1 << 30)

    assert abs(float(machine.disk(tmp_path).message.split(" ")[0]) - free) < 1


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (f"# why\nperennial=={machine.installed('perennial')}\n", Level.GOOD),
        ("perennial==99.0\n", Level.DOUBT),
        (b"\xff", Level.BAD),
        ("perennial @ git+https://example.com/perennial@abc\n", None),
    ],
    ids=["the same", "another", "no text", "an address"],
)
def test_the_perennial_that_the_repository_names(text: str | bytes, level: Level | None, tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / machine.PERENNIAL).write_bytes(text if isinstance(text, bytes) else text.encode())

    assert [one.level for one in machine.perennial(tmp_path)] == ([level] if level else [])
    assert machine.perennial(tmp_path / "requirements") == []
