"""What puts back the release that an environment ran before. Pure.

The release file alone says what runs; the rest of a promotion goes back with it only where nothing else has touched it since.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import yaml

from reconciler.domain.names import Digest, Revision
from reconciler.specs.metadata import API_VERSION

QUARANTINE_COMMENT = "# yaml-language-server: $schema=../../schemas/quarantine.json\n"
LONGEST_REASON = 500
"""Characters, of a quarantine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """What the release file said from one commit of main on; None: the environment ran nothing."""

    since: Revision
    content: bytes | None


def earlier(stays: Sequence[Stay], fits: Callable[[Stay], bool] = lambda _: True) -> tuple[Stay, Stay] | None:
    """(the stay that began what runs now, the newest one before it that fits), of `stays` newest first; None without one.

    What was rolled back already is not gone forward to: of A, B, A again the newest A counts as the first one.
    """
    if not stays or stays[0].content is None:
        return None
    first = began(stays)
    found = next((stay for stay in stays[first + 1 :] if fits(stay)), None)
    return None if found is None else (stays[first], found)


def began(stays: Sequence[Stay]) -> int:
    """Which of the stays first said what the newest says; 0 unless that was put back once."""
    return max(number for number, stay in enumerate(stays) if stay.content == stays[0].content)


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


def quarantine_yaml(model: str, digests: Mapping[Digest, str], digest: Digest, reason: str) -> str:
    """The text of `models/<model>/quarantine.yaml` with one digest more, or as it is with a digest that is there."""
    kept = {**digests, digest: digests.get(digest) or cut(reason, LONGEST_REASON)}
    entries = [{"digest": one, "reason": why} for one, why in kept.items()]
    value = {"apiVersion": API_VERSION, "kind": "Quarantine", "metadata": {"name": model}, "spec": {"digests": entries}}
    return QUARANTINE_COMMENT + yaml.safe_dump(value, sort_keys=False, default_flow_style=False, width=10_000, allow_unicode=True)


def cut(text: str, length: int) -> str:
    """In one line, of at most so many characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"
