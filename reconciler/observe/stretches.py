"""Since when the weights of a rollout are what they are: stretches of constant weights, from the environment branch's history."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from reconciler.domain.names import Digest, Revision
from reconciler.domain.releases import Release, digest_of
from reconciler.domain.rollouts import Weights
from reconciler.ports import Memory, RepositoryReader
from reconciler.render.weights import carrier_in, weights_in

_FURTHEST = 2_000
"""So many changes of the weights are looked at: three months of a bandit that moves every hour."""
VERSION = 1
"""Counts up when what is remembered would be kept in another form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """From `since`, the time of a commit, the weights were these."""

    since: datetime
    weights: Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What the commit wrote, and the one that wrote the file before."""

    at: datetime
    weights: Weights
    before: Revision | None


class _NoMemory:
    """Remembers nothing: whoever checks looks for themselves."""

    def recall(self, key: Digest) -> bytes | None:
        """Nothing."""

    def remember(self, key: Digest, content: bytes) -> None:
        """It is forgotten at once."""


NO_MEMORY: Memory = _NoMemory()


@dataclass(frozen=True, slots=True, kw_only=True)
class Git:
    """Where commits are, and what is remembered of them."""

    repository: RepositoryReader
    memory: Memory


def stretches_of(git: Git, tip: Revision, files: Mapping[str, str], wanted: Release) -> tuple[Stretch, ...]:
    """Oldest first, back to where the wanted release got its first weight.

    What a commit wrote never changes, so it is remembered.
    """
    path = carrier_in(files, wanted.build.model)
    if path is None:
        return ()
    changes: list[_Change] = []
    revision = git.repository.last_change(tip, path)
    while revision and len(changes) < _FURTHEST:
        change = _change(git, revision, path, wanted.build.model)
        if wanted.digest not in change.weights:
            break
        changes.append(change)
        revision = change.before
    return tuple(_stretches(changes))


def _stretches(changes: list[_Change]) -> Iterator[Stretch]:
    """The first commit of each run of equal weights counts: the file changes for other reasons, too."""
    for _, run in groupby(reversed(changes), key=lambda change: dict(change.weights)):
        first = next(run)
        yield Stretch(since=first.at, weights=first.weights)


def _change(git: Git, revision: Revision, path: str, model: str) -> _Change:
    key = digest_of({"version": VERSION, "weights": revision, "path": path})
    if (known := _recalled(git.memory.recall(key))) is not None:
        return known
    repository = git.repository
    info = repository.commit_info(revision)
    text = repository.files(revision, path).get(path, b"").decode(errors="replace")
    before = repository.last_change(info.parents[0], path) if info.parents else None
    made = _Change(at=info.at, weights=weights_in({path: text}, model), before=before)
    written = {"at": made.at.timestamp(), "weights": list(made.weights.items()), "before": before}
    git.memory.remember(key, json.dumps(written).encode())
    return made


def _recalled(content: bytes | None) -> _Change | None:
    """None when nothing is remembered, or what is there was damaged."""
    try:
        written = json.loads(content or b"")
        weights = {Digest(str(digest)): int(weight) for digest, weight in written["weights"]}
        before = Revision(str(written["before"])) if written["before"] else None
        return _Change(at=datetime.fromtimestamp(written["at"], UTC), weights=weights, before=before)
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        return None
