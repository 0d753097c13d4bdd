"""`perennial gate` on what a change would release: whole, altered, forged, and away."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands import Answer, perennial
from tests.integration.audit.damage import artifact_md5, digest, evidence, in_cache, in_git, snapshot_md5s
from tests.repositories import MAIN_REF, git
from tests.teams import commit, write

RELEASE = "models/alpha/releases/{}.yaml"


def gated(root: Path, *arguments: str) -> Answer:
    """The gate's answer for main as a change of what there was before anything was released."""
    start = git(root, "rev-list", "--max-parents=0", "main").split()[0]
    answer = perennial(root, "gate", *(arguments or ("main", "--base", start)), "-o", "json")
    assert answer.is_harmless
    return answer


def first(root: Path) -> str:
    answer = gated(root)
    doubt = answer.json["first"]
    return f"{answer.code} {doubt['link']['rule']} {doubt['link']['code']}" if doubt else f"{answer.code}"


def test_what_was_approved_is_proved_link_by_link(whole: Path) -> None:
    answer = gated(whole)

    assert (answer.code, answer.json["answer"]) == (0, "YES")
    (model,) = answer.json["models"]
    assert [version["environments"] for version in model["versions"]] == [["production"], ["staging"]]
    for version in model["versions"]:
        rules = [link["rule"] for link in version["links"]]
        assert rules == [
            "release",
            "quarantine",
            "evidence",
            "statement",
            "signature",
            "verdict",
            "source",
            "lock",
            "artifact",
            "data",
            "metrics",
        ]
    assert "gives the same numbers again: " in model["versions"][0]["links"][-1]["message"]


def test_nothing_released_is_nothing_to_prove(whole: Path) -> None:
    answer = gated(whole, "main", "--base", "main")
    assert (answer.code, answer.json["answer"], answer.json["models"]) == (0, "YES", [])
    assert "releases nothing" in perennial(whole, "gate").out

    refused = perennial(whole, "gate", "--", "--upload-pack=touch /tmp/x")
    assert (refused.code, "is no commit" in refused.err) == (4, True)


def test_a_clean_runner_has_neither_ledger_nor_cache_and_proves_it_from_the_remote(team: Path) -> None:
    git(team, "update-ref", "-d", "refs/heads/perennial/ledger")
    (team / ".dvc/cache").rename(team / "remote")
    with (team / ".dvc/config").open("a") as config:
        config.write("['remote \"storage\"']\n    url = ../remote\n")
    (team / ".dvc/config.local").write_text("[core]\n    remote = storage\n")
    with (team / "pyproject.toml").open("a") as settings:
        settings.write('[tool.perennial.forge]\ntype = "github"\nrepository = "acme/models"\n')  # nor has it a token
    first_merge = git(team, "log", "--format=%H", "--diff-filter=A", "--first-parent", "main", "--", RELEASE.format("staging"))

    answer = gated(team, first_merge, "--base", f"{first_merge}^1")

    assert (answer.code, answer.json["first"]) == (0, None)
    assert [version["environments"] for version in answer.json["models"][0]["versions"]] == [["staging"]]

    shutil.rmtree(team / "remote")
    shutil.rmtree(team / ".dvc/cache")
    assert first(team).startswith("4 "), "what cannot be seen is not believed"


def better(text: bytes) -> bytes:
    report = json.loads(text)
    report["measured"]["metrics"]["rocAuc"]["value"] += 0.001
    return json.dumps(report).encode()


FORGED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a better number": (better, "metrics otherNumbers"),
    "a gate that said no": (lambda text: text.replace(b'"answer": "YES"', b'"answer": "NO"', 1), "verdict refused"),
    "no gates": (lambda text: text.replace(b'"rule": "floor', b'"rule": "another'), "verdict notJudged"),
    "no verdict": (lambda text: text.replace(b'"verdict"', b'"word"'), "verdict unreadable"),
    "another verdict": (lambda text: text.replace(b'"NO_BASELINE"', b'"REJECTED"'), "verdict refused"),
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_evidence_is_told_by_what_it_is_about(name: str, team: Path) -> None:
    forge, said = FORGED[name]
    in_git(team, MAIN_REF, evidence(team, "json"), forge)

    answer = gated(team)

    links = [link for version in answer.json["models"][0]["versions"] for link in version["links"]]
    assert answer.code == 7
    assert said in {f"{link['rule']} {link['code']}" for link in links if link["answer"] == "NO"}


def test_an_artifact_with_other_bytes_and_rows_that_are_not_there(team: Path) -> None:
    in_cache(team, artifact_md5(team), lambda content: content[:-1])
    assert first(team) == "7 artifact otherBytes"

    in_cache(team, snapshot_md5s(team)[1], lambda _: None)
    links = {link["rule"]: link["code"] for link in gated(team).json["models"][0]["versions"][0]["links"]}
    assert (links["data"], links["metrics"]) == ("notHere", "notHere")


def test_a_release_file_that_cannot_be_read(team: Path) -> None:
    in_git(team, MAIN_REF, RELEASE.format("production"), lambda text: text.replace(b"sha256:", b"sha256:0", 1))

    answer = gated(team)

    assert answer.code == 7
    assert answer.json["first"]["link"]["code"] == "unreadable"


def test_a_change_of_the_evidence_alone_is_proved_too(team: Path) -> None:
    in_git(team, MAIN_REF, evidence(team, "json"), better)

    answer = gated(team, "main", "--base", "main^1")

    assert answer.code == 7
    assert [version["environments"] for version in answer.json["models"][0]["versions"]] == [["production"], ["staging"]]


def test_a_quarantined_digest_does_not_come_back(team: Path) -> None:
    entry = {"digest": f"sha256:{digest(team)}", "reason": "it was wrong"}
    head = {"apiVersion": "perennial/v1", "kind": "Quarantine", "metadata": {"name": "alpha"}}
    write(team / "models/alpha/quarantine.yaml", {**head, "spec": {"digests": [entry]}})
    commit(team, "Never again")

    assert first(team) == "7 quarantine quarantined"
