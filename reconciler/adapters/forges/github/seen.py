"""What was seen of a repository's pull requests, kept between passes, so that a pass asks only for what changed since."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from reconciler.adapters.forges.github.credentials import GitHubPlace
from reconciler.domain.changes import PullRequest, PullState
from reconciler.domain.names import Digest
from reconciler.ports import Memory

_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Finished pull requests by number, each with the time of its last change (None: not Perennial's), and the newest such time.

    `foreign` are those who pushed to an open one, by its number and tip.
    """

    pulls: dict[int, tuple[datetime, PullRequest | None]] = field(default_factory=dict)
    newest: datetime | None = None
    foreign: dict[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)


class SeenBefore:
    """Keeps it in a memory, which may forget it: then everything is asked for again."""

    def __init__(self, place: GitHubPlace, memory: Memory | None) -> None:
        self._key = Digest("sha256:" + hashlib.sha256(f"pull requests {place.url} {place.repository}".encode()).hexdigest())
        self._memory = memory

    def recall(self) -> Seen:
        """What was kept; nothing, where that cannot be read."""
        content = self._memory.recall(self._key) if self._memory else None
        try:
            return _read(json.loads(content)) if content else Seen()
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):  # of another version, or damaged
            return Seen()

    def remember(self, seen: Seen) -> None:
        """Keep it."""
        if self._memory:
            self._memory.remember(self._key, json.dumps(_written(seen), sort_keys=True).encode())


def _written(seen: Seen) -> dict[str, Any]:
    pulls = [[number, at.isoformat(), asdict(pull) if pull else None] for number, (at, pull) in sorted(seen.pulls.items())]
    foreign = [[number, tip, names] for (number, tip), names in sorted(seen.foreign.items())]
    return {"format": _FORMAT, "newest": seen.newest.isoformat() if seen.newest else None, "pulls": pulls, "foreign": foreign}


def _read(value: dict[str, Any]) -> Seen:
    if value["format"] != _FORMAT:
        return Seen()
    return Seen(
        pulls={int(number): (datetime.fromisoformat(at), _pull(pull)) for number, at, pull in value["pulls"]},
        newest=datetime.fromisoformat(value["newest"]) if value["newest"] else None,
        foreign={(int(number), str(tip)): tuple(names) for number, tip, names in value["foreign"]},
    )


def _pull(value: dict[str, Any] | None) -> PullRequest | None:
    if value is None:
        return None
    lists = {name: tuple(value[name]) for name in ("approved_by", "labels", "foreign")}
    return PullRequest(**{**value, **lists, "state": PullState(value["state"])})
