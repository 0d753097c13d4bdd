"""The statement of a release: what it says where, that it is read back, and that not a byte of it can change unnoticed."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain.provenance import Provenance
from reconciler.domain.releases import digest_of
from reconciler.errors import ReconcilerError
from reconciler.render.provenance import read_statement, source_of, statement_text
from tests.builders import NOW, a_build, a_fingerprint, a_revision
from tests.cases import each

PROVENANCE = Provenance(
    build=a_build(),
    version="1.1.0",
    base=a_revision("base"),
    finished=NOW,
    seed=7,
    champion=digest_of("before"),
    evidence=digest_of("evidence"),
)
TEXT = statement_text(PROVENANCE)
CHANGES = {
    "version": "1.2.0",
    "base": a_revision("other"),
    "finished": NOW + timedelta(seconds=1),
    "seed": 8,
    "champion": "none",
    "evidence": digest_of("other"),
    "build": a_build(made_from=a_fingerprint(code="other")),
}


def sha256(word: str) -> dict[str, str]:
    return {"sha256": digest_of(word).removeprefix("sha256:")}


def test_it_is_an_in_toto_statement_about_the_artifact_and_the_release() -> None:
    value = json.loads(TEXT)
    assert (value["_type"], value["predicateType"]) == ("https://in-toto.io/Statement/v1", "https://slsa.dev/provenance/v1")
    artifact, release = value["subject"]
    assert (artifact["name"], artifact["digest"]) == ("runs/flight-delay/model.zip", sha256("champion") | {"md5": "0" * 32})
    assert release["name"] == "flight-delay@v1.1.0"
    assert release["digest"]["sha256"] == PROVENANCE.build.digest.removeprefix("sha256:")


def test_its_predicate_says_what_it_was_made_from_by_what_and_with_what_result() -> None:
    predicate = json.loads(TEXT)["predicate"]
    definition, run = predicate["buildDefinition"], predicate["runDetails"]
    assert definition["externalParameters"] == {
        "model": "flight-delay",
        "dataset": "flights",
        "asOf": "2013-05-22T12:00:00Z",
        "seed": 7,
        "champion": digest_of("before"),
    }
    found = {part["name"]: part["digest"] for part in definition["resolvedDependencies"]}
    assert found == {
        "source": {"gitCommit": a_revision("base")},
        "data": sha256("data of champion"),
        **{word: sha256(word) for word in ("spec", "code", "parameters", "environment")},
    }
    assert run["metadata"] == {"finishedOn": "2013-06-01T12:00:00Z"}
    assert run["byproducts"][0]["digest"] == sha256("evidence")


def test_what_it_says_is_read_back() -> None:
    assert read_statement(TEXT) == PROVENANCE


@each("name", CHANGES)
def test_another_fact_is_another_statement(name: str) -> None:
    other = statement_text(replace(PROVENANCE, **{name: CHANGES[name]}))
    assert other != TEXT
    assert read_statement(other) == replace(PROVENANCE, **{name: CHANGES[name]})


@given(st.integers(0, len(TEXT) - 1), st.integers(1, 127))
def test_a_changed_byte_is_unreadable_or_says_something_else(place: int, flip: int) -> None:
    other = TEXT[:place] + chr(ord(TEXT[place]) ^ flip) + TEXT[place + 1 :]
    try:
        assert read_statement(other) != PROVENANCE
    except ReconcilerError as error:
        assert error.message.startswith("it ")  # noqa: PT017 - either is right


@each("text", ["", "null", "[]", "{}", "[" * 100_000, TEXT[:-1], TEXT + " ", TEXT.replace('"size": 1000', '"size": 1e999')])
def test_any_other_text_is_refused_in_words(text: str) -> None:
    with pytest.raises(ReconcilerError, match=r"^it "):
        read_statement(text)


def test_the_source_alone_is_read_from_anything_that_names_it():
    assert source_of(statement_text(PROVENANCE).encode()) == PROVENANCE.base
    for other in (b"", b"[", b"[]", b"{}", b"\xff", b'{"predicate": {"buildDefinition": {"resolvedDependencies": []}}}'):
        assert source_of(other) == ""
