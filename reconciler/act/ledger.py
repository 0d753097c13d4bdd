"""Appending to the ledger branch: a new commit with one more line, handed to the ref transaction of what it records."""

from reconciler.domain.events import Event
from reconciler.domain.names import LEDGER_BRANCH, Revision
from reconciler.observe.ledger import ledger_path, read_events, write_event
from reconciler.ports import RefUpdate, RepositoryReader, RepositoryWriter

LEDGER_REF = f"refs/heads/{LEDGER_BRANCH}"


class Ledger:
    """The record. Always looks at the branch as it is now, so it never overwrites another's line."""

    def __init__(self, reader: RepositoryReader, writer: RepositoryWriter) -> None:
        self._reader = reader
        self._writer = writer

    def has(self, event: Event) -> bool:
        """The line is there already."""
        path = ledger_path(event.model)
        return event.id in {known.id for known in read_events(self._content(path), path)}

    def append(self, event: Event) -> RefUpdate:
        """Write a commit with the line at the end of the model's file; the caller moves the ref."""
        tip = self._tip()
        path = ledger_path(event.model)
        content = self._content(path) + write_event(event).encode()
        message = f"{event.model}: {event.kind}\n\n{event.message}\n"
        commit = self._writer.commit(parent=tip, files={path: content}, message=message, at=event.at)
        return RefUpdate(ref=LEDGER_REF, new=commit, expected=tip)

    def _tip(self) -> Revision | None:
        return self._reader.refs(LEDGER_REF).get(LEDGER_REF)

    def _content(self, path: str) -> bytes:
        tip = self._tip()
        return self._reader.files(tip, path).get(path, b"") if tip else b""
