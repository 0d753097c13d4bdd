"""Between values and templates: how any text is written into Markdown so that it stays text. Pure."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import chain

from jinja2 import Undefined

TEXT_LENGTH = 1_000
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)
_APART = "\u200b"
_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"&(?=[#A-Za-z])"), "&amp;"),
    (re.compile(r"<(?=[A-Za-z/!?]|$)"), "&lt;"),
    (re.compile(r"(^|(?<=-))>"), "&gt;"),
    (re.compile(r"[\\`*\[\]|~$]"), lambda found: "\\" + found[0]),
    (re.compile(r"(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])"), r"\\_"),
    (re.compile(r"^(\d+)(?=[.)](\s|$))"), r"\1\\"),
    (re.compile(r"^(?=[+-](\s|$)|--|#|=)"), r"\\"),
    (re.compile(r"@(?=[0-9A-Za-z])"), f"@{_APART}"),
    (re.compile(r"(#|\bGH-)(?=\d)", re.IGNORECASE), rf"\1{_APART}"),
    (re.compile(r"(:)(?=//)|\b(www)(?=\.)", re.IGNORECASE), lambda found: found[0] + _APART),
)


class Marked(str):
    """Markdown that was escaped already, so that it is not escaped twice."""

    __slots__ = ()


class Drawn(str):
    """Text that is drawn with characters of one width."""

    __slots__ = ()


def visible(value: str) -> str:
    """The text on one line, with what a reader cannot see (control and direction characters) shown as U+FFFD."""
    return _INVISIBLE.sub("\ufffd", " ".join(value.split()))


def whole_line(line: str) -> str:
    """The line with all its spaces; what a reader cannot see is shown as U+FFFD."""
    return _INVISIBLE.sub("\ufffd", line)


def prose(value: object) -> Marked:
    """Text that Markdown shows as it is, anywhere in a paragraph, list or table cell.

    No markup, HTML, comment, link, math, mention of a person or reference to an issue survives; longer than 1,000
    characters is cut. Raises UndefinedError for what is not there.
    """
    if isinstance(value, Marked):
        return value
    text = visible(_cut(_text(value)))
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return Marked(text)


def code(value: object) -> Marked:
    """A code span that holds exactly the text, also in a table cell; nothing for empty text."""
    text = visible(_cut(_text(value)))
    if not text:
        return Marked("")
    fence = _fence(text, 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return Marked(f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|"))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Collection[int] = ()) -> Marked:
    """A table; the columns numbered in `right` stand at the right. Cells are escaped, those that are drawn become code."""
    rule = ["---:" if number in right else "---" for number in range(len(head))]
    lines: Iterable[Sequence[str]] = chain(
        [[prose(cell) for cell in head], rule], ([_cell(cell) for cell in row] for row in rows)
    )
    return Marked("\n".join(f"| {' | '.join(line)} |" for line in lines))


def notes(sentences: Iterable[str]) -> Marked:
    """A list."""
    return Marked("\n".join(f"- {prose(sentence)}" for sentence in sentences))


def _cell(cell: str) -> Marked:
    return code(cell) if isinstance(cell, Drawn) else prose(cell)


def block(text: str, language: str) -> Marked:
    """A code block of lines, which nothing in them can end; nothing for empty text."""
    if not text:
        return Marked("")
    lines = "\n".join(map(whole_line, text.split("\n")))
    fence = _fence(lines, 3)
    return Marked(f"{fence}{language}\n{lines}\n{fence}")


def _fence(text: str, least: int) -> str:
    """Backticks, more than stand together anywhere in the text."""
    return "`" * max(least, 1 + max(map(len, re.findall("`+", text)), default=0))


def _text(value: object) -> str:
    if isinstance(value, Undefined | str | int | float) or value is None:
        return str(value)
    raise TypeError(f"a value of type {type(value).__name__} cannot be written into Markdown")


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_LENGTH else text[: TEXT_LENGTH - 1] + "…"
