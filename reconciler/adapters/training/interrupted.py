"""Trainings that were cut short: the notes that their worktrees leave, kept until the ledger has them.

A note is in its worktree's lock file, which a running training holds. When nobody holds it any more the training is over;
whoever then sweeps the worktree away keeps the note in `<git directory>/perennial/interrupted`.
"""

import contextlib
import fcntl
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from reconciler.adapters.git.process import writing_to
from reconciler.domain.names import Digest
from reconciler.domain.releases import Fingerprint
from reconciler.domain.training import Begun
from reconciler.errors import ObserveError


@dataclass(frozen=True, slots=True)
class FolderRuns:
    """RunsReader and RunsWriter on the notes under a git directory."""

    git_dir: Path

    def interrupted(self, model: str) -> Sequence[Begun]:
        """The model's, oldest first: of what was swept away, and of what nobody holds any more. Raises ObserveError."""
        try:
            found = {read_note(note) for note in (*self._kept(), *self._unheld())}
        except OSError as error:
            raise ObserveError(f"the notes of trainings cannot be read: {error.strerror}", help="perennial doctor") from error
        mine = [begun for begun in found if begun and begun.model == model]
        return sorted(mine, key=lambda begun: (begun.at, begun.as_of, begun.reason))

    def forget(self, begun: Begun) -> None:
        """Remove its notes. Raises PermanentActError when they cannot be."""
        with writing_to("the notes of trainings"):
            for note in self._kept():
                if read_note(note) == begun:
                    note.unlink(missing_ok=True)
            for lock in self._unheld():
                if read_note(lock) == begun:
                    lock.write_bytes(b"")

    def _kept(self) -> list[Path]:
        return sorted((self.git_dir / "perennial" / "interrupted").glob("*.json"))

    def _unheld(self) -> Iterator[Path]:
        """Locks that nobody holds; each is held by us while the caller looks at it."""
        for lock in sorted((self.git_dir / "perennial" / "worktrees").glob("*.lock")):
            with contextlib.suppress(FileNotFoundError, BlockingIOError), lock.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield lock


def keep_note(lock: Path) -> None:
    """Have the note outlive the lock file that it is in."""
    content = lock.read_bytes()
    if not content:
        return
    kept = lock.parent.with_name("interrupted") / f"{lock.stem}.json"
    kept.parent.mkdir(exist_ok=True)
    new = kept.with_suffix(".new")
    new.write_bytes(content)
    new.replace(kept)


def note_of(begun: Begun) -> bytes:
    """What `read_note` reads."""
    value = asdict(begun) | {"at": begun.at.isoformat(), "as_of": begun.as_of.isoformat()}
    return json.dumps(value, sort_keys=True).encode() + b"\n"


def read_note(path: Path) -> Begun | None:
    """What began; None for a note that was never finished, or is gone."""
    with contextlib.suppress(ValueError, KeyError, TypeError, FileNotFoundError):
        value = json.loads(path.read_bytes())
        return Begun(
            model=str(value["model"]),
            at=datetime.fromisoformat(value["at"]),
            as_of=datetime.fromisoformat(value["as_of"]),
            reason=str(value["reason"]),
            made_from=Fingerprint(**{name: Digest(digest) for name, digest in value["made_from"].items()}),
        )
    return None
