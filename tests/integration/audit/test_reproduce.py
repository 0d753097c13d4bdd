"""`audit --reproduce` trains for real and comes to the same digests; what cannot be tried is told, and is never a yes."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.adapters.git import GitRepository
from tests.commands import Answer, perennial
from tests.integration.audit.damage import evidence, in_cache, in_git, restated, snapshot_md5s
from tests.repositories import ENVIRONMENT, MAIN_REF, git, put

SAME = ["data", "spec", "code", "parameters", "environment", "artifact", "release", "evaluation.json", "validation.json"]


def reproduced(root: Path, *arguments: str) -> Answer:
    before = git(root, "for-each-ref"), git(root, "status", "--porcelain"), sorted((root / ".dvc/cache").rglob("*"))
    answer = perennial(root, "audit", "alpha", *arguments, "--reproduce", "-o", "json")
    assert (git(root, "for-each-ref"), git(root, "status", "--porcelain"), sorted((root / ".dvc/cache").rglob("*"))) == before
    assert list((root / ".git/perennial/worktrees").iterdir()) == []
    assert answer.is_harmless
    return answer


def said(answer: Answer) -> dict[str, str]:
    """What is said of each part."""
    return {part["rule"]: f"{part['answer']} {part['code']}" for part in answer.json["reproduction"]["parts"]}


def test_a_release_is_made_again_from_its_source_byte_for_byte(team: Path) -> None:
    answer = reproduced(team)
    assert (answer.code, answer.json["answer"]) == (0, "YES"), said(answer)
    assert answer.err == "making alpha 1.0.0 again in a scratch worktree ...\n"
    assert said(answer) == dict.fromkeys(SAME, "YES same")
    assert answer.json["reproduction"]["rows"] == "read again from the source"


@pytest.mark.slow
def test_when_the_source_has_other_rows_by_now_those_that_dvc_keeps_are_taken(team: Path) -> None:
    table = team / "data/alpha.csv"
    lines = table.read_text().splitlines(keepends=True)
    table.write_text("".join([lines[0], *lines[100:]]))
    answer = reproduced(team, "1.0.0")
    assert answer.code == 0
    assert said(answer) == dict.fromkeys(SAME, "YES same")
    assert answer.json["reproduction"]["rows"] == "from DVC's cache, because the source gives other rows by now"


def test_when_the_source_is_gone_dvc_has_the_rows_and_without_both_nobody_can_tell(team: Path) -> None:
    shutil.rmtree(team / "data")
    in_cache(team, snapshot_md5s(team)[1], lambda _: None)
    answer = reproduced(team)
    assert answer.code == 4
    assert said(answer) == {"reproduced": "UNKNOWN failed"}
    (part,) = answer.json["reproduction"]["parts"]
    assert part["message"].startswith("snapshot@alpha failed: ")


@pytest.mark.slow
def test_another_seed_makes_another_model_and_that_is_told_part_by_part(team: Path) -> None:
    restated(team, lambda provenance: replace(provenance, seed=1))
    answer = reproduced(team)
    assert answer.code == 7
    told = said(answer)
    assert {name for name, word in told.items() if word == "NO differs"} >= {"parameters", "release"}
    assert (told["data"], told["code"]) == ("YES same", "YES same")


def other_lock(root: Path) -> None:
    """The statement names a commit whose lock pins other versions than are installed."""
    repository = GitRepository.open(root, ENVIRONMENT)
    lock = (root / "requirements/lock.txt").read_text().replace("numpy==", "numpy==1.0+")
    commit = put(repository, MAIN_REF, {"requirements/lock.txt": lock.encode()})
    restated(root, lambda provenance: replace(provenance, base=commit))


CANNOT: dict[str, tuple[Callable[[Path], Any], str]] = {
    "another environment": (other_lock, "it was made in another environment than this one"),
    "no statement": (
        lambda root: in_git(root, MAIN_REF, evidence(root, "provenance.json"), lambda _: b"{}"),
        "which says what it was made from, cannot be read",
    ),
    "no commit": (
        lambda root: restated(root, lambda provenance: replace(provenance, base="1" * 40)),
        "cannot be read",
    ),
}


@pytest.mark.parametrize(("spoil", "why"), CANNOT.values(), ids=CANNOT)
def test_what_cannot_be_tried_is_unknown_and_says_why_with_both_versions(spoil, why: str, team: Path) -> None:
    spoil(team)
    answer = reproduced(team)
    assert (answer.code, answer.json["answer"]) == (4, "UNKNOWN")
    (part,) = answer.json["reproduction"]["parts"]
    assert part["answer"] == "UNKNOWN"
    assert why in part["message"]
    assert spoil is not other_lock or "numpy 1.0+" in part["message"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("alpha", "--reproduce", "--verify"), 2, "ask one at a time"),
        (("--reproduce",), 2, "Missing argument 'MODEL'"),
        (("alpha", "--key", "README.md"), 2, ""),
        (("alpha", "9.9.9", "--reproduce"), 1, "there is no version 9.9.9 of alpha"),
    ],
)
def test_questions_that_make_no_sense_are_told(whole: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    answer = perennial(whole, "audit", *arguments)
    assert answer.code == code
    assert words in answer.err
