"""What the terminal is like: its width, and whether it wants colours."""

import shutil
import sys
from typing import TypedDict

WIDEST = 140


class Style(TypedDict):
    """Arguments that every text report takes."""

    width: int
    color: bool


def style() -> Style:
    """Colours and the real width only for a person at a terminal; a pipe gets plain text of a fixed width."""
    is_person = sys.stdout.isatty()
    return Style(width=min(shutil.get_terminal_size().columns, WIDEST) if is_person else WIDEST, color=is_person)
