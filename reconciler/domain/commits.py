"""What is known of a commit beside its tree, and how a ref moves."""

from dataclasses import dataclass
from datetime import datetime

from reconciler.domain.names import Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitInfo:
    """A commit without its tree. `at` is the committer time, UTC; `committer` an e-mail address, `author` with the name."""

    parents: tuple[Revision, ...]
    author: str
    committer: str
    at: datetime
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefUpdate:
    """Move `ref` from `expected` (None: it must not exist) to `new` (None: delete it)."""

    ref: str
    new: Revision | None
    expected: Revision | None
