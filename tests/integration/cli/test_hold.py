from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reconciler.cli.main import cli
from reconciler.errors import ReconcilerError
from reconciler.specs.load import read_document
from reconciler.specs.places import place_of
from tests.commands import perennial
from tests.repositories import a_repository

HOLD = "models/flight-delay/hold.yaml"
WHO = ("--reason", "bad data: see #7", "--owner", "ann")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    a_repository(tmp_path / "repository", {"models/flight-delay/model.yaml": b"broken: [\n"})
    return tmp_path / "repository"


def hold(root: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--repo", str(root), "hold", *arguments])


def test_a_hold_is_written_even_when_specs_are_broken_and_says_when_it_counts(root: Path) -> None:
    result = hold(root, "flight-delay", *WHO, "--until", "2199-01-01")
    place = place_of(HOLD)
    assert place is not None
    body = read_document(place, (root / HOLD).read_bytes()).spec.spec

    assert (body.reason, body.owner, body.until) == ("bad data: see #7", "ann", datetime(2199, 1, 1, tzinfo=UTC))
    assert "takes effect when it is committed" in result.output
    assert f"git add {HOLD}" in result.output


def test_lifting_removes_it(root: Path) -> None:
    hold(root, "flight-delay", *WHO)

    assert hold(root, "flight-delay", "--lift").exit_code == 0
    assert not (root / HOLD).exists()
    again = hold(root, "flight-delay", "--lift").exception
    assert isinstance(again, ReconcilerError)
    assert "is not held" in again.message


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("flight-delay",), "a hold needs --reason and --owner"),
        (("flight-delay", "--reason", "x"), "a hold needs --owner"),
        (("flight-delay", *WHO, "--until", "soon"), "got 'soon'"),
        (("flight-delay", *WHO, "--until", "2001-01-01"), "is over already"),
        (("flight-delay", "--reason", "x" * 501, "--owner", "ann"), "--reason: String should have at most 500 characters"),
        (("flight-delay", *WHO, "--lift"), "mean nothing with it"),
        (("flight-dely", *WHO), "did you mean flight-delay?"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_written(root: Path, arguments: tuple[str, ...], message: str) -> None:
    result = hold(root, *arguments)

    assert message in (result.exception.message if isinstance(result.exception, ReconcilerError) else result.output)
    assert result.exit_code
    assert not (root / HOLD).exists()


def test_the_hold_of_a_folder_that_is_no_models_name_is_refused(root: Path) -> None:
    odd = root / "models" / "a'; touch hacked; '"
    odd.mkdir()
    (odd / "model.yaml").touch()
    told = perennial(root, "hold", odd.name, *WHO)

    assert told.code == 1
    assert "there are: flight-delay" in told.err
    assert not (odd / "hold.yaml").exists()


def test_a_second_hold_replaces_the_first_and_says_so(root: Path) -> None:
    assert perennial(root, "hold", "flight-delay", *WHO).out.startswith(f"wrote {HOLD}: until lifted\n")
    told = perennial(root, "hold", "flight-delay", *WHO, "--until", "2199-01-01")

    assert told.out.startswith(f"replaced {HOLD}: until 2199-01-01\n")
    assert told.out.endswith(f"  git add {HOLD} && git commit -m 'Hold flight-delay'\n")


@pytest.mark.parametrize(
    "reason", ["a: b # c", "{{ x }}", "'\"`$(id)", "- x", "null", "größer", "line\nbreak", "\x1b[2J", "%TAG"]
)
def test_any_reason_is_read_back_as_text(root: Path, reason: str) -> None:
    told = perennial(root, "hold", "flight-delay", "--reason", reason, "--owner", reason)
    place = place_of(HOLD)
    assert place is not None

    assert told.is_harmless
    assert told.code == 0
    body = read_document(place, (root / HOLD).read_bytes()).spec.spec
    assert (body.reason, body.owner) == (reason, reason)


def test_a_reason_that_is_no_text_is_refused(root: Path) -> None:
    assert perennial(root, "hold", "flight-delay", "--reason", "\ud800", "--owner", "ann").code == 2
    assert not (root / HOLD).exists()


def test_a_hold_of_some_environments_names_them(root: Path) -> None:
    said = hold(root, "flight-delay", *WHO, "--environment", "staging", "--environment", "production")
    assert said.exit_code == 0, said.output
    text, place = (root / HOLD).read_bytes(), place_of(HOLD)
    assert place is not None
    assert b"nothing new of it is released to staging or production" in text
    assert read_document(place, text).spec.spec.environments == ("staging", "production")
    assert hold(root, "flight-delay", "--lift", "--environment", "staging").exit_code == 2
    assert "--environment: " in hold(root, "flight-delay", *WHO, "--environment", "Prod").output
