"""Argo CD's API on loopback, over a world."""

from collections.abc import Callable

from tests.clusters.serving import Asked, Reply
from tests.clusters.world import ClusterWorld, Json, managed

_LIST = "/api/v1/applications"


def argo_answers(world: ClusterWorld) -> Callable[[Asked], Reply]:
    """What the server answers."""

    def answer(asked: Asked) -> Reply:
        if asked.method != "GET" and asked.headers.get("Content-Type") != "application/json":
            return 415, b"Invalid content type"
        match asked.path.removeprefix("/api/").split("/"):
            case ["version"]:
                return 200, {"Version": f"v{world.version}.1.0+abcdef"}
            case ["v1", "session", "userinfo"]:
                return 200, {"loggedIn": True, "username": "proj:perennial-production:perennial", "iss": "argocd"}
            case ["v1", "account", "can-i", _, action, *_]:
                return 200, {"value": "yes" if action in ("get", "sync") and action != asked.denied else "no"}
            case ["v1", "applications"]:
                assert "fields" not in asked.query, "of a list Argo CD knows neither revisions nor conditions as fields"
                return 200, {"metadata": {"resourceVersion": "1"}, "items": world.in_environment(asked.query.get("selector", ""))}
            case ["v1", "applications", name, *rest]:
                return _one(world, asked, name, rest)
        return 404, error(5, "Not Found")

    return answer


def _one(world: ClusterWorld, asked: Asked, name: str, rest: list[str]) -> Reply:
    if name not in world.applications:
        return 403, error(7, "permission denied")  # and 404 only for those who may see all there are
    match (asked.method, rest):
        case ("GET", []):
            if asked.query.get("refresh"):
                world.look(name)
            return 200, world.applications[name]
        case ("GET", ["managed-resources"]):
            return 200, managed(world.live[name])
        case ("GET", ["resource-tree"]):
            return 200, {"nodes": tree(world, name)}
        case ("POST", ["sync"]):
            return _sync(world, asked.body, name)
        case ("DELETE", ["operation"]):
            return (
                (200, {})
                if world.terminate(name)
                else (400, error(9, "Unable to terminate operation. No operation is in progress"))
            )
    return 404, error(5, "Not Found")


def _sync(world: ClusterWorld, body: Json, name: str) -> Reply:
    state = world.applications[name]["status"].get("operationState", {})
    if state.get("phase") == "Running":
        return 400, error(9, "another operation is already in progress")
    if world.version >= 3 and body.get("revisions"):
        assert body["sourcePositions"] == [2], "the first source is not the environment's branch"
        body = body | {"revision": body["revisions"][0]}
    if body.get("revision") and world.applications[name]["spec"].get("syncPolicy", {}).get("automated") is not None:
        revision = body["revision"]
        return 400, error(9, f"Cannot sync to {revision}: auto-sync currently set to env/{name.rpartition('.')[2]}")
    sync = {key: body[key] for key in ("revision", "prune") if body.get(key)}
    if options := body.get("syncOptions") or world.applications[name]["spec"].get("syncPolicy", {}).get("syncOptions"):
        sync["syncOptions"] = options  # where a request names none, the API takes those of the Application
    world.begin(name, {"sync": sync, "info": body.get("infos", []), "initiatedBy": {"username": "perennial"}})
    return 200, world.applications[name]


def tree(world: ClusterWorld, name: str) -> list[Json]:
    """The objects with their health, and a pod below."""
    model = name.partition(".")[0]
    found = [{"kind": "Pod", "version": "v1", "namespace": "serving", "name": f"{model}-5d-x2", "health": {"status": "Healthy"}}]
    for one in world.applications[name]["status"]["resources"]:
        health = {"status": "Healthy"} if one["kind"] == "Deployment" else None
        found.append({key: value for key, value in one.items() if key != "status"} | ({"health": health} if health else {}))
    return found


def error(code: int, message: str) -> Json:
    """As grpc-gateway writes it."""
    return {"error": message, "code": code, "message": message}
