"""Live objects of a model, as JSON, to what they tell: which release they carry, how its rollout goes, what ails them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from reconciler.adapters.clusters.troubles import mapping, members, short_text, text
from reconciler.domain.clusters import Deployed, Health, Resource, RolloutStatus
from reconciler.domain.names import Digest

Live = Mapping[str, object]
Place = tuple[str, str, str]
"""Kind, namespace and name."""
ANNOTATION = "perennial/digest"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_STARTING = ("", "ContainerCreating", "PodInitializing")
_SERVED = ("Deployment", "Rollout", "InferenceService")


def with_objects(seen: Deployed, live: Sequence[Live]) -> Deployed:
    """What is seen of the model, with what its live objects say."""
    return replace(seen, digests=digests_of(live), rollout=rollout_of(live), message=seen.message or ailing(live))


def digests_of(objects: Iterable[Live]) -> frozenset[Digest]:
    """Of the releases that what serves carries; its ConfigMaps and Services may be of what is not there any more."""
    return frozenset(digest for one in objects if one.get("kind") in _SERVED and (digest := digest_of(one)))


def place_of(one: Live) -> Place:
    """What tells the object from others of the same model."""
    metadata = mapping(one.get("metadata"))
    return text(one.get("kind")), text(metadata.get("namespace")), text(metadata.get("name"))


def joined(named: Iterable[Resource], tree: Iterable[Resource], carried: Mapping[Place, Digest | None]) -> tuple[Resource, ...]:
    """The objects that manifests name, with what the tree knows of their health and what they carry; then all others, sorted."""
    nodes = {(one.kind, one.namespace, one.name): one for one in tree}
    found = []
    for one in named:
        place = (one.kind, one.namespace, one.name)
        node = nodes.pop(place, one)
        health, message = (one.health, one.message) if one.health else (node.health, node.message)
        found.append(replace(one, health=health, message=message, digest=carried.get(place)))
    return (*found, *(nodes[place] for place in sorted(nodes)))


def digest_of(one: Live) -> Digest | None:
    """The release that the object carries."""
    return _digest(mapping(one.get("metadata")))


def _digest(metadata: Mapping[str, object]) -> Digest | None:
    found = text(mapping(metadata.get("annotations")).get(ANNOTATION))
    return Digest(found) if _DIGEST.fullmatch(found) else None


def rollout_of(objects: Iterable[Live]) -> RolloutStatus | None:
    """Of the one object whose controller moves the traffic; None where there is none."""
    for one in objects:
        if one.get("kind") == "Rollout":
            return argo_rollout(one)
        if one.get("kind") == "InferenceService":
            return inference_service(one)
    return None


def argo_rollout(one: Live) -> RolloutStatus:
    """Of Argo Rollouts. A status of an older generation says nothing of the release that is wanted now."""
    status, spec = mapping(one.get("status")), mapping(one.get("spec"))
    digest = _digest(mapping(mapping(spec.get("template")).get("metadata"))) or digest_of(one)
    generation = mapping(one.get("metadata")).get("generation")
    if generation is not None and str(status.get("observedGeneration")) != str(generation):
        return RolloutStatus(phase="Progressing", message="its controller has not seen it yet", digest=digest)
    aborted = status.get("abort") is True
    told = mapping(mapping(mapping(status.get("canary")).get("weights")).get("canary")).get("weight")
    whole = bool(status.get("stableRS")) and status.get("stableRS") == status.get("currentPodHash")
    return RolloutStatus(
        phase=text(status.get("phase")) or "Progressing",
        message=short_text(text(status.get("message"))),
        aborted=aborted,
        weight=100 if whole else percent(told),
        digest=digest,
    )


def inference_service(one: Live) -> RolloutStatus:
    """Of KServe: how much of the traffic its newest revision has."""
    status, spec = mapping(one.get("status")), mapping(mapping(one.get("spec")).get("predictor"))
    predictor = mapping(mapping(status.get("components")).get("predictor"))
    share = next((each.get("percent") for each in members(predictor.get("traffic")) if each.get("latestRevision") is True), None)
    ready, ailing = _condition(status, "Ready"), trouble_of(one)
    phase = {"True": "Healthy", "False": "Degraded"}.get(text(ready.get("status")), "Progressing")
    if phase == "Healthy" and isinstance(share, int) and share < 100:
        phase = "Paused"
    return RolloutStatus(phase=phase, message=ailing, weight=percent(share), digest=_digest(spec) or digest_of(one))


def trouble_of(one: Live) -> str:
    """What the object itself complains of; empty for one that does not."""
    status = mapping(one.get("status"))
    if one.get("kind") == "Rollout":
        return short_text(text(status.get("message"))) if status.get("phase") == "Degraded" else ""
    wanted = {"Ready": "False", "Available": "False", "Progressing": "False", "ReplicaFailure": "True"}
    for name, bad in wanted.items():
        condition = _condition(status, name)
        if condition.get("status") == bad:
            return short_text(text(condition.get("message")) or text(condition.get("reason")))
    return ""


def ailing(objects: Iterable[Live]) -> str:
    """The first object's complaint, with its kind and name."""
    for one in objects:
        if found := trouble_of(one):
            return short_text(f"{one.get('kind')} {text(mapping(one.get('metadata')).get('name'))}: {found}")
    return ""


def pod(one: Live) -> Resource:
    """A pod, as well as its containers are: one that waits for anything but its creation does not come up by itself."""
    status, metadata = mapping(one.get("status")), mapping(one.get("metadata"))
    waiting = [mapping(mapping(each.get("state")).get("waiting")) for each in members(status.get("containerStatuses"))]
    stuck = next((each for each in waiting if text(each.get("reason")) not in _STARTING), {})
    ready = _condition(status, "Ready").get("status") == "True"
    return Resource(
        kind="Pod",
        name=text(metadata.get("name")),
        namespace=text(metadata.get("namespace")),
        health=Health.DEGRADED if stuck else Health.HEALTHY if ready else Health.PROGRESSING,
        message=short_text(text(stuck.get("message")) or text(stuck.get("reason"))),
        digest=_digest(metadata),
    )


def percent(value: object) -> int | None:
    """A whole number from 0 to 100."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100 else None


def _condition(status: Mapping[str, object], name: str) -> Mapping[str, object]:
    return next((one for one in members(status.get("conditions")) if one.get("type") == name), {})
