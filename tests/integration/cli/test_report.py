"""`perennial report`: the evidence of what waits and of what ran, from a real repository."""

import json
from pathlib import Path

import pytest

from tests.commands import perennial
from tests.loops import T1, T2, Loop, reopened
from tests.repositories import git

WHEN = ("--as-of", "2013-04-01")
MODEL = "models/alpha/model.yaml"


@pytest.fixture(scope="module")
def waiting(proposed: Loop, tmp_path_factory: pytest.TempPathFactory) -> Loop:
    """1.0.0 runs everywhere; then its spec was edited, and 1.1.0 waits for a review."""
    loop = reopened(proposed, tmp_path_factory.mktemp("waiting") / "repository")
    git(loop.root, "checkout", "--quiet", "--force", "main")
    for number in ("1", "2"):
        assert perennial(loop.root, "pr", "merge", number, "--as-of", "2013-03-01").code == 0
        loop.settle(T1)
    git(loop.root, "checkout", "--quiet", "--force", "main")
    spec = (loop.root / MODEL).read_text()
    loop.commit("Train longer", **{MODEL: f"{spec}  bootstrap: 2500\n".encode()})
    loop.settle(T2)
    git(loop.root, "checkout", "--quiet", "--force", "main")
    return loop


def told(loop: Loop, *arguments: str) -> str:
    answer = perennial(loop.root, "report", "alpha", *arguments)
    assert (answer.code, answer.err) == (0, "")
    assert answer.is_harmless
    return answer.out


def test_what_waits_is_told_as_its_pull_request_tells_it(waiting: Loop) -> None:
    text = told(waiting, *WHEN)
    assert text.startswith("## alpha 1.1.0 → staging\n")
    assert text == told(waiting, "candidate", *WHEN)
    shown = perennial(waiting.root, "pr", "view", "3").out
    assert text.rstrip() in shown
    assert "It was trained because: specChanged: " in text
    assert "   - brier\n+  bootstrap: 2500\n" in text


def test_a_version_that_runs_is_told_from_what_its_promotion_left(waiting: Loop, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    text = told(waiting, "1.0.0", "--html", str(page))
    assert text.startswith("## alpha 1.0.0 → production\n")
    assert "This is the first release" in text
    assert "**NO_BASELINE**: 1 of 1 gates say YES." in text
    assert "It was trained because: firstRelease: nothing was ever trained" in text
    assert "<title>alpha 1.0.0</title>" in page.read_text()
    digest = json.loads(told(waiting, "1.0.0", "-o", "json"))["digest"]
    assert told(waiting, digest.removeprefix("sha256:")[:8]) == text


def test_as_json_it_is_the_gate_report(waiting: Loop) -> None:
    report = json.loads(told(waiting, "-o", "json", *WHEN))
    assert (report["kind"], report["verdict"], report["champion"]["version"]) == ("Evidence", "BLESSED", "1.0.0")
    kept = json.loads(told(waiting, "1.0.0", "-o", "json"))
    (path,) = [one for one in (waiting.root / "models/alpha/evidence").glob("*.json") if "provenance" not in one.name]
    assert kept == json.loads(path.read_text())


def test_what_is_not_there_is_named(waiting: Loop) -> None:
    for arguments, words in (
        (("alpha", "9.9.9"), "there is no version 9.9.9 of alpha; there are: 1.0.0"),
        (("beta",), "there is no model beta"),
        (("alpha", "--html", "/nowhere/page.html", *WHEN), "the page /nowhere/page.html cannot be written"),
    ):
        answer = perennial(waiting.root, "report", *arguments)
        assert answer.code
        assert words in answer.err


def test_without_a_candidate_that_waits_it_tells_what_runs_or_that_nothing_does(waiting: Loop, proposed: Loop) -> None:
    for number in ("3", "4"):
        assert perennial(waiting.root, "pr", "merge", number, *WHEN).code == 0
        waiting.settle(T2)
    git(waiting.root, "checkout", "--quiet", "--force", "main")
    assert told(waiting, *WHEN).startswith("## alpha 1.1.0 → production\n")
    answer = perennial(waiting.root, "report", "alpha", "candidate", *WHEN)
    assert "no candidate of alpha waits for an environment" in answer.err
