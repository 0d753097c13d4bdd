"""The envelope of a signed statement: what is signed, and that only one spelling of it is read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.domain.signing import PAYLOAD_TYPE, Envelope, envelope_text, read_envelope, signed_bytes
from tests.cases import each

ENVELOPE = Envelope(payload=b'{"a": "\xc3\xa9"}\n', key_id="ab12", signature=b"\x00\xff" * 32)
TEXT = envelope_text(ENVELOPE).encode()


def test_what_is_signed_has_type_and_payload_with_their_lengths() -> None:
    assert signed_bytes(b"hello world") == b"DSSEv1 28 application/vnd.in-toto+json 11 hello world"
    assert signed_bytes(b"") == b"DSSEv1 28 application/vnd.in-toto+json 0 "


def test_an_envelope_is_one_line_that_other_tools_read_too() -> None:
    value = json.loads(TEXT)
    assert TEXT.count(b"\n") == 1
    assert value["payloadType"] == PAYLOAD_TYPE
    assert value["signatures"][0]["keyid"] == "ab12"
    assert read_envelope(TEXT) == ENVELOPE


@given(st.integers(0, len(TEXT) - 1), st.integers(1, 255))
def test_a_changed_byte_is_no_envelope_or_another_one(place: int, flip: int) -> None:
    other = bytearray(TEXT)
    other[place] ^= flip
    try:
        assert read_envelope(bytes(other)) != ENVELOPE
    except ValueError as error:
        assert str(error).startswith("it is ")  # noqa: PT017 - either is right


@each(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"[" * 100_000,
        b"\xff",
        b'{"signatures": []}',
        TEXT * 2,
        TEXT.rstrip(),
        TEXT.replace(b'"sig": "', b'"sig": "='),
        TEXT.replace(b'"signatures": [', b'"signatures": [{"keyid": "x", "sig": ""}, '),
    ],
)
def test_anything_else_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"^it is no"):
        read_envelope(content)
