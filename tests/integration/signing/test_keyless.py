"""Keyless signing, as far as it goes without a network: no identity, no trust, no bundle are told in words; nothing passes."""

import base64
import json

import pytest

from reconciler.adapters.signing.keyless import KeylessSigner
from reconciler.adapters.signing.verifier import Signatures
from reconciler.domain.judgements import Answer
from reconciler.domain.signing import Identity, Trust
from reconciler.errors import PermanentActError

pytest.importorskip("sigstore", reason="sigstore comes with the extra `keyless`")

US = Identity(identity="https://git.example.com/o/r/.github/workflows/loop.yaml@refs/heads/main", issuer="https://example.com")
TRUST = Trust(required=True, keys={}, identities=(US,))
BUNDLE = b'{"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json"}'


def token(**claims: object) -> str:
    """A token that nobody signed."""
    parts = ({"alg": "none"}, claims)
    return ".".join([*(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), ""])


def test_without_an_identity_it_says_where_there_is_one() -> None:
    with pytest.raises(PermanentActError, match="no identity here: it works in a CI job") as caught:
        KeylessSigner(lambda: None).sign(b"{}\n")
    assert "id-token: write" in caught.value.help


@pytest.mark.parametrize("raw", ["", "nonsense", token(), token(aud="sigstore", iss="https://example.com", exp=1)])
def test_a_token_that_does_not_count_is_told(raw: str) -> None:
    with pytest.raises(PermanentActError, match="keyless signing has no identity that counts"):
        KeylessSigner(lambda: raw).sign(b"{}\n")


def test_a_bundle_is_refused_where_nobody_is_trusted() -> None:
    said = Signatures().verify(b"{}\n", BUNDLE, Trust(required=True, keys={}))
    assert (said.answer, said.code) == (Answer.NO, "nobodyTrusted")


def test_a_bundle_that_is_none_is_refused_in_one_line() -> None:
    said = Signatures().verify(b"{}\n", BUNDLE, TRUST)
    assert (said.answer, said.code) == (Answer.NO, "wrongSignature")
    assert "\n" not in said.message
