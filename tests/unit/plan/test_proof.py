"""Release file, gate report and statement must say the same; what they do not agree on is named with both sides."""

import json
from dataclasses import replace
from typing import Any

import pytest

from reconciler.domain.judgements import Answer
from reconciler.domain.names import evidence_path, provenance_path
from reconciler.domain.releases import Release, digest_of
from reconciler.plan.proof import judge_evidence, judge_statement
from reconciler.render.provenance import statement_text
from tests.builders import a_fingerprint, a_release
from tests.cases import each
from tests.proofs import a_provenance, a_report, proof_files

RELEASE = a_release()
BUILD = RELEASE.build
EVIDENCE, STATEMENT = evidence_path("flight-delay", RELEASE.digest), provenance_path("flight-delay", RELEASE.digest)
REPORT = a_report(RELEASE)
PROVENANCE = a_provenance(RELEASE)
FILES = proof_files(RELEASE)


def told(release: Release = RELEASE, **changes: bytes | None) -> list[str]:
    """What the two links say; `evidence` and `statement` are other contents, None for a file that is gone."""
    found: dict[str, bytes | None] = {
        **FILES,
        **{{"evidence": EVIDENCE, "statement": STATEMENT}[k]: v for k, v in changes.items()},
    }
    files = {path: content for path, content in found.items() if content is not None}
    links = (judge_evidence(release, files), judge_statement(release, files))
    return [f"{link.answer} {link.code}: {link.message}" for link in links]


def report(**changes: Any) -> bytes:
    return json.dumps(json.loads(REPORT) | changes).encode()


def statement(**changes: Any) -> bytes:
    return statement_text(replace(PROVENANCE, **changes)).encode()


def test_files_that_agree_prove_the_release() -> None:
    evidence, said = told()
    assert evidence == "YES agrees: the gate report is about this very build"
    assert said == "YES agrees: says the same as the release file, and names the gate report by its SHA-256"


WRONG_EVIDENCE = {
    "gone": (None, f"NO noEvidence: there is no {EVIDENCE}"),
    "no JSON": (b"{", "NO unreadable: "),
    "no object": (b"[]", "NO unreadable: "),
    "no UTF-8": (b"\xff", "NO unreadable: "),
    "half of it": (b'{"model": "flight-delay"}', "NO unreadable: "),
    "of another model": (report(model="zebra"), f"NO otherBuild: {EVIDENCE} says model zebra, the release file flight-delay"),
    "of another digest": (report(digest="sha256:0"), "NO otherBuild: "),
    "of other rows": (
        report(data=json.loads(REPORT)["data"] | {"trainRows": 1}),
        f"NO otherBuild: {EVIDENCE} says data trainRows 1, the release file trainRows 50000",
    ),
    "of another size": (
        report(artifact=json.loads(REPORT)["artifact"] | {"size": 1}),
        f"NO otherBuild: {EVIDENCE} says artifact size 1, the release file size 1000",
    ),
}


@each(("content", "said"), WRONG_EVIDENCE.values())
def test_a_gate_report_that_says_otherwise_is_told_with_both_sides(content: bytes | None, said: str) -> None:
    assert told(evidence=content)[0].startswith(said)


WRONG_STATEMENTS = {
    "gone": (None, f"NO noStatement: there is no {STATEMENT}"),
    "no statement": (b"{}", f"NO unreadable: {STATEMENT}: it cannot be understood: "),
    "no UTF-8": (b"\xff", f"NO unreadable: {STATEMENT}: it is not UTF-8"),
    "a space more": (FILES[STATEMENT] + b" ", f"NO unreadable: {STATEMENT}: it is not written as Perennial writes it"),
    "another version": (statement(version="1.0.1"), f"NO saysOtherwise: {STATEMENT} says version 1.0.1, the release file 1.0.0"),
    "another code": (
        statement(build=replace(BUILD, made_from=a_fingerprint(code="other"))),
        f"NO saysOtherwise: {STATEMENT} says another made_from than the release file: code sha256:",
    ),
    "another artifact": (
        statement(build=replace(BUILD, artifact=replace(BUILD.artifact, md5="1" * 32))),
        f"says another artifact than the release file: md5 {'1' * 32}, not {'0' * 32}",
    ),
    "another gate report": (statement(evidence=digest_of("x")), "says that the gate report's SHA-256 is "),
}


@each(("content", "said"), WRONG_STATEMENTS.values())
def test_a_statement_that_says_otherwise_is_told_with_both_sides(content: bytes | None, said: str) -> None:
    assert said in told(statement=content)[1]
    assert told(statement=content)[1].startswith("NO ")


def test_a_gate_report_that_was_changed_where_no_build_stands_breaks_the_statement() -> None:
    evidence, said = told(evidence=REPORT.replace(b"YES", b"yes", 1))
    assert evidence.startswith("YES ")
    assert said.startswith("NO saysOtherwise: ")


@pytest.mark.parametrize("link", [judge_evidence, judge_statement])
def test_a_release_file_that_was_changed_agrees_with_neither(link: Any) -> None:
    altered = replace(RELEASE, build=replace(BUILD, data=replace(BUILD.data, holdout_rows=1)))
    assert link(altered, FILES).answer is Answer.NO
