"""The files that prove a release: its gate report and its statement, as a promotion would have written them."""

from dataclasses import replace
from typing import Any

from reconciler.domain.judgements import Answer, Judgement, yes
from reconciler.domain.names import evidence_path, provenance_path
from reconciler.domain.provenance import Provenance
from reconciler.domain.releases import Release, digest_of_bytes
from reconciler.render.evidence import render_evidence
from reconciler.render.provenance import statement_text
from tests.builders import NOW, a_candidate, a_review, a_revision

GATES = Judgement(
    rule="gates",
    answer=Answer.YES,
    code="allPassed",
    message="1 of 1 say YES",
    parts=(yes("floor", "above", "rocAuc 0.72 over 10000 rows, at least 0.6 wanted"),),
)


def a_report(release: Release) -> bytes:
    """The gate report."""
    return render_evidence(a_review(candidate=replace(a_candidate(), build=release.build), champion=None, gates=GATES)).encode()


def a_provenance(release: Release, **changes: Any) -> Provenance:
    """What its statement says."""
    made = Provenance(
        build=release.build,
        version=release.version,
        base=a_revision("base"),
        finished=NOW,
        seed=0,
        champion="none",
        evidence=digest_of_bytes(a_report(release)),
    )
    return replace(made, **changes)


def proof_files(release: Release) -> dict[str, bytes]:
    """Both files, by path."""
    name, digest = release.build.model, release.digest
    statement = statement_text(a_provenance(release)).encode()
    return {evidence_path(name, digest): a_report(release), provenance_path(name, digest): statement}
