"""Under reports: numbers as small bars, in text."""

import math
from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float | None]) -> str:
    """One bar per value between the smallest and the largest; a gap where there is none, or one that is not finite."""
    halves = [value / 2 if value is not None and math.isfinite(value) else None for value in values]  # no span overflows
    known = [half for half in halves if half is not None]
    low, span = (min(known), max(known) - min(known)) if known else (0.0, 0.0)
    return "".join(" " if half is None else BARS[int((half - low) / span * 7.999) if span else 3] for half in halves)


def share_bars(shares: Sequence[float], most: float) -> str:
    """One vertical bar per share on a scale from 0 to `most`, so that two rows of them compare; a share of 0 is a gap."""
    return "".join(" " if share <= 0 else BARS[min(7, int(share / most * 7.999))] for share in shares)
