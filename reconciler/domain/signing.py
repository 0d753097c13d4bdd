"""Who may sign releases, and the envelope in which a statement is signed (DSSE v1). Pure.

Format: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PAYLOAD_TYPE = "application/vnd.in-toto+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whom a certificate names, and who vouches for that: a workflow or an e-mail address, and an OpenID Connect issuer."""

    identity: str
    issuer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Whose signatures count: public keys (PEM) by their path in the repository, and identities for keyless signatures."""

    required: bool
    keys: Mapping[str, bytes]
    identities: tuple[Identity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A signed payload. `key_id` names the key; it is a hint and proves nothing."""

    payload: bytes
    key_id: str
    signature: bytes


def signed_bytes(payload: bytes) -> bytes:
    """What is signed: the type and the payload, each with its length before it."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def envelope_text(envelope: Envelope) -> str:
    """One line of JSON with sorted keys, ends with a newline."""
    value = {
        "payload": base64.b64encode(envelope.payload).decode(),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"keyid": envelope.key_id, "sig": base64.b64encode(envelope.signature).decode()}],
    }
    return json.dumps(value, sort_keys=True) + "\n"


def read_envelope(content: bytes) -> Envelope:
    """The envelope with its one signature. Raises ValueError for bytes that `envelope_text` would not write."""
    try:
        value: Any = json.loads(content)
        (signature,) = value["signatures"]
        envelope = Envelope(
            payload=base64.b64decode(value["payload"], validate=True),
            key_id=str(signature["keyid"]),
            signature=base64.b64decode(signature["sig"], validate=True),
        )
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error) as error:
        raise ValueError(f"it is no envelope with one signature: {error}") from error
    if envelope_text(envelope).encode() != content:
        raise ValueError("it is not written as Perennial writes it")
    return envelope
