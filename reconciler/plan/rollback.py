"""What puts back the release that an environment ran before. Pure.

The release file alone says what runs; the rest of a promotion goes back with it only where nothing else has touched it since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reconciler.domain.names import Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """What the release file said from one commit of main on; None: the environment ran nothing."""

    since: Revision
    content: bytes | None


def earlier(stays: Sequence[Stay]) -> tuple[Stay, Stay] | None:
    """(the stay that began what runs now, the one before it), of `stays` newest first; None when there is nothing to go back to.

    What was rolled back already is not gone forward to: of A, B, A again the newest A counts as the first one.
    """
    if not stays or stays[0].content is None:
        return None
    first = max(number for number, stay in enumerate(stays) if stay.content == stays[0].content)
    return (stays[first], stays[first + 1]) if first + 1 < len(stays) else None


def restored(
    path: str, wanted: bytes | None, before: Mapping[str, bytes], after: Mapping[str, bytes], now: Mapping[str, bytes]
) -> dict[str, bytes | None]:
    """Path to what it shall hold (None: nothing): all that the promotion changed if main still has all of it, else the release.

    `before` and `after` are the files around the promotion, `now` main's.
    """
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    if before.get(path) == wanted and all(now.get(name) == after.get(name) for name in changed):
        return {name: before.get(name) for name in sorted(changed)}
    return {path: wanted}
