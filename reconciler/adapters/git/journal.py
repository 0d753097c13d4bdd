"""What a transaction is about to do, on disk before it does it, so that the next run can finish what a killed one began."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from reconciler.domain.commits import RefUpdate
from reconciler.domain.names import Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """A working tree that has one of the refs checked out, and the commits it goes from (None: nothing) and to."""

    ref: str
    git_dir: str
    work_tree: str
    old: Revision | None
    new: Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One transaction. `since` is when it was written, in seconds since 1970."""

    updates: tuple[RefUpdate, ...]
    follows: tuple[Follow, ...]
    since: float = 0.0


class Journal:
    """At most one entry, written whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, entry: Entry) -> None:
        """Remember the transaction that is about to begin."""
        value = {"updates": [asdict(u) for u in entry.updates], "follows": [asdict(f) for f in entry.follows]}
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(value), encoding="utf-8")
        os.replace(draft, self.path)  # noqa: PTH105 - the atomic one

    def read(self) -> Entry | None:
        """The transaction that was not finished, or None."""
        try:
            value = json.loads(self.path.read_text(encoding="utf-8"))
            return Entry(
                updates=tuple(RefUpdate(**u) for u in value["updates"]),
                follows=tuple(Follow(**f) for f in value["follows"]),
                since=self.path.stat().st_mtime,
            )
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            self.clear()
            return None

    def clear(self) -> None:
        """The transaction is finished, or did not begin."""
        self.path.unlink(missing_ok=True)
