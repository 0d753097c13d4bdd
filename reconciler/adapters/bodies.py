"""Used by adapters that ask servers: an answer's body, never more of it and never longer than is bearable."""

import time
from typing import Protocol

LARGEST = 10 * 1024 * 1024
"""Bytes of the largest answer that is read where nothing else is said."""
_CHUNK = 1 << 16


class Raw(Protocol):
    """An answer of urllib3 whose body is still to be read."""

    def read1(self, amt: int, decode_content: bool) -> bytes:  # noqa: FBT001 - as urllib3 has it
        """What is there, at most so many bytes; none at the end."""


def whole(raw: Raw, deadline: float, largest: int = LARGEST) -> bytes:
    """The body. Raises ValueError when it is larger, or still comes after the deadline (monotonic seconds)."""
    body = bytearray()
    while chunk := raw.read1(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > largest:
            raise ValueError(f"the answer is larger than {largest:,} bytes")
        if time.monotonic() > deadline:
            raise ValueError(f"the answer still comes after {len(body):,} bytes, and took too long")
    return bytes(body)


def reason(error: BaseException) -> str:
    """What lies at the bottom of an error of the network, in one line: the layers above only repeat it with the URL."""
    inner: object = error.args[0] if error.args else error
    if verified := getattr(inner, "verify_message", None):
        return f"certificate verify failed: {verified}"
    inner = getattr(inner, "reason", None) or inner
    text = str(inner if not isinstance(inner, bytes) else error).strip().split("\n")[0]
    return text.rsplit(">: ", 1)[-1].split(" object at ")[0] or type(error).__name__
