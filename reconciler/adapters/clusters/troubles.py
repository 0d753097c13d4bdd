"""What can go wrong with a cluster's server, in two kinds; translated at the border of the adapter."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from reconciler.errors import ObserveError, PermanentActError, TransientActError, printable

HELP = "perennial doctor"
_LONGEST = 300
_BUSY = (408, 425, 429)
_MEANS = {401: "the token is not valid", 403: "the token may not do this", 404: "there is no such thing"}


class SilentError(Exception):
    """No answer that can be used: nobody there, too slow, cut off, not JSON, or the server is unwell. It may pass."""


class RefusedError(Exception):
    """The server understood and said no, with this HTTP status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


Trouble = SilentError | RefusedError


def short_text(text: object) -> str:
    """A server's own words, on one line, with nothing that steers a terminal, and not too many of them."""
    flat = printable(" ".join(str(text).split()))
    return flat if len(flat) <= _LONGEST else f"{flat[:_LONGEST]}..."


def mapping(value: object) -> dict[str, object]:
    """The JSON object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def members(value: object) -> list[dict[str, object]]:
    """The JSON objects of a list; anything else is left out."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """The text; empty for anything else."""
    return value if isinstance(value, str) else ""


def understood(status: int, content: bytes, about: str) -> dict[str, object]:
    """The JSON object of a success. Raises RefusedError with the server's own words, or SilentError."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    said = text(mapping(found).get("message")) or text(mapping(found).get("error"))
    if status in _BUSY or status >= 500:
        raise SilentError(f"{about}: HTTP {status}: {short_text(said) or 'the server is unwell'}")
    if status >= 300:
        raise RefusedError(status, f"{about}: HTTP {status}: {short_text(said) or _MEANS.get(status, 'refused')}")
    if not isinstance(found, dict):
        begin = short_text(content[:60].decode(errors="replace"))
        raise SilentError(f"{about}: HTTP {status} with {len(content):,} bytes that are no answer: {begin}")
    return found


@contextmanager
def seeing() -> Iterator[None]:
    """Troubles are ObserveErrors."""
    try:
        yield
    except (SilentError, RefusedError) as error:
        raise ObserveError(str(error), help=HELP) from None


@contextmanager
def acting() -> Iterator[None]:
    """A refusal is for a person, silence may pass."""
    try:
        yield
    except SilentError as error:
        raise TransientActError(str(error), help=HELP) from None
    except RefusedError as error:
        raise PermanentActError(str(error), help=HELP) from None
