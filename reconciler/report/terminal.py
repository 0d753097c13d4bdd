"""Under all reports for people: coloured or plain text of a given width, in which hostile values stay text."""

from collections.abc import Iterable
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from reconciler.domain.judgements import OVERRIDDEN, Answer, Judgement
from reconciler.render.markdown import visible

WIDTH = 100
SYMBOLS = {Answer.YES: ("✓", "green"), Answer.NO: ("✗", "red"), Answer.UNKNOWN: ("?", "yellow")}


def symbol_of(judgement: Judgement) -> tuple[str, str]:
    """(symbol, style) of what was said; a rule that a person set aside does not look like one that passed."""
    return ("!", "bold yellow") if judgement.code == OVERRIDDEN else SYMBOLS[judgement.answer]


def draw(parts: Iterable[RenderableType], *, width: int = WIDTH, color: bool = False) -> str:
    """The parts below each other as text, at most `width` columns wide; escape codes only with `color`."""
    out = StringIO()
    console = Console(
        file=out,
        width=max(width, 40),
        force_terminal=color,
        no_color=not color,
        color_system="standard" if color else None,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
    )
    console.print(Group(*parts))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).rstrip("\n") + "\n"


def said(value: object, style: str = "") -> Text:
    """A value as text in a style; what a reader cannot see is shown as U+FFFD."""
    return Text(visible(str(value)), style=style, overflow="fold")


def line(prefix: Text, *parts: Text) -> Table:
    """One line that wraps behind its prefix."""
    grid = Table.grid(padding=0)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(prefix, Text(" ").join(part for part in parts if part.plain))
    return grid


def table(*headers: str) -> Table:
    """An open table: a header, a rule, rows."""
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for header in headers:
        made.add_column(header, overflow="fold")
    return made
