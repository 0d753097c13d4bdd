"""Between commands and the terminal: how wide it is, whether it wants colours, and how text reaches it without steering it."""

import json
import re
import shutil
import sys
from collections.abc import Iterable
from typing import Any, TextIO, TypedDict

from reconciler.errors import printable

WIDEST = 140
_APART = "\u200b"
"""What rendered Markdown puts between a sign and its meaning (`@` and a name); on a terminal it has no use."""

_COMMAND = re.compile(r"^(\s*)(::|##\[)")


class Style(TypedDict):
    """Arguments that every text report takes."""

    width: int
    color: bool


def style() -> Style:
    """Colours and the real width only for a person at a terminal; a pipe gets plain text of a fixed width."""
    is_person = sys.stdout.isatty()
    return Style(width=min(shutil.get_terminal_size().columns, WIDEST) if is_person else WIDEST, color=is_person)


def is_terminal() -> bool:
    """A person looks at what is printed."""
    return sys.stdout.isatty()


def redraw(text: str) -> None:
    """The text in place of what the screen shows, without a flicker: each line is written over what was there.

    What the screen has no room for is left out, or all of it would scroll away.
    """
    room = max(shutil.get_terminal_size().lines - 1, 1)
    shown = [f"{line}\x1b[K\n" for line in text.splitlines()[:room]]
    sys.stdout.write("\x1b[H" + "".join(shown) + "\x1b[J")
    sys.stdout.flush()


def safe(text: str) -> str:
    """The lines as they are, with everything escaped in them that could steer the terminal or hide from the reader."""
    return "\n".join(printable(line.replace(_APART, "").expandtabs()) for line in text.split("\n"))


class Guarded:
    """A text stream on which no line is a command to the runner of a CI job (`::set-output ...`), whatever it is made from.

    All else is the stream's own. A command that is meant is said by `announce`.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self._starts = True

    def write(self, text: str) -> int:
        """Write it, with a backslash before what would be a command. Raises TypeError for bytes, as a text stream does."""
        if not isinstance(text, str):
            raise TypeError(f"text is written here, not {type(text).__name__}")
        self.stream.write(_tamed(text, starts=self._starts))
        _, newline, rest = text.rpartition("\n")
        self._starts = not rest.strip() and bool(newline or self._starts)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write each."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def _tamed(text: str, *, starts: bool) -> str:
    first, *rest = text.splitlines(keepends=True) or [""]
    return "".join([_COMMAND.sub(r"\1\\\2", first) if starts else first, *(_COMMAND.sub(r"\1\\\2", line) for line in rest)])


def announce(command: str) -> None:
    """Say a command to the runner: one line on stderr, which it reads, too."""
    stream = sys.stderr.stream if isinstance(sys.stderr, Guarded) else sys.stderr
    stream.write(f"{command}\n")
    stream.flush()


def json_text(value: object) -> str:
    """JSON for programs, ASCII only, so that no value in it steers a terminal; ends with a newline."""
    return json.dumps(value, indent=2) + "\n"
