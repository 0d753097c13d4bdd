"""A remote, seen from here: its refs as they are now, in a corner of their own, and moves that are one atomic push."""

import contextlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reconciler.adapters.git.faults import fault
from reconciler.adapters.git.locks import hold, remove_stale
from reconciler.adapters.git.moves import as_held, conflict, held_by, update_line
from reconciler.adapters.git.process import GitAnswer, GitProcess, writing_to
from reconciler.adapters.git.reading import branches_in, read_refs
from reconciler.adapters.git.ways import Credentials, configured, nobody, way_to
from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import Revision
from reconciler.errors import ActError, ConflictError, ObserveError, PermanentActError, TransientActError

TRACKED = ("refs/heads/main*", "refs/heads/perennial/*", "refs/heads/env/*", "refs/tags/*", "refs/perennial/pulls/*")
"""What is fetched: not people's own branches. `main*`, because git takes a plain name that is not there for an error."""
PAUSES = (1.0, 4.0)
"""Seconds before trying again when the network fails."""
_FETCH = ("--prune", "--no-prune-tags", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--refmap=", "--quiet")
_PUSH = ("--porcelain", "--atomic", "--no-verify", "--no-signed", "--no-follow-tags", "--recurse-submodules=no", "--quiet")
_SECONDS = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """One remote of the repository. No token or address is ever an argument of a command, or written to a file.

    One that is not `live` is read as it was last seen, and nobody is asked.
    """

    git: GitProcess
    name: str
    credentials: Credentials = nobody
    tracked: Sequence[str] = TRACKED
    pauses: Sequence[float] = PAUSES
    live: bool = True

    @property
    def corner(self) -> str:
        """Where its refs are kept here: nothing that people use looks there, and fetching elsewhere does not touch it."""
        return f"refs/perennial/remotes/{self.name}/"

    def refs(self, prefixes: Iterable[str]) -> dict[str, Revision]:
        """Full name, as on the remote, to commit: as they are now. Raises ObserveError."""
        wanted = [self._here(prefix) for prefix in prefixes] or [self.corner]
        with _looking(), self._alone() as descriptor:
            if self.live:
                self._fetch(descriptor)
            return {self._there(ref): commit for ref, commit in read_refs(self.git, wanted).items()}

    def branches_in(self, revision: Revision) -> frozenset[str]:
        """Its branches, as last fetched, whose tip is the revision or one of its ancestors."""
        return frozenset(self._there(ref) for ref in branches_in(self.git, revision, f"{self.corner}heads"))

    def move(self, updates: Sequence[RefUpdate]) -> None:
        """Move all or none, by compare-and-swap.

        Raises ConflictError when one is elsewhere, TransientActError when the network fails, PermanentActError when the
        remote refuses. A move whose answer was lost counts as made when the refs are where they should be.
        """
        moves = self._as_held(updates)
        for pause in (*self.pauses, None):
            trouble = self._try(moves)
            if trouble is None:
                self._note(moves)
                return
            if pause is None or isinstance(trouble, PermanentActError):
                raise trouble
            time.sleep(pause)

    def _as_held(self, updates: Sequence[RefUpdate]) -> list[RefUpdate]:
        """The updates by what the refs hold. What was fetched last may be old, so nothing is refused by it."""
        names = [update.ref for update in updates]
        try:
            return as_held(updates, self._held(names))
        except ConflictError:
            return as_held(updates, self._held_now(names))

    def _try(self, moves: Sequence[RefUpdate]) -> ActError | None:
        """Push once; None when the refs are where they should be, else what kept them from it. Raises ConflictError."""
        try:
            answer = self._push(moves)
            if not answer.code:
                return None
            trouble = fault(f"{answer.err}\n{_rejected(answer)}", f"the remote {self.name} did not take the changes", self.name)
        except TransientActError as error:
            trouble = error
        try:
            now = self._held_now([move.ref for move in moves])
        except ObserveError as error:
            message = f"{trouble.message}; whether it took them cannot be seen: {error.message}"
            return type(trouble)(message, help=trouble.help)
        at = {move.ref: now[move.ref][0] if move.ref in now else None for move in moves}
        if all(at[move.ref] == move.new for move in moves):
            return None
        for move in moves:
            if at[move.ref] != move.expected:
                raise conflict(move, at[move.ref])
        return trouble

    def _push(self, moves: Sequence[RefUpdate]) -> GitAnswer:
        """Each ref with its lease: the value that it must still have."""
        leases = [f"--force-with-lease={move.ref}:{move.expected or ''}" for move in moves]
        return self._online().attempt("push", *_PUSH, *leases, self._alias, *(f"{move.new or ''}:{move.ref}" for move in moves))

    def _note(self, moves: Sequence[RefUpdate]) -> None:
        """Have the corner show what was pushed; not, when somebody has fetched since, because that is newer.

        It is only to save a look: the push is made, so nothing that goes wrong here counts.
        """
        lines = "".join(update_line(replace(move, ref=self._here(move.ref))) for move in moves)
        with contextlib.suppress(ActError), self._alone() as descriptor:
            self.git.attempt("update-ref", "--stdin", "-z", stdin=lines.encode(errors="surrogateescape"), keep=(descriptor,))

    def _held(self, names: Sequence[str]) -> dict[str, tuple[str, str]]:
        found = held_by(self.git, [self._here(name) for name in names])
        return {self._there(ref): held for ref, held in found.items()}

    def _held_now(self, names: Sequence[str]) -> dict[str, tuple[str, str]]:
        with _looking(), self._alone() as descriptor:
            self._fetch(descriptor)
            return self._held(names)

    def _fetch(self, descriptor: int) -> None:
        """Bring the corner up to date. Raises ActError."""
        refspecs = [f"+{pattern}:{self._here(pattern)}" for pattern in self.tracked]
        whole = ("--unshallow",) if (self.git.git_dir / "shallow").exists() else ()
        for pause in (*self.pauses, None):
            answer = self._online().attempt("fetch", *_FETCH, *whole, self._alias, *refspecs, keep=(descriptor,))
            if not answer.code:
                return
            trouble = fault(answer.err, f"the remote {self.name} cannot be read", self.name)
            if pause is None or isinstance(trouble, PermanentActError):
                raise trouble
            time.sleep(pause)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[int]:
        """One fetch at a time in this repository. After one that was killed its lock files are removed.

        The advisory lock's file is empty but while a fetch runs.
        """
        path = self.git.git_dir / "perennial" / "fetching"
        with writing_to("the git directory"), hold(path) as descriptor:
            before = os.fstat(descriptor)
            if before.st_size:
                shared = [self.git.git_dir / name for name in ("packed-refs.lock", "shallow.lock")]
                ours = (self.git.git_dir / self.corner).rglob("*.lock")
                remove_stale([*ours, *shared], clock=path, since=before.st_mtime)
            os.pwrite(descriptor, b"1", 0)
            yield descriptor
            os.ftruncate(descriptor, 0)

    @property
    def _alias(self) -> str:
        return f"perennial-{self.name}"

    def _online(self) -> GitProcess:
        """Raises PermanentActError when there is no such remote."""
        settings = [*way_to(self.git, self.name, self._alias), *self.credentials()]
        return replace(self.git, environment=configured(self.git.environment, settings), timeout=_SECONDS, online=True)

    def _here(self, ref: str) -> str:
        if not ref.startswith("refs"):
            raise ObserveError(f"not a prefix of refs: {ref}", help="git for-each-ref")
        return self.corner + ref.removeprefix("refs").removeprefix("/")

    def _there(self, ref: str) -> str:
        return "refs/" + ref.removeprefix(self.corner)


def _rejected(answer: GitAnswer) -> str:
    """The lines of refs that were not taken, with the reason."""
    return "\n".join(line for line in answer.out.decode(errors="replace").splitlines() if line.startswith("!"))


@contextlib.contextmanager
def _looking() -> Iterator[None]:
    """Who only looks meets ObserveError."""
    try:
        yield
    except ActError as error:
        raise ObserveError(error.message, help=error.help) from error
