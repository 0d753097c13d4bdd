"""`perennial demo`: what it refuses before it does anything, and how it begins."""

from pathlib import Path

import pytest

from tests.commands import perennial
from tests.repositories import a_repository


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return a_repository(tmp_path / "repository").root


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--from", "monday"), "'--from': expected a UTC time"),
        (("--to", "2013-02-30"), "'--to': expected a day that the calendar has, got '2013-02-30'"),
        (("--from", "2013-05-01", "--to", "2013-04-01"), "--to 2013-04-01 is before --from 2013-05-01"),
        (("--weeks", "3"), "No such option"),
    ],
    ids=["no time", "no day", "backwards", "no option"],
)
def test_wrong_use_is_refused_before_anything_is_cloned(root, options, message):
    told = perennial(root, "demo", *options)
    assert (told.code, told.out) == (2, "")
    assert message in told.err
    assert not (root / "build").exists()


def test_an_unknown_model_is_refused_with_those_that_are_there(root):
    told = perennial(root, "demo", "--model", "nope\x1b[2J")
    assert told.code == 4
    assert told.err.startswith("error: there is no model nope\\x1b[2J; there are: none\n")


@pytest.mark.parametrize("taken", ["a file", "a folder with a file"])
def test_nothing_of_anybody_else_is_replaced(root, tmp_path, taken):
    place = tmp_path / "taken"
    if taken == "a file":
        place.write_text("mine")
    else:
        place.mkdir()
        (place / "notes.txt").write_text("mine")
    told = perennial(root, "demo", "--directory", str(place))
    assert told.code == 5
    assert "no scratch clone of ours" in told.err
    assert "mine" in [path.read_text() for path in (place, place / "notes.txt") if path.is_file()]


def test_a_scratch_clone_of_ours_is_replaced_and_holds_only_main(root):
    for _ in range(2):
        perennial(root, "demo", "--directory", "build/demo")
        (root / "build/demo/left.txt").touch()
    perennial(root, "demo", "--directory", "build/demo")
    assert not (root / "build/demo/left.txt").exists()
    assert (root / "build/demo/README.md").read_text() == "hello\n"
