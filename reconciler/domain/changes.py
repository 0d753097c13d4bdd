"""Pull requests, and the hidden block in their body by which Perennial knows its own."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from reconciler.domain.names import Digest, Revision


class PullState(StrEnum):
    """A pull request is open, merged, or closed without a merge."""

    OPEN = "open"
    MERGED = "merged"
    CLOSED = "closed"


PROMOTION, ROLL_BACK = "promotion", "rollBack"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What a pull request is about. `content` is the digest over its base and files, to see whether it is up to date.

    `kind` is what it does with the digest: `promotion` brings it to the environment, `rollBack` takes it back.
    """

    model: str
    environment: str
    digest: Digest
    content: Digest
    kind: str = PROMOTION

    def to_comment(self) -> str:
        """The HTML comment that carries the marker in the body."""
        value = {"model": self.model, "environment": self.environment, "digest": self.digest, "content": self.content}
        if self.kind != PROMOTION:
            value["kind"] = self.kind
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
    words["kind"] = value.get("kind", PROMOTION)
    return Marker(**words) if all(isinstance(word, str) for word in words.values()) else None


OWN_LABEL = "perennial"
_OWN_LABELS = ("model/", "env/", "tier/", "verdict/", "team/")


def labels_beside(there: Iterable[str], wanted: Iterable[str]) -> tuple[str, ...]:
    """The labels that a pull request should have, sorted: those that are wanted, and of those there the people's own."""
    theirs = {label for label in there if label != OWN_LABEL and not label.startswith(_OWN_LABELS)}
    return tuple(sorted(theirs | set(wanted)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A pull request as it should be. One is open per branch; its body ends with the marker's comment.

    `labels` are all of Perennial's own; what people put beside them stays. `reviewers` are logins, or `organisation/team`:
    they are asked once. A `draft` is not to be merged yet.
    """

    branch: str
    base: str
    title: str
    body: str
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """A pull request as the forge has it. `tip` is the branch's newest commit (None: the branch is gone).

    `merged` is the commit on the base that a merge made, None otherwise. `approved_by` are names, where the forge has reviews:
    each person's newest review approves, and of this very tip where the forge can tell. `labels` are sorted. `author` is who
    opened it; `foreign` are those who pushed commits to its branch that Perennial did not make, sorted.
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
    labels: tuple[str, ...] = ()
    draft: bool = False
    author: str = ""
    foreign: tuple[str, ...] = ()

    @property
    def marker(self) -> Marker | None:
        """What it is about, or None when it is not Perennial's."""
        return find_marker(self.body)
