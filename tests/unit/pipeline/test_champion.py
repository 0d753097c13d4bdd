"""The champion that params.yaml names is found wherever the repository remembers it."""

from dataclasses import replace

import pytest

from reconciler.domain.names import evidence_path
from reconciler.domain.releases import digest_of
from reconciler.errors import ReconcilerError
from reconciler.pipeline.champion import champion_build
from reconciler.render.evidence import render_evidence
from tests.builders import a_candidate, a_release, a_review, specs_of
from tests.cases import each

RELEASE = a_release()
OLD = a_candidate("old")


def the_specs(evidence: bytes | None = None):
    files = {} if evidence is None else {evidence_path("flight-delay", OLD.build.digest): evidence}
    return replace(specs_of(), releases={"flight-delay": {"production": RELEASE}}, files=files)


def test_none_is_nobody() -> None:
    assert champion_build(the_specs(), "flight-delay", "none") is None


def test_a_release_is_found_by_its_digest() -> None:
    assert champion_build(the_specs(), "flight-delay", RELEASE.digest) == RELEASE.build


def test_a_former_champion_is_found_in_its_evidence() -> None:
    report = render_evidence(a_review(candidate=OLD))
    assert champion_build(the_specs(report.encode()), "flight-delay", OLD.build.digest) == OLD.build


def test_an_unknown_champion_is_named_with_what_to_do() -> None:
    with pytest.raises(ReconcilerError, match="neither a release nor evidence") as caught:
        champion_build(the_specs(), "flight-delay", digest_of("nobody"))
    assert "set it in models.flight-delay of params.yaml to none" in caught.value.help


@each("garbage", [b"", b"{}", b"[]", b"null", b'{"model": 1}', b"\xff", b"[" * 100_000])
def test_evidence_that_is_no_report_is_refused(garbage: bytes) -> None:
    with pytest.raises(ReconcilerError):
        champion_build(the_specs(garbage), "flight-delay", OLD.build.digest)
