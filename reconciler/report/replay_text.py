"""A replay for people: one line a week while it runs, and at the end what happened when, why, and what it was worth."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.text import Text

from reconciler.domain.events import Event, EventKind
from reconciler.domain.known import Known, Measured
from reconciler.errors import printable
from reconciler.report.sparkline import sparkline
from reconciler.report.terminal import WIDTH, draw, line, said, table
from reconciler.report.words import EVENT_WORDS
from reconciler.simulate.replay import Week
from reconciler.simulate.worth import Worth

SHOWN = (EventKind.TRAINED, EventKind.TRAINING_FAILED, EventKind.REFUSED, EventKind.PROMOTED, EventKind.ROLLED_BACK)


def week_text(week: Week, metric: str, *, width: int = WIDTH, color: bool = False) -> str:
    """`2013-05-06  rocAuc 0.638  retrained: ...; merged ...`, in as many lines as it takes."""
    prefix = Text(f"{week.at.date()}  ", style="dim")
    prefix.append(f"{metric} {_number(week.live)}  ", style="cyan")
    return draw([line(prefix, *_happened(week))], width=width, color=color)


def _happened(week: Week) -> Iterator[Text]:
    told = [_told(event) for event in week.events if event.kind in SHOWN]
    if _was_held(week):
        told.append(Text("held  ", style="yellow").append(printable(_why_held(week)), style="default"))
    for number, text in enumerate(told or [Text("·", style="dim")]):
        yield text if number == 0 else Text("\n").append_text(text)


def _told(event: Event) -> Text:
    word, style = EVENT_WORDS[event.kind]
    return Text(f"{word}  ", style=style).append(printable(event.message), style="default")


def replay_text(weeks: Sequence[Week], worth: Sequence[Worth], *, width: int = WIDTH, color: bool = False) -> str:
    """The timeline: what happened when and why, and each release against the one before it on the same rows."""
    return draw(_parts(weeks, {one.version: one for one in worth}), width=width, color=color)


def _parts(weeks: Sequence[Week], worth: Mapping[str, Worth]) -> Iterator[RenderableType]:
    if worth:
        metric = next(iter(worth.values())).metric
        bars = sparkline([_value(week.live) for week in weeks])
        yield Text(f"live {printable(metric)}, week by week  {bars}", style="cyan")
    made = table("when", "what", "why", "before → after, same rows")
    for week, before in zip(weeks, [None, *weeks], strict=False):
        for event in week.events:
            if event.kind in SHOWN:
                made.add_row(said(week.at.date(), "dim"), *_row(event, worth))
        if _was_held(week) and not (before and _was_held(before)):
            made.add_row(said(week.at.date(), "dim"), said("held", "yellow"), said(_why_held(week)), said(""))
    yield made


def _was_held(week: Week) -> bool:
    """A due retrain was held back, and not just because the model had been retrained in the same week."""
    return week.held is not None and all(event.kind is not EventKind.TRAINED for event in week.events)


def _why_held(week: Week) -> str:
    return week.held.message if week.held else ""


def _row(event: Event, worth: Mapping[str, Worth]) -> tuple[Text, Text, Text]:
    word, style = EVENT_WORDS[event.kind]
    is_live = event.kind is EventKind.PROMOTED and event.details.get("environment") == "production"
    one = worth.get(str(event.details.get("version", ""))) if is_live else None
    compared = f"{one.metric} {_number(one.before)} → {_number(one.after)}" if one else ""
    return said(word, style), said(event.message), said(compared)


def _value(measured: Known[Measured]) -> float | None:
    return measured.value if isinstance(measured, Measured) else None


def _number(measured: Known[Measured]) -> str:
    return f"{measured.value:.3f}" if isinstance(measured, Measured) else "  -  "
