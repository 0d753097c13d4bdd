"""Argo CD's Application, as JSON of any version from 2.x on, to what Perennial knows of it. What is not there is not guessed."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TypeVar

from reconciler.adapters.clusters.troubles import mapping, members, short_text, text
from reconciler.domain.clusters import Deployed, Health, PastSync, Resource, Sync
from reconciler.domain.names import Revision, environment_branch

Word = TypeVar("Word", Health, Sync)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_FAILED = ("Failed", "Error")


def deployed(application: Mapping[str, object], environment: str) -> Deployed:
    """What is seen of the model. A word that is new to us, or not there yet, is Unknown."""
    status = mapping(application.get("status"))
    health, sync = mapping(status.get("health")), mapping(status.get("sync"))
    return Deployed(
        application=name_of(application),
        health=word(Health, health.get("status"), Health.UNKNOWN),
        sync=word(Sync, sync.get("status"), Sync.UNKNOWN),
        message=complaint(status),
        since=time(health.get("lastTransitionTime")),
        reconciled_at=time(status.get("reconciledAt")),
        operation="Running" if "operation" in application else text(operation(application).get("phase")),
        revision=revision_of(application, environment),
    )


def name_of(application: Mapping[str, object]) -> str:
    """The Application's name."""
    return text(mapping(application.get("metadata")).get("name"))


def operation(application: Mapping[str, object]) -> dict[str, object]:
    """The newest sync, under way or ended."""
    return mapping(mapping(application.get("status")).get("operationState"))


def runs(application: Mapping[str, object]) -> bool:
    """A sync is under way, or about to be."""
    return "operation" in application or operation(application).get("phase") in ("Running", "Terminating")


def asked_for(application: Mapping[str, object], nonce: str) -> bool:
    """The newest sync is the one that was ordered with this word."""
    orders = (mapping(application.get("operation")), mapping(operation(application).get("operation")))
    return any(info.get("value") == nonce for order in orders for info in members(order.get("info")))


def complaint(status: Mapping[str, object]) -> str:
    """Argo CD's own, else that of a sync which failed, else that of the first unwell object; empty when there is none."""
    for condition in members(status.get("conditions")):
        if text(condition.get("type")).endswith("Error"):
            return short_text(f"{condition.get('type')}: {text(condition.get('message'))}")
    newest = mapping(status.get("operationState"))
    if newest.get("phase") in _FAILED:
        return short_text(f"sync {newest.get('phase')}: {text(newest.get('message'))}")
    for one in resources(status):
        if one.health in (Health.DEGRADED, Health.MISSING, Health.UNKNOWN):
            return short_text(f"{one.kind} {one.name}: {one.message or one.health}")
    return short_text(text(mapping(status.get("health")).get("message")))


def resources(status: Mapping[str, object]) -> tuple[Resource, ...]:
    """The objects that the manifests name. From Argo CD 3.0 on their health is told only where it is asked for."""
    return tuple(resource(one) for one in members(status.get("resources")))


def resource(one: Mapping[str, object]) -> Resource:
    """One entry of a status, or one node of a tree."""
    health = mapping(one.get("health"))
    return Resource(
        kind=text(one.get("kind")),
        name=text(one.get("name")),
        namespace=text(one.get("namespace")),
        group=text(one.get("group")),
        health=word(Health, health.get("status"), Health.UNKNOWN) if health.get("status") else None,
        sync=word(Sync, one.get("status"), Sync.UNKNOWN) if one.get("status") else None,
        message=short_text(text(health.get("message"))),
    )


def revision_of(application: Mapping[str, object], environment: str) -> Revision | None:
    """The commit that the live objects were last synced from: that of the comparison where they are in sync, else of history."""
    sync = mapping(mapping(application.get("status")).get("sync"))
    if sync.get("status") == Sync.SYNCED:
        return commit_in(sync, application, environment)
    past = history(application, environment)
    return past[0].revision if past else None


def place_of_branch(application: Mapping[str, object], environment: str) -> int | None:
    """Which of several sources is the environment's branch, from 0; None where there is one source only."""
    sources = members(mapping(application.get("spec")).get("sources"))
    branches = [text(source.get("targetRevision")).removeprefix("refs/heads/") for source in sources]
    branch = environment_branch(environment)
    return None if not sources else branches.index(branch) if branch in branches else 0


def commit_in(told: Mapping[str, object], application: Mapping[str, object], environment: str) -> Revision | None:
    """`revision`, or of several sources that of the environment's branch."""
    several, found = told.get("revisions"), told.get("revision")
    if isinstance(several, list) and several:
        index = place_of_branch(application, environment) or 0
        found = several[index] if index < len(several) else None
    return Revision(found) if isinstance(found, str) and _COMMIT.fullmatch(found) else None


def history(application: Mapping[str, object], environment: str) -> tuple[PastSync, ...]:
    """The syncs that succeeded, newest first; entries without a commit or a time are left out."""
    found = []
    for entry in members(mapping(application.get("status")).get("history")):
        number, at, commit = entry.get("id", 0), time(entry.get("deployedAt")), commit_in(entry, application, environment)
        if isinstance(number, int) and at and commit:
            found.append(PastSync(number=number, revision=commit, at=at))
    return tuple(sorted(found, key=lambda past: past.number, reverse=True))


def word(kind: type[Word], value: object, otherwise: Word) -> Word:
    """The value in the closed words, or what stands for all others."""
    return kind(value) if isinstance(value, str) and value in set(kind) else otherwise


def time(value: object) -> datetime | None:
    """A time of Kubernetes (RFC 3339, UTC); None for anything else."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None
