"""Kubernetes' API on loopback, over a world: Argo CD's controller sees every order at once."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tests.clusters.serving import Asked, Reply
from tests.clusters.world import ClusterWorld, Json

KINDS = {"deployments": "Deployment", "rollouts": "Rollout", "inferenceservices": "InferenceService", "pods": "Pod"}


def kubernetes_answers(world: ClusterWorld) -> Callable[[Asked], Reply]:
    """What the server answers."""

    def answer(asked: Asked) -> Reply:
        match asked.path.strip("/").split("/"):
            case ["version"]:
                return 200, {"major": "1", "minor": "33", "gitVersion": "v1.33.1"}
            case ["apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews"]:
                wanted = asked.body["spec"]["resourceAttributes"]
                return 201, {"status": {"allowed": wanted["verb"] in ("get", "list", "patch") and wanted["verb"] != asked.denied}}
            case ["apis", "argoproj.io", "v1alpha1", "namespaces", "argocd", "applications"]:
                return 200, _page(world, asked)
            case ["apis", "argoproj.io", "v1alpha1", "namespaces", "argocd", "applications", name]:
                return _one(world, asked, name)
            case [*_, "namespaces", "serving", kind] if kind in KINDS:
                return _live(world, kind, asked.query.get("labelSelector", ""))
        return 404, failure(404, "NotFound", "the server could not find the requested resource")

    return answer


def _page(world: ClusterWorld, asked: Asked) -> Json:
    found = world.in_environment(asked.query.get("labelSelector", ""))
    start = int(asked.query.get("continue") or 0)
    end = start + world.page
    more = {"continue": str(end)} if len(found) > end else {}
    return {"kind": "ApplicationList", "metadata": {"resourceVersion": "1", **more}, "items": found[start:end]}


def _one(world: ClusterWorld, asked: Asked, name: str) -> Reply:
    if name not in world.applications:
        return 404, failure(404, "NotFound", f'applications.argoproj.io "{name}" not found')
    found = world.applications[name]
    if asked.method == "GET":
        return 200, found
    if asked.headers.get("content-type", asked.headers.get("Content-Type")) != "application/merge-patch+json":
        return 415, failure(415, "UnsupportedMediaType", "the body of the request was in an unknown format")
    version = asked.body.get("metadata", {}).get("resourceVersion")
    if version not in (None, found["metadata"]["resourceVersion"]):
        return 409, failure(
            409, "Conflict", f'Operation cannot be fulfilled on applications "{name}": the object has been modified'
        )
    merge(found, asked.body)
    world.touched(found)
    if "argocd.argoproj.io/refresh" in found["metadata"].get("annotations", {}):
        world.look(name)
    if asked.body.get("operation"):
        sync = found["operation"]["sync"]
        assert world.version < 3 or "revision" not in sync, "one commit does not say which of two sources it is of"
        if several := sync.pop("revisions", None):
            sync["revision"] = several[1]
        world.begin(name, found["operation"])
    if found["status"].get("operationState", {}).get("phase") == "Terminating":
        found["status"]["operationState"]["phase"] = "Running"
        world.terminate(name)
    return 200, found


def _live(world: ClusterWorld, kind: str, selector: str) -> Reply:
    """Items of a list do not say their kind."""
    wanted = dict(part.split("=") for part in selector.split(",") if part)
    found = [one for objects in world.live.values() for one in objects if one["kind"] == KINDS[kind] and not one.get("absent")]
    kept = [one for one in found if wanted.items() <= one["metadata"]["labels"].items()]
    if kind == "inferenceservices" and not kept:
        return 404, failure(404, "NotFound", "the server could not find the requested resource")
    return 200, {"items": [{key: value for key, value in one.items() if key not in ("kind", "apiVersion")} for one in kept]}


def merge(target: Json, patch: Json) -> None:
    """A JSON merge patch (RFC 7396)."""
    for key, value in patch.items():
        if value is None:
            target.pop(key, None)
        elif isinstance(value, dict) and isinstance(target.get(key), dict):
            merge(target[key], value)
        else:
            target[key] = value


def failure(code: int, reason: str, message: str) -> Json:
    return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "reason": reason, "code": code}


def kubeconfig(folder: Path, address: str, token: str, **cluster: Any) -> Path:
    """The file, with a context `tests`."""
    found = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "tests", "cluster": {"server": address, **cluster}}],
        "users": [{"name": "tests", "user": {"token": token}}],
        "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": "tests", "namespace": "argocd"}}],
        "current-context": "tests",
    }
    path = folder / "kubeconfig.yaml"
    path.write_text(yaml.safe_dump(found))
    return path
