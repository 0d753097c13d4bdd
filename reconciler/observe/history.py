"""What the events of a model's ledger add up to: its history. Pure."""

import math
from collections.abc import Iterable

from reconciler.domain.events import Event, EventKind
from reconciler.domain.facts import Aborted, History, Move, RetrainGain
from reconciler.domain.live import Override, Request
from reconciler.domain.names import Digest, Revision
from reconciler.domain.releases import Fingerprint
from reconciler.plan.record import GAIN
from reconciler.rules.fields import parse_time


def history_of(events: Iterable[Event]) -> History:
    """Sum the events up."""
    events = tuple(events)
    trained = [number for number, event in enumerate(events) if event.kind is EventKind.TRAINED]
    after = events[trained[-1] + 1 :] if trained else events
    since = [event for event in after if event.kind is EventKind.TRAINING_FAILED]
    refused = frozenset(_digest(event) for event in events if event.kind is EventKind.REFUSED)
    return History(
        last_trained_at=events[trained[-1]].at if trained else None,
        last_failed_at=since[-1].at if since else None,
        failures=len(since),
        failed_from=_made_from(since[-1]) if since else None,
        refused=refused,
        released=frozenset(
            (str(event.details.get("environment", "")), _digest(event)) for event in events if event.kind is EventKind.PROMOTED
        ),
        aborted={_place(event): _aborted(event) for event in events if event.kind is EventKind.ABORTED},
        taken_back=frozenset(
            (str(event.details.get("environment", "")), _digest(event)) for event in events if event.kind is EventKind.TAKEN_BACK
        ),
        events=frozenset(event.id for event in events),
        moves=tuple(_move(event) for event in events if event.kind in (EventKind.PROMOTED, EventKind.ROLLED_BACK)),
        gains=tuple(_gain(event, refused) for event in events if event.kind is EventKind.TRAINED),
        requests=tuple(_request(event) for event in events if event.kind is EventKind.REQUESTED),
        overrides=tuple(made for event in events if event.kind is EventKind.OVERRIDDEN and (made := _override(event))),
    )


def amount_of(event: Event, key: str) -> float | None:
    """A finite number from 0 on among the details, as seconds and costs are; None when there is none."""
    value = _number(event.details.get(key))
    return value if value is not None and value >= 0 else None


def currency_of(event: Event) -> str:
    """The currency among the details; empty when there is none."""
    return str(event.details.get("currency", ""))


def _number(value: object) -> float | None:
    """Somebody may have edited the ledger: what is not a finite number is none."""
    try:
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _gain(event: Event, refused: frozenset[Digest]) -> RetrainGain:
    """What a retrain was worth; nothing, where a gate refused what it made."""
    gains = {key.removeprefix(GAIN): _number(value) for key, value in event.details.items() if key.startswith(GAIN)}
    is_refused = _digest(event) in refused
    return RetrainGain(
        at=event.at,
        digest=_digest(event),
        gains={metric: 0.0 if is_refused else gain for metric, gain in gains.items() if gain is not None},
        refused=is_refused,
        cost=amount_of(event, "cost"),
        currency=currency_of(event),
    )


def _move(event: Event) -> Move:
    digest = _digest(event)
    return Move(
        environment=str(event.details.get("environment", "")),
        digest=digest if digest.startswith("sha256:") else Digest(""),
        version=str(event.details.get("version", "none")),
        at=event.at,
        commit=Revision(str(event.details.get("commit", ""))),
        rolled_back=event.kind is EventKind.ROLLED_BACK,
    )


def _request(event: Event) -> Request:
    return Request(at=event.at, by=str(event.details.get("by", "")), reason=str(event.details.get("reason", event.message)))


def _override(event: Event) -> Override | None:
    """None when it does not say until when: an override without an end sets nothing aside."""
    try:
        until = parse_time(event.details.get("until"))
    except ValueError:
        return None
    by, reason = (str(event.details.get(key, "")) for key in ("by", "reason"))
    return Override(guard=str(event.details.get("guard", "")), at=event.at, until=until, by=by, reason=reason)


def _place(event: Event) -> tuple[str, Revision]:
    return str(event.details.get("environment", "")), Revision(str(event.details.get("commit", "")))


def _aborted(event: Event) -> Aborted:
    return Aborted(digest=_digest(event), code=str(event.details.get("code", "")), why=event.message)


def _digest(event: Event) -> Digest:
    return Digest(str(event.details.get("digest", "")))


def _made_from(event: Event) -> Fingerprint | None:
    parts = {name: event.details.get(name) for name in ("spec", "code", "parameters", "environment")}
    if not all(isinstance(part, str) for part in parts.values()):
        return None
    return Fingerprint(**{name: Digest(str(part)) for name, part in parts.items()})
