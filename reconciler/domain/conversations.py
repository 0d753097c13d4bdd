"""What people ask for in a comment: its first line is `/perennial` and a few words."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

CALL = "/perennial"
MOST_WORDS, LONGEST_WORD = 60, 80


class Permission(StrEnum):
    """What the author of a comment may do in the repository. An unknown word is NONE."""

    NONE = "none"
    READ = "read"
    TRIAGE = "triage"
    WRITE = "write"
    MAINTAIN = "maintain"
    ADMIN = "admin"

    @property
    def may_write(self) -> bool:
        """They could push, so they may ask."""
        return self in (Permission.WRITE, Permission.MAINTAIN, Permission.ADMIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentCommand:
    """A comment that asks for something and was not answered yet. `id` is the forge's; `words` are those after `/perennial`."""

    number: int
    id: str
    author: str
    permission: Permission
    words: tuple[str, ...]
    at: datetime

    @property
    def answer_key(self) -> str:
        """The key of the comment that answers it. While one of Perennial's own has it, the command is answered."""
        return f"answer/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A command, and the pull request that it was written on: what that is about."""

    command: CommentCommand
    model: str
    environment: str


def words_of(body: str) -> tuple[str, ...] | None:
    """The words after `/perennial` in the comment's first line; None for a comment that is no command.

    Anybody may write one: at most MOST_WORDS words of at most LONGEST_WORD characters, and none that nobody can see.
    """
    seen = "".join(one for one in body.lstrip()[:10_000] if one.isprintable() or one.isspace())
    first, *words = seen.split("\n", 1)[0].split() or [""]
    if first != CALL:
        return None
    return tuple(word[:LONGEST_WORD] for word in words[:MOST_WORDS])
