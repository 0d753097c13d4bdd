"""What puts back the release that an environment ran before. Pure.

The release file alone says what runs; the rest of a promotion goes back with it only where nothing else has touched it since.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import yaml

from reconciler.domain.names import Digest, Revision
from reconciler.specs.metadata import API_VERSION

QUARANTINE_COMMENT = "# yaml-language-server: $schema=../../schemas/quarantine.json\n"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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


def served_again(before: bytes | None, now: bytes | None) -> tuple[bytes | None, str]:
    """(a model's spec as it was, if only `spec.serve` of it has changed since; else None; and what stays as it is, in words).

    How a model is served goes back with it: it may be what ails the release. What people changed of the rest is theirs.
    """
    old, new = _spec(before), _spec(now)
    was, is_now = old.pop("serve", None), new.pop("serve", None)
    if not old or was == is_now:
        return None, ""
    if old == new:
        return before, ""
    changed = ", ".join(f"spec.{key}" for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key))
    return None, f"spec.serve stays as it is now: {changed} changed since, too"


def _spec(content: bytes | None) -> dict[str, object]:
    """The spec of a YAML file; empty for one that is not there, or cannot be read."""
    try:
        value = yaml.load(content or b"", _Loader)  # noqa: S506 - the loader is a safe one
    except yaml.YAMLError:
        return {}
    spec = value.get("spec") if isinstance(value, dict) else None
    return dict(spec) if isinstance(spec, dict) else {}


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
