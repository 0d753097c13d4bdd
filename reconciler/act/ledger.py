"""Writing to the ledger branch: a new commit with one more line, in one ref transaction with what the line is about."""

from reconciler.domain.commits import RefUpdate
from reconciler.domain.events import Event
from reconciler.domain.names import LEDGER_BRANCH, Revision
from reconciler.errors import ConflictError, PermanentActError, TransientActError
from reconciler.observe.ledger import how_to_look, ledger_path, read_chain, write_event
from reconciler.ports import RepositoryReader, RepositoryWriter

LEDGER_REF = f"refs/heads/{LEDGER_BRANCH}"
ATTEMPTS = 20


class Ledger:
    """The record. Always looks at the branch as it is now, so it never overwrites another's line, nor writes one twice."""

    def __init__(self, reader: RepositoryReader, writer: RepositoryWriter) -> None:
        self._reader = reader
        self._writer = writer

    def record(self, event: Event, *moves: RefUpdate) -> None:
        """Have the line in the model's file, and make the moves with it: all or none.

        A line that another process wrote meanwhile is no conflict. Raises ConflictError when a ref of `moves` is elsewhere.
        """
        for _ in range(ATTEMPTS):
            tip = self._tip()
            try:
                self._writer.update([*moves, *self._append(event, tip)])
            except ConflictError:
                if self._tip() == tip:
                    raise
            else:
                return
        message = f"{ATTEMPTS} times another process was quicker to write to {LEDGER_BRANCH}"
        raise TransientActError(message, help="perennial reconcile")

    def _append(self, event: Event, tip: Revision | None) -> list[RefUpdate]:
        """The move of the branch to a commit with the line; none when it is there. Nothing is written after a broken line."""
        path = ledger_path(event.model)
        content = self._reader.files(tip, path).get(path, b"") if tip else b""
        chain = read_chain(content, path)
        if chain.broken:
            raise PermanentActError(chain.broken, help=how_to_look(path))
        if event.id in {known.id for known in chain.events}:
            return []
        message = f"{event.model}: {event.kind}\n\n{event.message}\n"
        content += write_event(event, chain.tip).encode()
        commit = self._writer.commit(parent=tip, files={path: content}, message=message, at=event.at)
        return [RefUpdate(ref=LEDGER_REF, new=commit, expected=tip)]

    def _tip(self) -> Revision | None:
        return self._reader.refs(LEDGER_REF).get(LEDGER_REF)
