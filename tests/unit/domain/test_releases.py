"""One digest over everything that a model was made from: any part that changes, changes it; nothing else does."""

import hashlib
from dataclasses import asdict, fields, replace

import pytest

from reconciler.domain.releases import Fingerprint, digest_of, digest_of_bytes
from tests.builders import DAY, a_build, a_fingerprint, a_release
from tests.cases import each


@each(
    ("value", "text"),
    [
        ({}, "{}"),
        ({"b": 1, "a": [True, None, 2.5]}, '{"a":[true,null,2.5],"b":1}'),
        ("ä\u202e", '"ä\u202e"'),
        ([1, "1"], '[1,"1"]'),
    ],
)
def test_a_digest_is_that_of_canonical_json(value, text):
    assert digest_of(value) == "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def test_the_order_of_keys_means_nothing_and_that_of_lists_does():
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    assert digest_of([1, 2]) != digest_of([2, 1])


@each(("one", "other"), [(1, 1.0), (1, "1"), (0, False), (None, "null"), ({}, []), ("a", "A"), ("é", "e\u0301")])
def test_values_that_are_written_differently_differ(one, other):
    assert digest_of(one) != digest_of(other)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {"deep": [-float("inf")]}])
def test_what_is_no_number_has_no_digest(value):
    with pytest.raises(ValueError, match="not JSON compliant"):
        digest_of(value)


@each("value", [object(), {1, 2}, b"bytes", {"at": DAY}])
def test_what_json_cannot_hold_has_no_digest(value):
    with pytest.raises(TypeError):
        digest_of(value)


@each("content", [b"", b"\x00", b"a\r\n", b"\xff" * 100])
def test_bytes_are_hashed_as_they_are(content):
    assert digest_of_bytes(content) == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_a_lone_surrogate_is_told_not_swallowed():
    with pytest.raises(UnicodeEncodeError):
        digest_of("\udcff")


def test_equal_fingerprints_do_not_differ():
    assert a_fingerprint().differences(a_fingerprint()) == ()


@each("part", [field.name for field in fields(Fingerprint)])
def test_each_part_of_a_fingerprint_is_told_apart(part):
    changed = a_fingerprint(**{part: "changed"})
    assert a_fingerprint().differences(changed) == changed.differences(a_fingerprint()) == (part,)


def test_differences_are_told_in_the_order_of_the_fields():
    changed = a_fingerprint(environment="x", spec="y", code="z")
    assert a_fingerprint().differences(changed) == ("spec", "code", "environment")


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(a_build(artifact=replace(a_build().artifact, sha256=digest_of("other"))), id="other bytes of the model"),
        pytest.param(a_build(data=replace(a_build().data, digest=digest_of("other"))), id="other rows"),
        *(
            pytest.param(a_build(made_from=a_fingerprint(**{field.name: "other"})), id=f"another {field.name}")
            for field in fields(Fingerprint)
        ),
    ],
)
def test_the_digest_of_a_build_covers(changed):
    assert changed.digest != a_build().digest


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(a_build(artifact=replace(a_build().artifact, path="elsewhere", md5="1" * 32)), id="moving the artifact"),
        pytest.param(a_build(model="renamed"), id="the model's name"),
        pytest.param(
            a_build(data=replace(a_build().data, as_of=a_build().data.as_of + DAY)), id="asking for the same rows later"
        ),
    ],
)
def test_the_digest_of_a_build_does_not_depend_on(changed):
    assert changed.digest == a_build().digest


def test_parts_with_swapped_digests_are_another_build():
    """A digest stands under the name of its part, so that code and spec cannot be exchanged."""
    swapped = Fingerprint(**dict(zip(asdict(a_fingerprint()), reversed(asdict(a_fingerprint()).values()), strict=True)))
    assert a_build(made_from=swapped).digest != a_build().digest


def test_a_release_has_the_digest_of_its_build_wherever_it_runs():
    assert a_release().digest == a_release(environment="staging", version="9.9.9").digest == a_build().digest
