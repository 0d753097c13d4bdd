"""What an Argo CD knows, in the JSON that its versions keep: Applications, live objects, and syncs that go on until told."""

import copy
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

NAMESPACE = "serving"
DIGEST, OTHER = "sha256:" + "a" * 64, "sha256:" + "b" * 64
FIRST, SECOND = "1" * 40, "2" * 40
AT = "2026-03-01T10:00:00Z"
LATER = "2026-03-01T10:05:00Z"
Json = dict[str, Any]


@dataclass
class ClusterWorld:
    """`version` is Argo CD's; from 3 on Applications have several sources here, and no health of single objects.

    `page` is how many objects Kubernetes tells at a time, whatever it was asked for: two, so that pages are read.
    """

    version: int = 3
    page: int = 2
    applications: dict[str, Json] = field(default_factory=dict)
    live: dict[str, list[Json]] = field(default_factory=dict)
    tips: dict[str, str] = field(default_factory=dict)
    refreshed: list[str] = field(default_factory=list)
    ordered: list[tuple[str, Json]] = field(default_factory=list)
    writes: int = 0

    def add(self, name: str, **status: Any) -> Json:
        """A model that is well and in sync; `status` changes what Argo CD says of it."""
        environment = name.rpartition(".")[2]
        self.applications[name] = made = application(name, environment, self.version)
        made["status"] |= status
        self.live[name] = [live("Deployment", name.partition(".")[0]), live("ConfigMap", f"{name.partition('.')[0]}-x", OTHER)]
        self.tips.setdefault(environment, FIRST)
        return self.touched(made)

    def touched(self, application: Json) -> Json:
        """It has another version now."""
        self.writes += 1
        application["metadata"]["resourceVersion"] = str(1000 + self.writes)
        return application

    def look(self, name: str) -> None:
        """Argo CD compares with the branch, and forgets that it was asked to."""
        found = self.applications[name]
        found["metadata"].get("annotations", {}).pop("argocd.argoproj.io/refresh", None)
        tip = self.tips[name.rpartition(".")[2]]
        ran = commits(found["status"]["sync"])
        if tip not in ran:
            found["status"]["sync"] = {"status": "OutOfSync", **told(tip, self.version)}
        found["status"]["reconciledAt"] = LATER
        self.refreshed.append(name)
        self.touched(found)

    def begin(self, name: str, order: Json) -> None:
        """The controller takes up what stands in the field `operation`, which stays until it has ended."""
        self.ordered.append((name, order))
        state = {"operation": order, "phase": "Running", "startedAt": LATER, "message": "waiting for healthy state"}
        found = self.applications[name]
        found["operation"] = order
        found["status"]["operationState"] = state
        self.touched(found)

    def finish(self, name: str) -> None:
        """The sync that runs has succeeded."""
        found = self.applications[name]
        found.pop("operation", None)
        state = found["status"]["operationState"]
        revision = state["operation"]["sync"].get("revision") or self.tips[name.rpartition(".")[2]]
        state |= {"phase": "Succeeded", "finishedAt": LATER, "message": "successfully synced (all tasks run)"}
        state["syncResult"] = {**told(revision, self.version), "resources": []}
        past = found["status"].setdefault("history", [])
        past.append({"id": len(past), "deployedAt": LATER, **told(revision, self.version)})
        found["status"]["sync"] = {"status": "Synced", **told(revision, self.version)}
        self.touched(found)

    def terminate(self, name: str) -> bool:
        """Whether anything ran."""
        state = self.applications[name]["status"].get("operationState", {})
        if state.get("phase") != "Running":
            return False
        self.applications[name].pop("operation", None)
        state |= {"phase": "Failed", "message": "Operation terminated", "finishedAt": LATER}
        self.touched(self.applications[name])
        return True

    def in_environment(self, selector: str) -> list[Json]:
        """Those with the label, as `key=value`."""
        key, _, value = selector.partition("=")
        found = [one for one in self.applications.values() if not key or one["metadata"]["labels"].get(key) == value]
        return copy.deepcopy(sorted(found, key=lambda one: one["metadata"]["name"]))


def application(name: str, environment: str, version: int) -> Json:
    model = name.partition(".")[0]
    source = {"repoURL": "https://git.example.com/r.git", "targetRevision": f"env/{environment}", "path": f"manifests/{model}"}
    values = {"repoURL": "https://git.example.com/values.git", "targetRevision": "main", "ref": "values"}
    new = version >= 3
    health: Json = {"status": "Healthy", "lastTransitionTime": AT} if new else {"status": "Healthy"}
    status: Json = {
        "health": health,
        "sync": {"status": "Synced", **told(FIRST, version)},
        "reconciledAt": AT,
        "history": [{"id": 0, "deployedAt": AT, **told(FIRST, version)}],
        "resources": [entry(kind, group, model, version) for kind, group in (("Deployment", "apps"), ("Service", ""))],
        "sourceType": "Directory",
        "summary": {"images": ["registry.example.com/model-server@sha256:0"]},
    }
    if new:
        status |= {"resourceHealthSource": "appTree", "controllerNamespace": "argocd", "sourceTypes": ["Directory", "Directory"]}
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {
            "name": name,
            "namespace": "argocd",
            "labels": {"perennial/environment": environment, "perennial/model": model},
        },
        "spec": {
            "project": f"perennial-{environment}",
            "destination": {"server": "https://kubernetes.default.svc", "namespace": NAMESPACE},
            **({"sources": [values, source]} if new else {"source": source}),
        },
        "status": status,
    }


def entry(kind: str, group: str, model: str, version: int) -> Json:
    found: Json = {"kind": kind, "namespace": NAMESPACE, "name": model, "version": "v1", "status": "Synced"}
    if group:
        found["group"] = group
    return found if version >= 3 else found | {"health": {"status": "Healthy"}}


def told(revision: str, version: int) -> Json:
    """How a version names what was synced: from 3 on here with the commit of another source before it."""
    return {"revisions": ["9" * 40, revision]} if version >= 3 else {"revision": revision}


def commits(sync: Mapping[str, Any]) -> Iterable[str]:
    return sync.get("revisions") or [sync.get("revision", "")]


def live(kind: str, name: str, digest: str = DIGEST, **changes: Any) -> Json:
    """A live object that carries a release."""
    group = {"Deployment": "apps/v1", "Rollout": "argoproj.io/v1alpha1", "InferenceService": "serving.kserve.io/v1beta1"}
    metadata = {"name": name, "namespace": NAMESPACE, "generation": 1, "annotations": {"perennial/digest": digest}}
    labels = {"perennial/model": name, "perennial/environment": "production"}
    return {"apiVersion": group.get(kind, "v1"), "kind": kind, "metadata": metadata | {"labels": labels}, **changes}


def managed(objects: Iterable[Json]) -> Json:
    """As Argo CD tells of them: JSON in JSON."""
    items = [
        {
            "kind": one["kind"],
            "namespace": NAMESPACE,
            "name": one["metadata"]["name"],
            "targetState": json.dumps(one),
            "liveState": json.dumps(one) if not one.get("absent") else "null",
        }
        for one in objects
    ]
    return {"items": items}
