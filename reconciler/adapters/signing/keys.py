"""Signatures with a local Ed25519 key: deterministic, so signing again writes the very same file."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.domain.judgements import Judgement, no, yes
from reconciler.domain.signing import Envelope, envelope_text, read_envelope, signed_bytes
from reconciler.errors import PermanentActError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LINK = "signature"
_MAKE = "openssl genpkey -algorithm ed25519 -out KEY && openssl pkey -in KEY -pubout -out signing/perennial.pub"


class KeySigner:
    """Signer with the private key (PEM, PKCS 8, without a passphrase) in a file that is read when it is needed.

    `trusted` gives the public keys that count (PEM, by path); None: it does not matter whether ours is among them.
    """

    def __init__(self, key: Path | None, trusted: Callable[[], Mapping[str, bytes]] | None = None) -> None:
        self.key = key
        self.trusted = trusted

    def sign(self, statement: bytes) -> bytes:
        """The envelope. Raises PermanentActError when there is no such key, or when nobody would trust it."""
        key = self._private_key()
        self._check_trusted(key_id(key.public_key()))
        made = Envelope(payload=statement, key_id=key_id(key.public_key()), signature=key.sign(signed_bytes(statement)))
        return envelope_text(made).encode()

    def _check_trusted(self, own: str) -> None:
        if self.trusted is None:
            return
        keys = self.trusted()
        if own not in {key_id(found) for pem in keys.values() if (found := public_key(pem))}:
            known = ", ".join(sorted(keys)) or "there is none"
            message = (
                f"the public key of {self.key} is not among those that main trusts ({known}), so its signature would not count"
            )
            raise PermanentActError(
                message, help=f"openssl pkey -in {self.key} -pubout -out signing/perennial.pub, then commit it"
            )

    def _private_key(self) -> "Ed25519PrivateKey":
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        if self.key is None:
            raise PermanentActError(
                "releases are signed with a key here, but no key is named",
                help="set signing.key under [tool.perennial] in pyproject.toml, or PERENNIAL_SIGNING_KEY",
            )
        try:
            key = load_pem_private_key(self.key.read_bytes(), password=None)
        except OSError as error:
            raise PermanentActError(f"the signing key {self.key} cannot be read: {error.strerror}", help=_MAKE) from error
        except (ValueError, TypeError) as error:
            raise PermanentActError(f"{self.key} holds no private key without a passphrase: {error}", help=_MAKE) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise PermanentActError(f"{self.key} holds a {type(key).__name__}, an Ed25519 key is needed", help=_MAKE)
        return key


def verify_envelope(statement: bytes, content: bytes, keys: Mapping[str, bytes]) -> Judgement:
    """Whether the envelope holds this statement, signed with one of the public keys (PEM, by path)."""
    from cryptography.exceptions import InvalidSignature

    try:
        envelope = read_envelope(content)
    except ValueError as error:
        return no(LINK, "unreadable", f"the envelope cannot be used: {error}")
    if envelope.payload != statement:
        return no(LINK, "otherStatement", "the envelope holds another statement than the one beside it")
    for path, pem in sorted(keys.items()):
        key = public_key(pem)
        if key is not None and key_id(key) == envelope.key_id:
            try:
                key.verify(envelope.signature, signed_bytes(statement))
            except InvalidSignature:
                return no(LINK, "wrongSignature", f"the signature is not one of {path}'s key over this statement")
            return yes(LINK, "signed", f"signed with the key of {path}")
    known = ", ".join(sorted(keys)) or "none"
    return no(LINK, "unknownKey", f"signed with the key {envelope.key_id[:12]}, which is not among the trusted: {known}")


def public_key(pem: bytes) -> "Ed25519PublicKey | None":
    """The Ed25519 key in the bytes, or None."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) else None


def key_id(key: "Ed25519PublicKey") -> str:
    """The SHA-256 of the key as SubjectPublicKeyInfo (DER), in hexadecimal."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
