"""Charts of characters, all of one width, for forges that show text: bars of shares, and intervals around nothing. Pure."""

import math
from collections.abc import Sequence

BAR, INTERVAL = 20, 25
"""Characters of a bar, and of an interval, whose middle stands for zero."""
_EIGHTHS = " ▏▎▍▌▋▊▉"
_COLUMNS = "▁▂▃▄▅▆▇█"
_REST, _GAP = "░", "·"


def bar(share: float, width: int = BAR) -> str:
    """The share (of 1) as a bar, to the eighth of a character; what is no number, or below nothing, has none."""
    eighths = round(min(share, 1.0) * width * 8) if math.isfinite(share) and share > 0 else 0
    whole, part = divmod(eighths, 8)
    drawn = "█" * whole + (_EIGHTHS[part] if part else "")
    return drawn + _REST * (width - len(drawn))


def columns(shares: Sequence[float], most: float) -> str:
    """One column per share on a scale from 0 to `most`, so that two rows of them compare; nothing is a dot."""
    return "".join(_GAP if share <= 0 else _COLUMNS[min(7, int(share / most * 7.999))] for share in shares)


def interval(low: float, value: float, high: float, far: float = 0.0) -> str:
    """`├──╋──┤` on a scale whose middle is zero (`┼`) and whose ends are `far`, or the farther bound; blank for no numbers."""
    width, numbers = INTERVAL, (low, value, high)
    signs = ["┄"] * width
    signs[width // 2] = "┼"
    if not any(numbers) or not all(map(math.isfinite, (*numbers, far))):
        return "".join(signs)
    far = max(far, *map(abs, numbers))
    start, middle, end = (_place(number / far, width) for number in numbers)
    for place in range(start, end + 1):
        signs[place] = "┼" if place == width // 2 else "─"
    signs[start], signs[end] = "├", "┤"
    signs[middle] = "╋"
    return "".join(signs)


def _place(share: float, width: int) -> int:
    """From -1 to 1 onto the characters."""
    return round((share + 1) / 2 * (width - 1))
