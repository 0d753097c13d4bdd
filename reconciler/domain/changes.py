"""Pull requests, and the hidden block in their body by which Perennial knows its own."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum

from reconciler.domain.names import Digest, Revision


class PullState(StrEnum):
    """A pull request is open, merged, or closed without a merge."""

    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What a pull request is about. `content` is the digest over its base and files, to see whether it is up to date."""

    model: str
    environment: str
    digest: Digest
    content: Digest

    def to_comment(self) -> str:
        """The HTML comment that carries the marker in the body."""
        value = {"model": self.model, "environment": self.environment, "digest": self.digest, "content": self.content}
        return f"<!-- perennial {json.dumps(value, sort_keys=True)} -->"


_MARKER = re.compile(r"<!-- perennial (\{[^\n]*\}) -->\s*\Z")


def find_marker(body: str) -> Marker | None:
    """The marker at the very end of the body, or None when there is none that can be read."""
    found = _MARKER.search(body)
    if not found:
        return None
    try:
        value = json.loads(found[1])
    except (ValueError, RecursionError):  # anybody may write a body, however deeply it is nested
        return None
    words = {key: value.get(key) for key in ("model", "environment", "digest", "content")}
    return Marker(**words) if all(isinstance(word, str) for word in words.values()) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A pull request as it should be. One is open per branch; its body ends with the marker's comment."""

    branch: str
    base: str
    title: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A pull request as the forge has it. `tip` is the branch's newest commit (None: the branch is gone).

    `merged` is the commit on the base that a merge made, None otherwise. `approved_by` are names, where the forge has reviews.
    """

    number: int
    state: PullState
    branch: str
    base: str
    title: str
    body: str
    tip: Revision | None
    merged: Revision | None
    approved_by: tuple[str, ...] = ()

    @property
    def marker(self) -> Marker | None:
        """What it is about, or None when it is not Perennial's."""
        return find_marker(self.body)
