"""What `perennial doctor` found: one line per check, with what would mend it."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a check ended."""

    GOOD = "good"
    DOUBT = "doubt"
    """Works, but not as well as it could."""
    BAD = "bad"
    """Something will fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The answer of one check. `remedy` is a command or an advice; empty when all is well."""

    check: str
    level: Level
    message: str
    remedy: str = ""


def good(check: str, message: str) -> Finding:
    """All is well."""
    return Finding(check=check, level=Level.GOOD, message=message)


def doubt(check: str, message: str, remedy: str) -> Finding:
    """It works, but look at it."""
    return Finding(check=check, level=Level.DOUBT, message=message, remedy=remedy)


def bad(check: str, message: str, remedy: str) -> Finding:
    """It will fail."""
    return Finding(check=check, level=Level.BAD, message=message, remedy=remedy)
