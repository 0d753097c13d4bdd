"""The ledger branch: one JSONL file per model, each line chained to the one before it, read into events. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from reconciler.domain.events import FIRST, Event, EventKind, linked, own_digest
from reconciler.domain.names import LEDGER_BRANCH, Digest, short
from reconciler.errors import ObserveError
from reconciler.rules.fields import parse_time, time_text

_END = ".jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A model's file: its events up to the first line that does not hold, and the digest of the last of them.

    `broken` says which line does not hold, and why; empty when all do. What comes after a break is not believed.
    """

    events: tuple[Event, ...] = ()
    tip: Digest = FIRST
    broken: str = ""


def ledger_path(model: str) -> str:
    """The model's file on the ledger branch."""
    return f"{model}{_END}"


def how_to_look(path: str) -> str:
    """The command that shows who changed what in the file."""
    return f"git log -p {LEDGER_BRANCH} -- {path}"


def event_value(event: Event) -> dict[str, object]:
    """The event as JSON knows it, without its place in a chain."""
    return asdict(event) | {"at": time_text(event.at)}


def write_event(event: Event, previous: Digest = FIRST) -> str:
    """One line of JSON, keys sorted, ending with a newline. `previous` is the digest of the line before it."""
    return _text(linked(event_value(event), previous)) + "\n"


def read_events(content: bytes, path: str) -> tuple[Event, ...]:
    """All events, oldest first. Raises ObserveError with the first line that does not hold."""
    chain = read_chain(content, path)
    if chain.broken:
        raise ObserveError(chain.broken, help=how_to_look(path))
    return chain.events


def read_chain(content: bytes, path: str) -> Chain:
    """What the file says, up to the first line that does not hold. Nothing is raised: a broken ledger is a fact."""
    events: list[Event] = []
    tip, broken = FIRST, ""
    *lines, rest = content.split(b"\n")  # splitlines would also cut inside of messages
    for line in lines:
        try:
            event, tip = _read(line, tip, path.removesuffix(_END))
        except _BreakError as error:
            broken = str(error)
            break
        events.append(event)
    if rest and not broken:
        broken = "the line has no end, so nothing can be written after it"
    where = f"{LEDGER_BRANCH} {path}:{len(events) + 1}: "
    return Chain(events=tuple(events), tip=tip, broken=where + broken if broken else "")


class _BreakError(Exception):
    """The line does not hold; the text says why."""


def _read(line: bytes, previous: Digest, model: str) -> tuple[Event, Digest]:
    """The event and the digest of the line, if it follows the line with the digest `previous`."""
    try:
        value: dict[str, Any] = json.loads(line)
        is_ours = _text(value).encode() == line
        event, before, digest = _event(value), _text_at(value, "previous"), _text_at(value, "digest")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _BreakError(f"not a ledger line ({error})") from error
    if not is_ours:
        raise _BreakError("altered: it is not written as Perennial writes it")
    if (found := own_digest(value)) != digest:
        raise _BreakError(f"altered: it says digest {short(digest)}, its content has {short(found)}")
    if before != previous:
        raise _BreakError(f"the chain breaks: it was written after {_named(before)}, and stands after {_named(previous)}")
    if event.model != model:
        raise _BreakError(f"it is about {event.model}, not {model}")
    return event, Digest(digest)


def _named(digest: str) -> str:
    return "nothing" if digest == FIRST else f"line {short(digest)}"


def _event(value: Mapping[str, Any]) -> Event:
    return Event(
        id=_text_at(value, "id"),
        at=parse_time(value["at"]),
        model=_text_at(value, "model"),
        kind=EventKind(value["kind"]),
        message=_text_at(value, "message"),
        details=dict(value["details"].items()),
    )


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False)


def _text_at(value: Mapping[str, Any], key: str) -> str:
    if not isinstance(value[key], str):
        raise TypeError(f"{key} is not a text")
    return str(value[key])
