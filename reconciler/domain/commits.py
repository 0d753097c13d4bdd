"""What is known of a commit beside its tree."""

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
