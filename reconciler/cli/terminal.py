"""Between commands and the terminal: how wide it is, whether it wants colours, and how text reaches it without steering it."""

import json
import shutil
import sys
from typing import TypedDict

from reconciler.errors import printable

WIDEST = 140
_APART = "\u200b"
"""What rendered Markdown puts between a sign and its meaning (`@` and a name); on a terminal it has no use."""


class Style(TypedDict):
    """Arguments that every text report takes."""

    width: int
    color: bool


def style() -> Style:
    """Colours and the real width only for a person at a terminal; a pipe gets plain text of a fixed width."""
    is_person = sys.stdout.isatty()
    return Style(width=min(shutil.get_terminal_size().columns, WIDEST) if is_person else WIDEST, color=is_person)


def safe(text: str) -> str:
    """The lines as they are, with everything escaped in them that could steer the terminal or hide from the reader."""
    return "\n".join(printable(line.replace(_APART, "").expandtabs()) for line in text.split("\n"))


def json_text(value: object) -> str:
    """JSON for programs, ASCII only, so that no value in it steers a terminal; ends with a newline."""
    return json.dumps(value, indent=2) + "\n"
