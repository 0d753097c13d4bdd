"""What `perennial init` does with one file of a repository."""

from dataclasses import dataclass
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a file."""

    SAME = "same"
    NEW = "new"
    UPDATED = "updated"
    """People left it as it was put there."""
    KEPT = "kept"
    """People changed it, and nothing newer is there to put."""
    MERGED = "merged"
    """People changed it, and so did Perennial, elsewhere in it."""
    CONFLICT = "conflict"
    """Both changed the same lines: the file holds both, marked as git marks them."""
    THEIRS = "theirs"
    """It was there before Perennial, or what Perennial put there cannot be found any more. Nothing is done."""
    GONE = "gone"
    """People removed it. It stays away."""
    DROPPED = "dropped"
    """This version of Perennial has no such file any more, and people left it as it was put there."""


WRITTEN = frozenset({Fate.NEW, Fate.UPDATED, Fate.MERGED, Fate.CONFLICT, Fate.DROPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """One file: what it holds now (None: it is not there), and what it will. `shipped` is Perennial's own text."""

    path: str
    fate: Fate
    before: str | None
    after: str | None
    shipped: str | None

    @property
    def writes(self) -> bool:
        """Something is to be done."""
        return self.fate in WRITTEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Of a three-way merge. `clean`: no lines were changed by both."""

    text: str
    clean: bool
