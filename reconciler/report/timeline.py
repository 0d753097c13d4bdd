"""What happened, line by line: the ledger's events as a table of when, what, why, and the live metric before and after."""

from collections.abc import Iterator, Sequence

from rich.console import RenderableType

from reconciler.domain.events import Event, EventKind
from reconciler.render.canonical import canonical_json
from reconciler.report.terminal import WIDTH, draw, said, table
from reconciler.rules.fields import time_text

WORDS = {
    EventKind.TRAINED: ("trained", "cyan"),
    EventKind.TRAINING_FAILED: ("training failed", "red"),
    EventKind.REFUSED: ("refused", "yellow"),
    EventKind.PROPOSED: ("proposed", "blue"),
    EventKind.DECLINED: ("declined", "yellow"),
    EventKind.PROMOTED: ("promoted", "bold green"),
    EventKind.ROLLED_BACK: ("rolled back", "bold red"),
}


def timeline_text(events: Sequence[Event], *, width: int = WIDTH, color: bool = False) -> str:
    """The events, oldest first. `metric`, `before` and `after` of an event's details fill the last column."""
    return draw(_parts(events), width=width, color=color)


def timeline_json(events: Sequence[Event]) -> str:
    """`{events: [...]}`, oldest first, with sorted keys."""
    return canonical_json({"events": _sorted(events)})


def live_text(event: Event) -> str:
    """`rocAuc 0.68 → 0.71`; empty when the event says nothing of a metric."""
    details = event.details
    if "after" not in details and "before" not in details:
        return ""
    before, after = (_number(details.get(name)) for name in ("before", "after"))
    return f"{details.get('metric', '')} {before} → {after}".strip()


def _sorted(events: Sequence[Event]) -> list[Event]:
    """By time; events of one moment stay in the order in which they were recorded."""
    return sorted(events, key=lambda event: event.at)


def _number(value: str | float | None) -> str:
    return f"{value:.4g}" if isinstance(value, int | float) else value or "?"


def _parts(events: Sequence[Event]) -> Iterator[RenderableType]:
    if not events:
        yield said("Nothing happened yet.")
        return
    made = table("when", "model", "what", "why", "live before → after")
    for event in _sorted(events):
        word, style = WORDS[event.kind]
        made.add_row(
            said(time_text(event.at), "dim"), said(event.model), said(word, style), said(event.message), said(live_text(event))
        )
    yield made
