"""Signatures with local keys: the same every time, checked by openssl too, and refused for every reason that there is."""

import base64
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from reconciler.adapters.signing.keys import KeySigner
from reconciler.adapters.signing.verifier import Signatures
from reconciler.domain.signing import Trust, signed_bytes
from reconciler.errors import PermanentActError
from tests.signatures import a_key

STATEMENT = b'{"_type": "https://in-toto.io/Statement/v1"}\n'
PUB = "signing/perennial.pub"


def trust(**keys: bytes) -> Trust:
    return Trust(required=True, keys={f"signing/{name}.pub": pem for name, pem in keys.items()})


def told(content: bytes, trusted: Trust, statement: bytes = STATEMENT) -> str:
    said = Signatures().verify(statement, content, trusted)
    return f"{said.rule} {said.answer} {said.code}: {said.message}"


def test_what_is_signed_holds_and_signing_again_writes_the_same(tmp_path: Path) -> None:
    public = a_key(tmp_path / "key.pem")
    content = KeySigner(tmp_path / "key.pem").sign(STATEMENT)
    assert content == KeySigner(tmp_path / "key.pem").sign(STATEMENT)
    assert told(content, trust(perennial=public)) == f"signature YES signed: signed with the key of {PUB}"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not here")
def test_a_stranger_can_check_it_with_openssl(tmp_path: Path) -> None:
    (tmp_path / "key.pub").write_bytes(a_key(tmp_path / "key.pem"))
    envelope = json.loads(KeySigner(tmp_path / "key.pem").sign(STATEMENT))
    (tmp_path / "signed").write_bytes(signed_bytes(base64.b64decode(envelope["payload"])))
    (tmp_path / "signature").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pub", "-rawin", "-in", "signed", "-sigfile", "signature"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "Signature Verified Successfully")


def test_any_of_several_keys_counts_so_that_keys_can_be_changed(tmp_path: Path) -> None:
    old, new = a_key(tmp_path / "old.pem", 1), a_key(tmp_path / "new.pem", 2)
    for name in ("old", "new"):
        assert "YES signed" in told(KeySigner(tmp_path / f"{name}.pem").sign(STATEMENT), trust(old=old, new=new))


def test_a_changed_byte_anywhere_is_refused(tmp_path: Path) -> None:
    trusted = trust(perennial=a_key(tmp_path / "key.pem"))
    content = KeySigner(tmp_path / "key.pem").sign(STATEMENT)
    for place in range(0, len(content), 3):
        other = bytearray(content)
        other[place] ^= 1
        assert "signature NO " in told(bytes(other), trusted), place


def test_each_refusal_says_why(tmp_path: Path) -> None:
    public, other = a_key(tmp_path / "key.pem", 1), a_key(tmp_path / "other.pem", 2)
    content, theirs = (KeySigner(tmp_path / f"{name}.pem").sign(STATEMENT) for name in ("key", "other"))
    assert told(content, trust(perennial=public), STATEMENT + b" ").startswith("signature NO otherStatement: ")
    assert told(theirs, trust(perennial=public)).endswith("which is not among the trusted: signing/perennial.pub")
    assert told(content, trust()).endswith("which is not among the trusted: none")
    assert told(content, trust(perennial=b"no key")).startswith("signature NO unknownKey: ")
    assert told(b"", trust(perennial=public)).startswith("signature NO unreadable: ")
    forged = content.replace(
        json.loads(content)["signatures"][0]["sig"].encode(), json.loads(theirs)["signatures"][0]["sig"].encode()
    )
    assert told(forged, trust(perennial=public, other=other)).startswith("signature NO wrongSignature: ")


def pem(key: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey, secret: bytes = b"") -> bytes:
    encryption = BestAvailableEncryption(secret) if secret else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


NO_KEYS = {
    "no file": (None, "cannot be read: No such file or directory"),
    "no key": (b"hello", "holds no private key without a passphrase"),
    "a passphrase": (pem(ed25519.Ed25519PrivateKey.generate(), b"secret"), "holds no private key without a passphrase"),
    "another kind, whose signatures differ each time": (pem(ec.generate_private_key(ec.SECP256R1())), "an Ed25519 key is needed"),
}


@pytest.mark.parametrize(("content", "said"), NO_KEYS.values(), ids=NO_KEYS)
def test_a_key_that_cannot_be_used_is_told_with_how_to_make_one(tmp_path: Path, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / "key.pem").write_bytes(content)
    with pytest.raises(PermanentActError) as caught:
        KeySigner(tmp_path / "key.pem").sign(STATEMENT)
    assert said in caught.value.message
    assert caught.value.help.startswith("openssl genpkey -algorithm ed25519")


def test_a_key_that_nobody_would_trust_is_told_before_anything_is_proposed(tmp_path: Path) -> None:
    public, other = a_key(tmp_path / "key.pem"), a_key(tmp_path / "other.pem", seed=2)
    assert KeySigner(tmp_path / "key.pem", lambda: {PUB: public, "signing/README.md": b"keys"}).sign(STATEMENT)
    for trusted, named in (({PUB: other}, PUB), ({}, "there is none")):
        with pytest.raises(PermanentActError, match="so its signature would not count") as caught:
            KeySigner(tmp_path / "key.pem", lambda trusted=trusted: trusted).sign(STATEMENT)
        assert f"({named})" in caught.value.message


def test_no_key_at_all_is_told_with_where_to_name_one() -> None:
    with pytest.raises(PermanentActError, match="no key is named") as caught:
        KeySigner(None).sign(STATEMENT)
    assert "PERENNIAL_SIGNING_KEY" in caught.value.help
