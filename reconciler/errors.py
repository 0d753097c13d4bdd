"""Every error that a user can meet, and the exit code that each one means.

    ReconcilerError              exit 1
    ├── InvalidSpecsError        exit 3  Git is wrong: nothing was attempted; every Problem is listed
    ├── ObserveError             exit 4  the world cannot be seen: nothing was attempted
    ├── ActError                 exit 5
    │   ├── TransientActError            trying again may help
    │   └── PermanentActError            a person must act
    │       └── NotYetError              the forge's rules wait for checks or people: no failure of a pass
    ├── ConflictError            exit 6  the world moved while we acted: plan again
    └── UnprovenError            exit 7  a release is not what was approved: nothing was attempted

Raised where the fact is known, translated at the border of an adapter, caught only in `cli/main.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing wrong in one file: where it is, what it is, and what would mend it. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    field: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}"
        what = f"{self.field}: {self.message}" if self.field else self.message
        return printable(f"{where} {what}" + (f" ({self.hint})" if self.hint else ""))


def printable(text: str) -> str:
    """The text on one line, with everything escaped that could steer a terminal or hide from the reader."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


class ReconcilerError(Exception):
    """The root: a message with the facts, and the command that helps."""

    exit_code = 1

    def __init__(self, message: str, *, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class InvalidSpecsError(ReconcilerError):
    """What Git says cannot be understood. Carries every problem at once."""

    exit_code = 3

    def __init__(self, problems: Iterable[Problem], where: str = "the specs", *, help: str = "perennial validate") -> None:
        self.problems = tuple(sorted(set(problems)))
        count = len(self.problems)
        super().__init__(f"{count} problem{'s' if count != 1 else ''} in {where}", help=help)


class ObserveError(ReconcilerError):
    """Something that must be seen before anything may be decided cannot be seen."""

    exit_code = 4


class ActError(ReconcilerError):
    """A step could not be carried out."""

    exit_code = 5


class TransientActError(ActError):
    """A step failed in a way that trying again may mend."""


class PermanentActError(ActError):
    """A step failed in a way that only a person can mend."""


class NotYetError(PermanentActError):
    """What was asked for is not allowed yet: checks or people are waited for."""


class ConflictError(ReconcilerError):
    """The world moved between the plan and the act."""

    exit_code = 6


class UnprovenError(ReconcilerError):
    """A release is not what was approved: a link between it and its evidence does not hold."""

    exit_code = 7
