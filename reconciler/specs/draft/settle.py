"""What becomes of each file when a repository is set up, or set up again by a newer Perennial: people's edits stay. Pure."""

from collections.abc import Mapping
from typing import Protocol

from reconciler.domain.scaffold import Fate, Merged, Put


class Git(Protocol):
    """What is asked of git."""

    def identify(self, text: str) -> str:
        """The id that git gives to the text."""

    def recall(self, identity: str) -> str | None:
        """The text of an id, if git still has it."""

    def merge(self, people: str, base: str, ours: str) -> Merged:
        """People's text, what was put there, and Perennial's new one, in one."""


def settle(path: str, now: str | None, new: str | None, put: str | None, git: Git) -> Put:
    """One file: `now` it holds this, `new` is Perennial's, `put` the id of what Perennial put there last (None: nothing)."""
    if new is None:
        fate, after = _unwanted(now, put, git)
    elif now is None:
        fate, after = (Fate.NEW, new) if put is None else (Fate.GONE, None)
    elif now == new:
        fate, after = Fate.SAME, now
    else:
        fate, after = _different(now, new, put, git)
    return Put(path=path, fate=fate, before=now, after=after, shipped=new)


def _unwanted(now: str | None, put: str | None, git: Git) -> tuple[Fate, str | None]:
    """Perennial has no such file any more."""
    if now is None:
        return Fate.GONE, None
    return (Fate.DROPPED, None) if git.identify(now) == put else (Fate.KEPT, now)


def _different(now: str, new: str, put: str | None, git: Git) -> tuple[Fate, str]:
    """People's text and Perennial's are not the same: it depends on who changed it."""
    if put is not None and git.identify(now) == put:
        return Fate.UPDATED, new
    if put is not None and git.identify(new) == put:
        return Fate.KEPT, now
    base = None if put is None else git.recall(put)
    if base is None:
        return Fate.THEIRS, now
    merged = git.merge(now, base, new)
    if merged.text == now:
        return Fate.KEPT, now
    return (Fate.MERGED if merged.clean else Fate.CONFLICT), merged.text


def record_of(puts: Mapping[str, Put], before: Mapping[str, str], git: Git) -> dict[str, str]:
    """Path to the id of what Perennial put there last, sorted; of what could not be merged it stays what it was."""
    record: dict[str, str] = {}
    for path, one in sorted(puts.items()):
        if one.fate is Fate.THEIRS:
            record |= {path: before[path]} if path in before else {}
        elif one.shipped is not None and one.fate is not Fate.GONE:
            record[path] = git.identify(one.shipped)
        elif one.fate is Fate.GONE and path in before:
            record[path] = before[path]
    return record
