"""Nouns of the domain from JSON: what `canonical` wrote comes back; anything else is refused with its place."""

import json

import pytest

from reconciler.domain.evidence import Comparison, Evidence, Quality
from reconciler.domain.known import Measured
from reconciler.render.canonical import canonical_json
from reconciler.render.decoded import DecodeError, decode
from tests.builders import a_comparison, evidence, first_evidence
from tests.cases import each

ONE = {"value": 0.5, "low": 0.4, "high": 0.6, "rows": 3}


@pytest.mark.parametrize("noun", [evidence(), first_evidence(), evidence(asked=("a", "b"))])
def test_what_was_written_comes_back(noun):
    assert decode(Evidence, json.loads(canonical_json(noun))) == noun


@each(
    ("change", "said"),
    [
        ({"value": "0.5"}, ".value: expected int or float, not str"),
        ({"value": True}, ".value: expected int or float, not bool"),
        ({"value": float("nan")}, ".value: nan is not a number"),
        ({"value": 10**400}, ".value: int too large to convert to float"),
        ({"rows": -1}, ".rows: -1 is less than 0"),
        ({"rows": 1.0}, ".rows: expected int, not float"),
        ({"more": 1}, ": more is not known"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(change, said):
    with pytest.raises(DecodeError, match=f"^{said}"):
        decode(Measured, ONE | change)


def test_what_is_absent_is_refused():
    with pytest.raises(DecodeError, match="rows is absent"):
        decode(Measured, {key: value for key, value in ONE.items() if key != "rows"})


def test_a_digest_has_the_form_of_one():
    body = json.loads(canonical_json(a_comparison()))
    del body["type"]
    assert decode(Comparison, body) == a_comparison()
    with pytest.raises(DecodeError, match="'sha256:1' is not a digest"):
        decode(Comparison, body | {"champion": "sha256:1"})


def test_items_of_a_list_are_counted_in_the_place():
    with pytest.raises(DecodeError, match=r"\.failures\[1\]: expected str, not int"):
        decode(Quality, {"evaluated": 1, "failures": ["a", 2]})
