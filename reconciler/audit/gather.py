"""Gathers what the ledger, main's history, the forge and the evidence tell of one model and one of its versions."""

import json
from typing import Any

from reconciler.audit.books import Books
from reconciler.audit.stays import proposals_of, stays_of
from reconciler.audit.story import Audit, Story
from reconciler.audit.versions import about, chosen, version_of, versions_of
from reconciler.domain.events import Event, EventKind
from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.names import Digest, evidence_path, hold_path, provenance_path
from reconciler.domain.provenance import Provenance
from reconciler.domain.releases import Build
from reconciler.errors import ReconcilerError
from reconciler.pipeline.build_json import read_evidence_build
from reconciler.render.provenance import read_statement
from reconciler.rules.fields import parse_time


def audit_of(books: Books, wanted: str | None = None) -> Audit:
    """Of the version that is wanted; without one, of the champion, or else of the newest that was trained.

    Raises ReconcilerError for a version that is not there.
    """
    versions = versions_of(books.events, books.releases, books.pulls)
    digest = wanted_digest(books, wanted) if versions or books.champion or wanted else None
    note = books.specs.holds.get(books.name)
    stopped = books.repository.last_change(books.seen.head, hold_path(books.name)) if note else None
    return Audit(
        model=books.name,
        running={environment: release.version for environment, release in sorted(books.releases.items())},
        hold=(note, books.commit(stopped) if stopped else None) if note else None,
        story=story_of(books, digest) if digest else None,
        versions=versions,
        broken=books.seen.chain(books.name).broken,
    )


def wanted_digest(books: Books, wanted: str | None) -> Digest:
    """The digest of a version's number, or that begins so; without a wish the champion's, else that of the newest training.

    Raises ReconcilerError when there is none, or several.
    """
    versions = versions_of(books.events, books.releases, books.pulls)
    if wanted is not None:
        return chosen(versions, wanted, books.name).digest
    if books.champion is None and not versions:
        raise ReconcilerError(f"nothing of {books.name} was ever trained", help="perennial reconcile")
    return books.champion.digest if books.champion else versions[-1].digest


def story_of(books: Books, digest: Digest) -> Story:
    """All that is told of the digest."""
    events = books.events
    trained = next(iter(about(events, digest, EventKind.TRAINED)), None)
    report = _report(books.kept(digest, evidence_path(books.name, digest)))
    statement = _statement(books.kept(digest, provenance_path(books.name, digest)))
    return Story(
        model=books.name,
        version=version_of(digest, events, books.releases),
        digest=digest,
        requests=_requests(events, trained),
        overrides=(*_overrides(events, trained), *about(events, digest, EventKind.GATE_OVERRIDDEN)),
        trained_at=trained.at if trained else None,
        reason=trained.message if trained else "",
        build=statement.build if statement else _build(report),
        seed=statement.seed if statement else None,
        base=books.commit(statement.base) if statement else None,
        compared_with=_compared_with(report),
        gates=read_gates(report.get("gates")),
        refused="; ".join(event.message for event in about(events, digest, EventKind.REFUSED)),
        declined="; ".join(event.message for event in about(events, digest, EventKind.DECLINED)),
        proposals=proposals_of(books, digest),
        stays=stays_of(books, digest),
    )


def _requests(events: tuple[Event, ...], trained: Event | None) -> tuple[Event, ...]:
    """What people asked for between the training before and this one."""
    if trained is None:
        return ()
    before = events[: events.index(trained)]
    last = max((number for number, event in enumerate(before) if event.kind is EventKind.TRAINED), default=-1)
    return tuple(event for event in before[last + 1 :] if event.kind is EventKind.REQUESTED)


def _overrides(events: tuple[Event, ...], trained: Event | None) -> tuple[Event, ...]:
    """The guards that people had set aside when it was trained."""
    if trained is None:
        return ()
    made = [event for event in events if event.kind is EventKind.OVERRIDDEN and event.at <= trained.at]
    return tuple(event for event in made if _ends(event, trained))


def _ends(event: Event, trained: Event) -> bool:
    try:
        return parse_time(event.details.get("until")) > trained.at
    except ValueError:
        return False


def _report(content: bytes | None) -> dict[str, Any]:
    """The gate report; empty when there is none that can be read: what is wrong with it, `--verify` tells."""
    try:
        value = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _statement(content: bytes | None) -> Provenance | None:
    try:
        return read_statement(content.decode()) if content is not None else None
    except (UnicodeDecodeError, ReconcilerError):
        return None


def _build(report: dict[str, Any]) -> Build | None:
    try:
        return read_evidence_build(json.dumps(report))
    except ReconcilerError:
        return None


def _compared_with(report: dict[str, Any]) -> str | None:
    champion = report.get("champion")
    return str(champion.get("version")) if isinstance(champion, dict) else None


def read_gates(value: object) -> Judgement | None:
    """What the gates said, from the gate report's `gates`; None for what is no judgement."""
    if not isinstance(value, dict):
        return None
    try:
        parts = [read_gates(part) for part in value["parts"]]
        return Judgement(
            rule=str(value["rule"]),
            answer=Answer(value["answer"]),
            code=str(value["code"]),
            message=str(value["message"]),
            parts=tuple(part for part in parts if part is not None),
        )
    except (KeyError, ValueError, TypeError):
        return None
