"""Flip one byte anywhere, and `audit --verify` fails and names it; what is only missing is told apart from what is broken."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reconciler.audit.books import open_books
from reconciler.audit.claims import claim_of
from reconciler.audit.verify import links_of
from reconciler.domain.names import LEDGER_BRANCH
from reconciler.observe.observe import head_of, look
from reconciler.observe.proofs import trust_of
from reconciler.specs.load import load_specs
from reconciler.specs.paths import SPEC_PREFIXES
from reconciler.wiring import open_world
from tests.commands import Answer, perennial
from tests.integration.audit.damage import (
    Change,
    artifact_md5,
    digest,
    evidence,
    flipped,
    in_cache,
    in_git,
    part_of,
    snapshot_md5s,
)
from tests.repositories import MAIN_REF, git
from tests.signatures import a_key

LEDGER = f"refs/heads/{LEDGER_BRANCH}"
RELEASE = "models/alpha/releases/{}.yaml"


def verified(root: Path, *arguments: str) -> Answer:
    answer = perennial(root, "audit", *(arguments or ("--verify",)), "-o", "json")
    assert answer.is_harmless
    return answer


def first(root: Path, *arguments: str) -> str:
    """Exit code, link and message of the first doubt."""
    answer = verified(root, *arguments)
    told = answer.json["first"]
    return f"{answer.code} {told['link']['rule']}: {told['link']['message']}" if told else f"{answer.code}"


Damage = Callable[[Path, Change], None]
EVERYWHERE: dict[str, tuple[Damage, str]] = {
    "artifact": (
        lambda root, change: in_cache(root, artifact_md5(root), change),
        "artifact: runs/alpha/model.zip in DVC's cache has ",
    ),
    "evidence": (
        lambda root, change: in_git(root, MAIN_REF, evidence(root, "json"), change),
        "",
    ),
    "statement": (
        lambda root, change: in_git(root, MAIN_REF, evidence(root, "provenance.json"), change),
        "record: the ledger says ",
    ),
    "signature": (
        lambda root, change: in_git(root, MAIN_REF, evidence(root, "intoto.jsonl"), change),
        "signature: ",
    ),
    "ledger": (lambda root, change: in_git(root, LEDGER, "alpha.jsonl", change), "ledger: perennial/ledger alpha.jsonl:"),
    "release file": (lambda root, change: in_git(root, MAIN_REF, RELEASE.format("production"), change), "re"),
    "rows to learn from": (
        lambda root, change: in_cache(root, snapshot_md5s(root)[2], change),
        "data: runs/alpha/snapshot/train.parquet in DVC's cache has MD5 ",
    ),
    "rows to judge by": (
        lambda root, change: in_cache(root, snapshot_md5s(root)[1], change),
        "data: runs/alpha/snapshot/holdout.parquet in DVC's cache has MD5 ",
    ),
    "list of rows": (
        lambda root, change: in_cache(root, snapshot_md5s(root)[0], change),
        "data: runs/alpha/snapshot in DVC's cache has MD5 ",
    ),
    "manifest": (
        lambda root, change: in_git(root, "refs/heads/env/production", "manifests/alpha/configmap.yaml", change),
        "rendered: env/production has another manifests/alpha/configmap.yaml than main leads to",
    ),
    "lock": (
        lambda root, change: in_git(root, MAIN_REF, "dvc.lock", lambda text: part_of(text, artifact_md5(root).encode(), change)),
        "lock: ",
    ),
    "numbers of the run": (
        lambda root, change: in_git(root, MAIN_REF, "runs/alpha/evaluation.json", change),
        "lock: on main dvc.lock says ",
    ),
}
"""What can be damaged: how, and what is said of it first."""


def test_a_whole_repository_is_whole_and_says_so(whole: Path) -> None:
    answer = verified(whole)
    assert (answer.code, answer.json["answer"], answer.json["first"]) == (0, "YES", None)
    (model,) = answer.json["models"]
    (version,) = model["versions"]
    assert (version["version"], version["environments"]) == ("1.0.0", ["staging", "production"])
    assert [link["rule"] for link in (*model["links"], *version["links"])] == [
        "ledger",
        *["release"] * 2,
        *["record"] * 4,
        *("evidence", "statement", "signature", "source", "lock", "artifact", "data", "tags"),
        *["rendered"] * 2,
    ]
    for arguments in (("alpha", "--verify"), ("alpha", "1.0.0", "--verify"), ("alpha", digest(whole)[:8], "--verify")):
        assert verified(whole, *arguments).code == 0


@pytest.mark.parametrize("name", EVERYWHERE)
def test_one_flipped_byte_breaks_a_link_that_names_it(name: str, team: Path) -> None:
    damage, said = EVERYWHERE[name]
    place = int(np.random.default_rng(list(name.encode())).integers(1 << 30))
    damage(team, lambda content: flipped(content, place))
    assert first(team).startswith(f"7 {said}"), (name, place, first(team))


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", EVERYWHERE)
@pytest.mark.parametrize("seed", range(12))
def test_a_flipped_byte_at_any_place_breaks_a_link_that_names_it(name: str, seed: int, team: Path) -> None:
    damage, said = EVERYWHERE[name]
    rng = np.random.default_rng([seed, *name.encode()])
    place, bit = int(rng.integers(1 << 30)), int(rng.integers(1, 256))
    damage(team, lambda content: flipped(content, place, bit))
    assert first(team).startswith(f"7 {said}"), (name, place, bit, first(team))


def test_a_tag_that_was_moved_is_named(team: Path) -> None:
    for tag in ("alpha@v1.0.0", "alpha#production#1"):
        before = git(team, "rev-parse", tag)
        git(team, "tag", "--force", "--annotate", "--message", "Mine", tag, "main")
        assert first(team).startswith(f"7 tags: {tag} stands on ")
        git(team, "update-ref", f"refs/tags/{tag}", before)
    assert verified(team).code == 0


GONE: dict[str, tuple[Callable[[Path], Any], str]] = {
    "artifact": (lambda root: in_cache(root, artifact_md5(root), lambda _: None), "4 artifact: runs/alpha/model.zip (MD5 "),
    "rows": (
        lambda root: in_cache(root, snapshot_md5s(root)[1], lambda _: None),
        "4 data: runs/alpha/snapshot/holdout.parquet (MD5 ",
    ),
    "evidence": (
        lambda root: in_git(root, MAIN_REF, evidence(root, "json"), lambda _: None),
        "7 evidence: there is no models/alpha/evidence/",
    ),
    "statement": (
        lambda root: in_git(root, MAIN_REF, evidence(root, "provenance.json"), lambda _: None),
        "7 record: the ledger has no SHA-256 of ",
    ),
    "signature": (
        lambda root: in_git(root, MAIN_REF, evidence(root, "intoto.jsonl"), lambda _: None),
        "7 signature: there is no models/alpha/evidence/",
    ),
    "tag": (lambda root: git(root, "tag", "--delete", "alpha#staging#1"), "7 tags: there is no tag alpha#staging#1"),
    "branch": (
        lambda root: git(root, "update-ref", "-d", "refs/heads/env/staging"),
        "7 rendered: there is no branch env/staging",
    ),
    "ledger": (lambda root: git(root, "update-ref", "-d", LEDGER), "7 record: no line says that 1.0.0 ran"),
    "newest line": (
        lambda root: in_git(root, LEDGER, "alpha.jsonl", lambda content: content[: content.rstrip().rindex(b"\n") + 1]),
        "7 record: no line says that production runs anything",
    ),
}


@pytest.mark.parametrize(("lose", "said"), GONE.values(), ids=GONE)
def test_what_is_gone_is_told_and_only_what_dvc_may_have_elsewhere_is_no_break(lose, said: str, team: Path) -> None:
    lose(team)
    assert first(team).startswith(said)


def before(root: Path) -> list[str]:
    """What is said of the artifact and the rows of 1.0.0 when it does not run any more."""
    world = open_world(str(root))
    head = head_of(world.readers)
    specs = load_specs(world.readers.repository.files(head, *SPEC_PREFIXES))
    books = open_books(specs, world.readers, look(world.readers, head, world.readers.clock.now()), "alpha")
    links = links_of(claim_of(books, world.readers, trust_of(specs), books.releases["production"].digest), whole=False)
    return [f"{link.rule} {link.answer} {link.code}" for link in links if link.rule in {"artifact", "data"}]


def test_of_what_ran_before_only_what_dvc_keeps_can_be_broken(team: Path) -> None:
    assert before(team) == ["artifact YES whole", "data YES whole"]
    in_cache(team, snapshot_md5s(team)[1], lambda content: flipped(content, 100))
    assert before(team) == ["artifact YES whole", "data NO otherBytes"]
    in_cache(team, artifact_md5(team), lambda content: flipped(content, 100))
    assert before(team) == ["artifact NO otherBytes", "data NO otherBytes"]
    for md5 in (artifact_md5(team), snapshot_md5s(team)[1]):
        in_cache(team, md5, lambda _: None)
    assert before(team) == []


def test_the_first_broken_link_stands_at_the_top_and_the_others_below(team: Path) -> None:
    in_cache(team, artifact_md5(team), lambda content: flipped(content, 5))
    in_git(team, "refs/heads/env/staging", "manifests/alpha/service.yaml", lambda content: content + b"# mine\n")
    told = perennial(team, "audit", "alpha", "--verify")
    assert (told.code, told.err) == (7, "")
    assert told.is_harmless
    lines = told.out.splitlines()
    assert lines[0] == "✗ BROKEN: artifact of alpha 1.0.0 (15 of 17 links hold)"
    assert lines[1].startswith("  runs/alpha/model.zip in DVC's cache has MD5 ")
    assert lines[2].startswith("  try: rm")
    assert [line.split()[1] for line in lines[3:] if line.startswith("    ✗ ")] == ["artifact", "rendered"]


def test_a_stranger_insists_on_the_key_that_he_has(whole: Path, tmp_path: Path) -> None:
    (tmp_path / "other.pub").write_bytes(a_key(tmp_path / "other.pem", seed=2))
    assert verified(whole, "alpha", "--verify", "--key", str(whole / "signing/perennial.pub")).code == 0
    assert "which is not among the trusted: " in first(whole, "alpha", "--verify", "--key", str(tmp_path / "other.pub"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_cannot_be_told(team: Path) -> None:
    md5 = artifact_md5(team)
    (team / ".dvc/cache/files/md5" / md5[:2] / md5[2:]).chmod(0)
    assert first(team).startswith("4 artifact: ")
