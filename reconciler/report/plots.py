"""Under all pages: where the marks of a plot stand, in units of its drawing."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconciler.domain.measured.calibration import Bin as SaidBin
from reconciler.domain.verdicts import Bin

LABEL, BAR, ROW = 130, 190, 24
"""The columns for labels and bars, and the height of a row."""
SPARK_WIDTH, SPARK_HEIGHT = 240, 48
WHISKERS, TALL, SQUARE = 400, 38, 220
"""The width of intervals and the height of each with its label, and the side of a plot of one share by another."""
SIGNS, MANY_SIGNS = 18, 30
"""Signs of a label that fit; the whole of it is told when the mouse rests on the row."""
SIZES: Mapping[str, int] = {
    "label": LABEL,
    "bar": BAR,
    "row": ROW,
    "spark": SPARK_WIDTH,
    "height": SPARK_HEIGHT,
    "whiskers": WHISKERS,
    "tall": TALL,
    "square": SQUARE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bin of a plot: its place, and both shares as lengths."""

    y: int
    label: str
    short: str
    reference: float
    current: float
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A number with its bounds, on a scale of its own or of others'; `said` is the same in words."""

    label: str
    low: float
    value: float
    high: float
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whisker:
    """One interval of a plot: its place, and where on the scale it begins, is, and ends. `sure`: it is on one side of zero."""

    y: int
    label: str
    short: str
    low: float
    value: float
    high: float
    sure: str
    said: str


def bars_of(bins: Sequence[Bin]) -> tuple[Bar, ...]:
    """The bins as bars on one scale: the largest share of either side takes the whole width."""
    most = max((max(one.reference, one.current) for one in bins), default=0.0) or 1.0
    return tuple(
        Bar(
            y=index * ROW,
            label=one.label,
            short=shortened(one.label),
            reference=round(one.reference / most * BAR, 1),
            current=round(one.current / most * BAR, 1),
            said=f"{one.reference:.1%} → {one.current:.1%}",
        )
        for index, one in enumerate(bins)
    )


def whiskers_of(intervals: Sequence[Interval], *, together: bool) -> tuple[Whisker, ...]:
    """Zero is in the middle. With `together` all are on one scale, else each on its own; what is no number is left out."""
    known = [one for one in intervals if all(map(math.isfinite, (one.low, one.value, one.high)))]
    widest = max(map(_reach, known), default=0.0)
    return tuple(_whisker(index, one, widest if together else _reach(one)) for index, one in enumerate(known))


def _reach(one: Interval) -> float:
    return max(abs(one.low), abs(one.value), abs(one.high))


def _whisker(index: int, one: Interval, far: float) -> Whisker:
    def x(value: float) -> float:
        return round(WHISKERS / 2 * (1 + (value / far if far else 0.0)), 1)

    sure = "good" if one.low > 0 else "bad" if one.high < 0 else "open"
    return Whisker(
        y=index * TALL,
        label=one.label,
        short=shortened(one.label, MANY_SIGNS),
        low=x(one.low),
        value=x(one.value),
        high=x(one.high),
        sure=sure,
        said=one.said,
    )


def reliability_of(bins: Sequence[SaidBin]) -> tuple[tuple[float, float, str], ...]:
    """(x, y, words) of each bin: what was said to the right, what happened upwards."""
    return tuple(
        (
            round(one.predicted * SQUARE, 1),
            round((1 - one.observed) * SQUARE, 1),
            f"said {one.predicted:.1%}, happened {one.observed:.1%}, {one.rows:,} rows",
        )
        for one in bins
    )


def shortened(label: str, signs: int = SIGNS) -> str:
    """As much as fits."""
    return label if len(label) <= signs else label[: signs - 1] + "…"
