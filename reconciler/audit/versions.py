"""All digests of a model that were trained or ever ran, oldest first, and what became of each. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from reconciler.audit.story import Version
from reconciler.domain.changes import PullRequest, PullState
from reconciler.domain.events import Event, EventKind
from reconciler.domain.names import Digest, short
from reconciler.domain.releases import Release
from reconciler.errors import ReconcilerError
from reconciler.rules.fields import time_text

RAN = (EventKind.PROMOTED, EventKind.ROLLED_BACK)
"""Lines by which an environment runs another digest than before."""


def versions_of(events: Sequence[Event], releases: Mapping[str, Release], pulls: Iterable[PullRequest]) -> tuple[Version, ...]:
    """By the time of the first line about each. `releases` are what main says now, `pulls` this model's pull requests."""
    pulls = tuple(pulls)
    first: dict[Digest, Event] = {}
    for event in events:
        if event.kind in (EventKind.TRAINED, *RAN) and (digest := digest_in(event)):
            first.setdefault(digest, event)
    return tuple(
        Version(
            version=version_of(digest, events, releases),
            digest=digest,
            at=event.at,
            reason=event.message if event.kind is EventKind.TRAINED else "not in the ledger",
            fate=_fate(digest, events, releases, pulls),
        )
        for digest, event in first.items()
    )


def digest_in(event: Event) -> Digest | None:
    """The digest that the line is about, if there is one."""
    digest = str(event.details.get("digest", ""))
    return Digest(digest) if digest.startswith("sha256:") else None


def about(events: Iterable[Event], digest: Digest, *kinds: EventKind) -> list[Event]:
    """The lines of these kinds that are about the digest."""
    return [event for event in events if event.kind in kinds and digest_in(event) == digest]


def version_of(digest: Digest, events: Sequence[Event], releases: Mapping[str, Release]) -> str | None:
    """Its number; None when it never ran."""
    running = [release.version for release in releases.values() if release.digest == digest]
    ran = [str(event.details.get("version", "")) for event in about(events, digest, *RAN)]
    return next(iter([*running, *ran]), None)


def chosen(versions: Sequence[Version], wanted: str, model: str) -> Version:
    """By number (`1.1.0`, `v1.1.0`) or by the beginning of the digest. Raises ReconcilerError when none is, or several are."""
    word = wanted.removeprefix("sha256:")
    found = [one for one in versions if wanted.removeprefix("v") == one.version]
    if not found and len(word) >= 4:
        found = [one for one in versions if one.digest.removeprefix("sha256:").startswith(word)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(one.version or short(one.digest) for one in versions) or "none"
    many = f"{len(found)} versions of {model} begin with {wanted}" if found else f"there is no version {wanted} of {model}"
    raise ReconcilerError(f"{many}; there are: {known}", help=f"perennial audit {model}")


def _fate(digest: Digest, events: Sequence[Event], releases: Mapping[str, Release], pulls: Sequence[PullRequest]) -> str:
    if running := [name for name, release in releases.items() if release.digest == digest]:
        return f"runs in {', '.join(running)}"
    for pull in pulls:
        if pull.marker and pull.marker.digest == digest and pull.state is PullState.OPEN:
            return f"pull request #{pull.number} to {pull.marker.environment} is open"
    if ran := about(events, digest, *RAN):
        return f"ran in {', '.join(dict.fromkeys(str(event.details.get('environment')) for event in ran))}"
    for event in about(events, digest, EventKind.DECLINED):
        return f"declined: {event.message}"
    for event in about(events, digest, EventKind.REFUSED):
        return f"refused: {event.message}"
    trained = about(events, digest, EventKind.TRAINED)
    newest = [event for event in events if event.kind is EventKind.TRAINED][-1:]
    return "waits" if trained == newest else f"overtaken on {time_text(newest[0].at)}" if newest else "not known"
