"""The verdict on drift, for people: the remedy and why, what was seen and what could not be, and a row per feature."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from reconciler.domain.verdicts import ColumnVerdict, DriftVerdict, Kind, Reading, Remedy
from reconciler.report.sparkline import share_bars
from reconciler.report.terminal import WIDTH, draw, line, said, table
from reconciler.rules.fields import duration_text

REMEDIES = {
    Remedy.FIX_THE_SOURCE: ("fix the source", "bold red"),
    Remedy.ROLL_BACK: ("roll back", "bold red"),
    Remedy.RETRAIN: ("retrain", "bold magenta"),
    Remedy.WATCH: ("watch", "bold yellow"),
    Remedy.NONE: ("nothing to do", "bold green"),
}
BINS = 13
"""Bars of a feature in a table; the page has all of its bins."""


def drift_text(verdict: DriftVerdict, *, width: int = WIDTH, color: bool = False) -> str:
    """The verdict as text."""
    return draw(_parts(verdict), width=width, color=color)


def against(verdict: DriftVerdict) -> str:
    """Where the rows are from that the window is held against."""
    return "in the windows before" if verdict.slice else "in the reference"


def together(verdict: DriftVerdict) -> str:
    """What all features together say; empty where nobody asked."""
    if verdict.separation is None:
        return ""
    return f"told apart: AUC {verdict.separation.auc:.2f} by a small model of all features together"


def _parts(verdict: DriftVerdict) -> Iterator[RenderableType]:
    where = f" where {verdict.slice.column} is {verdict.slice.value}" if verdict.slice else ""
    kinds = ", ".join(verdict.kinds) if verdict.kinds != (Kind.NONE,) else "no drift seen"
    yield line(said(verdict.model, "bold underline") + Text("  "), said(kinds, "bold"))
    rows = f"{verdict.rows:,} rows{where} of the last {duration_text(verdict.window)}"
    yield line(Text("  "), said(f"{rows}, {verdict.reference_rows:,} {against(verdict)}", "dim"))
    if told := together(verdict):
        yield line(Text("  "), said(told, "dim"))
    yield from _verdict(verdict)
    groups = (("features", verdict.features), ("predictions", verdict.predictions), ("labels", verdict.labels))
    for title, columns in groups:
        if columns:
            yield Text()
            yield said(_title(title, columns, verdict), "bold")
            yield _table(columns, verdict.statistic)


def _verdict(verdict: DriftVerdict) -> Iterator[RenderableType]:
    word, style = REMEDIES[verdict.remedy]
    yield line(Text("  → ", style=style), said(word, style), said(verdict.why))
    for one in verdict.seen:
        yield line(Text("  ! ", style="red"), said(one.kind, "bold"), said(one.message))
    for unknown in verdict.unknown:
        yield line(Text("  ? ", style="yellow"), said(unknown, "dim"))


def _title(title: str, columns: Sequence[ColumnVerdict], verdict: DriftVerdict) -> str:
    moved = sum(one.drifted for one in columns)
    ranked = ", by effect times importance" if any(one.importance is not None for one in columns) else ", by effect"
    return f"{title}: {moved} of {len(columns)} drifted by {verdict.statistic}{ranked}"


def _table(columns: Sequence[ColumnVerdict], statistic: str) -> RenderableType:
    has_importance = any(one.importance is not None for one in columns)
    others = ("ks", "missingRate") if statistic != "ks" else ("psi", "missingRate")
    made = table("", "", statistic, *others, "effect", *(("attention",) if has_importance else ()), "shares")
    for one in columns:
        attention = (said("-" if one.importance is None else f"{one.importance:.0%}"),) if has_importance else ()
        mark = said("●", "red") if one.drifted else said(" ")
        numbers = [_reading(one, key) for key in (statistic, *others)]
        made.add_row(mark, said(one.name), *numbers, said(f"{one.effect:.2f}"), *attention, _bars(one))
    return made


def _reading(column: ColumnVerdict, statistic: str) -> Text:
    reading = column.readings[statistic]
    if isinstance(reading, Reading):
        return said(f"{reading.value:.3f}", "red" if reading.drifted else "")
    return said("?", "yellow")


def _bars(column: ColumnVerdict) -> Text:
    bins = column.bins[:BINS]
    most = max((max(one.reference, one.current) for one in bins), default=1.0) or 1.0
    before, now = (share_bars([getattr(one, side) for one in bins], most) for side in ("reference", "current"))
    return Text.assemble("ref ", (before, "dim"), "\nnow ", (now, "cyan"), no_wrap=True)
