"""Moves refs all or none, with the working trees that show them; a killed transaction is finished by the next run."""

import contextlib
from collections.abc import Sequence
from pathlib import Path

from reconciler.adapters.git.checkout import WorkingTree, checkouts
from reconciler.adapters.git.journal import Entry, Follow, Journal
from reconciler.adapters.git.locks import OURS, hold, remove_stale
from reconciler.adapters.git.moves import as_held, check_name, conflict, held_by, update_line
from reconciler.adapters.git.process import GitProcess, writing_to
from reconciler.domain.commits import RefUpdate
from reconciler.errors import ActError, ConflictError, ReconcilerError, TransientActError


class RefTransactions:
    """All moves of refs in one repository go through here."""

    def __init__(self, git: GitProcess) -> None:
        self.git = git
        self.directory = git.git_dir / "perennial"
        self.lock = self.directory / "lock"
        self.journal = Journal(self.directory / "transaction.json")

    def update(self, updates: Sequence[RefUpdate]) -> None:
        """Move all or none.

        Raises ConflictError when a ref is not where it was expected, when local edits in a working tree would be overwritten
        or when a checked-out branch would be deleted; TransientActError when another git holds a lock; PermanentActError when
        the disk is full or read-only.
        """
        for update in updates:
            check_name(update.ref)
        if not updates:
            return
        with writing_to("the git directory"), hold(self.lock) as descriptor:
            self._recover(descriptor)
            remove_stale([self._lock_of(u.ref) for u in updates if u.ref.startswith(OURS)], clock=self.lock)
            raw = as_held(updates, held_by(self.git, [u.ref for u in updates]))
            self._apply(Entry(updates=tuple(raw), follows=tuple(self._follows(raw))), descriptor)

    def _apply(self, entry: Entry, descriptor: int) -> None:
        """Journal first and last: whatever lies between can be found and finished by the next run."""
        self.journal.write(entry)
        trees = [WorkingTree(self.git, follow) for follow in entry.follows]
        with contextlib.ExitStack() as held:
            try:
                for tree in trees:
                    held.enter_context(tree.locked())
                    tree.check()
                self._move(entry.updates, descriptor)
            except ReconcilerError:
                held.close()
                self._finish(entry, descriptor)
                raise
            for tree in trees:
                tree.go(descriptor)
        self.journal.clear()

    def recover(self) -> None:
        """Finish what a killed run began, if there is anything to finish and nothing is in the way.

        A reader needs no more: `update` meets the same obstacle again, and reports it.
        """
        if self.journal.path.exists():
            with contextlib.suppress(ConflictError, ActError), writing_to("the git directory"), hold(self.lock) as descriptor:
                self._recover(descriptor)

    def _recover(self, descriptor: int) -> None:
        """Finish the transaction of a killed run. Holding the lock means that none of its git processes lives."""
        entry = self.journal.read()
        if entry:
            self._clear_locks(entry)
            self._finish(entry, descriptor)

    def _finish(self, entry: Entry, descriptor: int) -> None:
        """Roll forward when any ref has moved, for all was checked before the first one did; else forget it."""
        moves = [u for u in entry.updates if u.new != u.expected]
        now = held_by(self.git, [u.ref for u in moves])
        at = {u.ref: now[u.ref][0] if u.ref in now else None for u in moves}
        begun = any(at[u.ref] == u.new for u in moves)
        left = [u for u in moves if at[u.ref] == u.expected]
        if begun and left:
            self._move(left, descriptor)
        for follow in entry.follows:
            tree = WorkingTree(self.git, follow)
            tree.unlock_killed()
            if begun and self._shows(follow):
                with tree.locked():
                    tree.clear_half_written()
                    tree.go(descriptor)
        self.journal.clear()

    def _shows(self, follow: Follow) -> bool:
        """The working tree still has the ref checked out, and nobody has moved the ref since."""
        shown = checkouts(self.git).get(follow.ref, [])
        here = (Path(follow.git_dir), Path(follow.work_tree)) in shown
        return here and held_by(self.git, [follow.ref]).get(follow.ref, ("", ""))[0] == follow.new

    def _clear_locks(self, entry: Entry) -> None:
        shared = [self.git.git_dir / "packed-refs.lock", self.git.git_dir / "HEAD.lock"]
        shared += [Path(follow.git_dir) / "HEAD.lock" for follow in entry.follows]
        remove_stale([*(self._lock_of(u.ref) for u in entry.updates), *shared], clock=self.lock, since=entry.since)

    def _lock_of(self, ref: str) -> Path:
        return self.git.git_dir / f"{ref}.lock"

    def _follows(self, updates: Sequence[RefUpdate]) -> list[Follow]:
        shown = checkouts(self.git)
        follows = []
        for update in updates:
            for git_dir, tree in shown.get(update.ref, ()):
                if update.new is None:
                    branch = update.ref.removeprefix("refs/heads/")
                    raise ConflictError(f"{branch} is checked out and cannot be deleted", help="git switch main")
                if update.new != update.expected:
                    follows.append(
                        Follow(ref=update.ref, git_dir=str(git_dir), work_tree=str(tree), old=update.expected, new=update.new)
                    )
        return follows

    def _move(self, updates: Sequence[RefUpdate], descriptor: int) -> None:
        stream = "start\0" + "".join(map(update_line, updates)) + "prepare\0commit\0"
        answer = self.git.attempt(
            "update-ref", "--stdin", "-z", "-m", "perennial", stdin=stream.encode(errors="surrogateescape"), keep=(descriptor,)
        )
        if not answer.code:
            return
        now = held_by(self.git, [u.ref for u in updates])
        for update in updates:
            found = now.get(update.ref, (None, None))[0]
            if found != update.expected:
                raise conflict(update, found)
        raise TransientActError(f"refs could not be moved: {answer.err}", help="run again; perennial doctor if it stays")
