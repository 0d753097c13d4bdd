"""Between templates and forges: a body that is too long loses whole parts, the last first, and says which. Pure.

A part is what stands under a heading of the second level, or a whole `<details>`; none is torn apart.
"""

import re
from collections.abc import Iterator, Sequence

BODY_LIMIT = 60_000
"""Characters; GitHub takes 65,536, and the marker and what people add need room."""
_ROOM = 2_000
"""For what is said of the parts that are left out."""
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")
_HEADING, _FOLD, _UNFOLD = "## ", "<details", "</details"


def fit(body: str, rest: str) -> str:
    """The body, or its parts as far as they fit, and `rest`: Markdown that says where all of it is.

    What is folded below a heading goes with it. A part that is longer than half of the body is cut at a line instead.
    """
    if len(body) <= BODY_LIMIT:
        return body
    kept, left = list[str](), list[str]()
    room = BODY_LIMIT - _ROOM - len(rest)
    heading_left = False
    for whole in _parts(body.split("\n")):
        part = _shortened(whole, room) if _size(whole) > BODY_LIMIT / 2 else whole
        heads = part[0].startswith(_HEADING)
        goes = _size(part) > room or (heading_left and not heads)
        heading_left = goes if heads else heading_left
        if goes or part != whole:
            left.append(_title(whole))
        if not goes:
            kept += part
            room -= _size(part)
    named = ", ".join(filter(None, left))
    told = f"A description may not be longer. Left out, or cut: {named}"
    return "\n".join([*kept, "", f"{told[: _ROOM - 100]}. {rest}", ""])


def _parts(lines: Sequence[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for line, is_inside in _scanned(lines):
        starts = line.startswith((_HEADING, _FOLD)) or bool(part and part[0].startswith(_FOLD))
        if part and starts and not is_inside:
            yield part
            part = []
        part.append(line)
    yield part


def _scanned(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Each line, and whether a code block or something folded is open before it."""
    fence, depth = "", 0
    for line in lines:
        yield line, bool(fence or depth)
        fence, depth = _after(line, fence, depth)


def _after(line: str, fence: str, depth: int) -> tuple[str, int]:
    """What is open after the line: the fence of a code block, and how many folds."""
    marks = _FENCE.match(line)
    if fence:
        closes = marks and marks[1].startswith(fence) and not marks[2].strip()
        return ("" if closes else fence), depth
    if marks:
        return marks[1], depth
    return "", max(0, depth + line.startswith(_FOLD) - line.startswith(_UNFOLD))


def _shortened(part: list[str], room: int) -> list[str]:
    """As many of its lines as fit; what they leave open is closed."""
    fence, depth, room = "", 0, room - 100
    for count, line in enumerate(part):
        room -= len(line) + 1
        if room < 0:
            return [*part[: max(1, count)], *([fence] if fence else []), *["</details>"] * depth]
        fence, depth = _after(line, fence, depth)
    return part


def _title(part: Sequence[str]) -> str:
    found = re.search(r"^## (.*)|<summary>(.*?)</summary>", "\n".join(part), re.MULTILINE)
    return (found[1] or found[2]) if found else ""


def _size(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)
