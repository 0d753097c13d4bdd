"""`perennial rollback`: one button, pressed on a real repository, once and twice and where there is nothing to go back to."""

from datetime import timedelta

import pytest

from reconciler.domain.names import evidence_path
from tests.commands import perennial
from tests.loops import T1, T2, Loop
from tests.repositories import git

STAGING = "models/alpha/releases/staging.yaml"
WHY = ("--environment", "staging", "--reason", "scores fell", "--as-of", "2013-04-02")


@pytest.fixture
def twice(loop: Loop) -> Loop:
    """Alpha 1.0.0 ran everywhere, and now 1.1.0 does in staging."""
    loop.promote(T1)
    loop.settle(T2)
    loop.merge(loop.pulls()[-1].number, T2)
    return loop


def runs(loop: Loop) -> str:
    text = git(loop.root, "show", f"main:{STAGING}")
    return next(line.split()[-1].strip("'\"") for line in text.splitlines() if "version:" in line)


def test_it_puts_back_what_ran_and_records_it(twice: Loop) -> None:
    assert runs(twice) == "1.1.0"

    told = perennial(twice.root, "rollback", "alpha", *WHY, "--by", "ann")

    assert (told.code, told.err) == (0, "")
    assert "staging runs alpha 1.0.0 again" in told.out
    assert runs(twice) == "1.0.0"
    assert twice.kinds("alpha")[-1] == "rolledBack"
    assert "1.0.0" in git(twice.root, "show", "env/staging:README.md")
    message = git(twice.root, "log", "-1", "--format=%B", "main")
    assert message == "Roll alpha in staging back to 1.0.0\n\nscores fell Asked for by ann."
    assert git(twice.root, "status", "--porcelain", "--untracked-files=no") == ""
    planned = twice.plan(T2 + timedelta(days=1))
    assert not [step for step in planned.steps if type(step).__name__ == "Propose"], "it is not offered again"


def test_pressed_twice_it_does_not_go_forward_again(twice: Loop) -> None:
    perennial(twice.root, "rollback", "alpha", *WHY)
    again = perennial(twice.root, "rollback", "alpha", *WHY, "-o", "json")
    assert (again.code, again.json["runs"]) == (0, None)
    assert not (twice.root / STAGING).exists()

    nothing = perennial(twice.root, "rollback", "alpha", *WHY)
    assert (nothing.code, "ran nothing in staging before" in nothing.err) == (5, True)


def test_where_something_else_moved_on_only_the_release_goes_back(twice: Loop) -> None:
    lock = git(twice.root, "show", "main:dvc.lock")
    twice.commit("Another model", **{"dvc.lock": f"{lock}\n# moved on\n".encode()})

    told = perennial(twice.root, "rollback", "alpha", *WHY, "-o", "json")

    assert told.json["changed"] == [STAGING, "models/alpha/quarantine.yaml"]
    assert runs(twice) == "1.0.0"
    assert git(twice.root, "show", "main:dvc.lock").endswith("# moved on")


def test_what_is_taken_back_is_quarantined_unless_it_is_to_be_kept(twice: Loop) -> None:
    kept = perennial(twice.root, "rollback", "alpha", *WHY, "--keep", "-o", "json")
    assert "models/alpha/quarantine.yaml" not in kept.json["changed"]
    perennial(twice.root, "rollback", "alpha", *WHY)
    assert "rolled back in staging: scores fell" in git(twice.root, "show", "main:models/alpha/quarantine.yaml")


def test_it_goes_to_a_version_that_ran_there_and_to_no_other(twice: Loop) -> None:
    never = perennial(twice.root, "rollback", "alpha", *WHY, "--to", "0.5.0")
    assert (never.code, "ran nothing in staging before that it may go back to" in never.err) == (5, True)
    told = perennial(twice.root, "rollback", "alpha", *WHY, "--to", "1.0.0", "-o", "json")
    assert (told.code, told.json["runs"]) == (0, "1.0.0")


def test_without_an_environment_it_is_production(twice: Loop) -> None:
    told = perennial(twice.root, "rollback", "alpha", "--reason", "scores fell", "--as-of", "2013-04-02", "-o", "json")
    assert (told.code, told.json["runs"]) == (0, None)
    assert runs(twice) == "1.1.0"


def test_a_release_without_its_proof_does_not_come_back(twice: Loop) -> None:
    (first,) = {pull.marker.digest for pull in twice.pulls() if pull.marker and "1.0.0 to staging" in pull.title}
    twice.commit("Lose it", **{evidence_path("alpha", first): None})

    refused = perennial(twice.root, "rollback", "alpha", *WHY)

    assert (refused.code, "alpha 1.0.0 may not run" in refused.err) == (7, True)
    assert runs(twice) == "1.1.0"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("beta", *WHY), 1, "there is no model 'beta'"),
        (("alpha", "--environment", "moon", "--reason", "x"), 1, "there is no environment 'moon'"),
        (("alpha", "--environment", "staging", "--reason", " "), 2, "--reason must say why"),
        (("alpha", "--environment", "staging"), 2, "Missing option '--reason'"),
    ],
)
def test_what_is_not_there_or_not_said(proposed: Loop, arguments: tuple[str, ...], code: int, said: str) -> None:
    told = perennial(proposed.root, "rollback", *arguments)
    assert (told.code, said in told.err) == (code, True), told.err
