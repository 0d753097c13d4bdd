"""What is said about commits: statuses, check runs, deployments."""

from typing import Any

from tests.github.answers import Answer, Page, RefusedError, missing
from tests.github.pulls_api import REPO
from tests.github.routing import Call, route
from tests.github.shapes import time, user

COMMIT = REPO + "/commits/{ref}"
DEPLOYMENT = REPO + "/deployments/{deployment_id}"


def check_commit(call: Call, sha: str) -> None:
    if sha not in call.world.git:
        raise RefusedError(422, f"No commit found for SHA: {sha}")


@route("POST", REPO + "/statuses/{sha}")
def create_status(call: Call) -> Answer:
    check_commit(call, call.parts["sha"])
    if len(call.body.get("description") or "") > 140:
        raise RefusedError(
            422, "Validation Failed", {"resource": "Status", "code": "custom", "message": "description is too long"}
        )
    at = time(call.world.tick())
    status = {
        "id": call.world.new_id(),
        "state": call.body["state"],
        "context": call.body.get("context", "default"),
        "description": call.body.get("description"),
        "target_url": call.body.get("target_url"),
        "creator": user(call.login),
        "created_at": at,
        "updated_at": at,
    }
    call.world.statuses.append({"sha": call.parts["sha"], **status})
    return Answer(201, status)


@route("GET", COMMIT + "/statuses")
def list_statuses(call: Call) -> Page:
    found = [status for status in reversed(call.world.statuses) if status["sha"] == call.parts["ref"]]
    return Page([{key: value for key, value in status.items() if key != "sha"} for status in found])


@route("POST", REPO + "/check-runs")
def create_check(call: Call) -> Answer:
    if not call.login.endswith("[bot]"):
        raise RefusedError(403, "You must authenticate via a GitHub App.")
    check_commit(call, call.body["head_sha"])
    run = {"id": call.world.new_id(), "started_at": time(call.world.tick()), "annotations": [], "status": "queued"}
    call.world.checks[run["id"]] = run
    return Answer(201, check_shape(call, change_check(run, call)))


def change_check(run: dict[str, Any], call: Call) -> dict[str, Any]:
    """Annotations are added, everything else replaced; at most fifty come at once."""
    new = (call.body.get("output") or {}).get("annotations", [])
    if len(new) > 50:
        raise RefusedError(422, "Invalid request.\n\nNo more than 50 items are allowed.")
    run.update(call.body, annotations=[*run["annotations"], *new])
    if "conclusion" in call.body:
        run["status"], run["completed_at"] = "completed", time(call.world.tick())
    return run


def check_shape(call: Call, run: dict[str, Any]) -> dict[str, Any]:
    output = run.get("output") or {}
    return {
        "id": run["id"],
        "url": f"{call.shapes.base}/check-runs/{run['id']}",
        "name": run["name"],
        "head_sha": run["head_sha"],
        "external_id": run.get("external_id", ""),
        "status": run["status"],
        "conclusion": run.get("conclusion"),
        "started_at": run["started_at"],
        "completed_at": run.get("completed_at"),
        "output": {
            "title": output.get("title"),
            "summary": output.get("summary"),
            "text": None,
            "annotations_count": len(run["annotations"]),
            "annotations_url": f"https://api.github.com/check-runs/{run['id']}/annotations",
        },
    }


@route("PATCH", REPO + "/check-runs/{check_run_id}")
def edit_check(call: Call) -> Answer:
    return Answer(200, check_shape(call, change_check(call.world.checks[int(call.parts["check_run_id"])], call)))


@route("GET", COMMIT + "/check-runs")
def list_checks(call: Call) -> Page:
    name = call.query.get("check_name")
    found = [run for run in call.world.checks.values() if run["head_sha"] == call.parts["ref"] and run["name"] == name]
    return Page([check_shape(call, run) for run in found], key="check_runs")


@route("POST", REPO + "/deployments")
def create_deployment(call: Call) -> Answer:
    body, at = call.body, time(call.world.tick())
    if body.get("auto_merge", True) or body.get("required_contexts") != []:
        raise RefusedError(409, "Conflict: Commit status checks failed for that ref.")
    deployment = {
        "id": call.world.new_id(),
        "sha": body["ref"],
        "ref": body["ref"],
        "task": body.get("task", "deploy"),
        "payload": body.get("payload", {}),
        "environment": body.get("environment", "production"),
        "description": body.get("description"),
        "creator": user(call.login),
        "created_at": at,
        "updated_at": at,
    }
    call.world.deployments[deployment["id"]] = {**deployment, "statuses": []}
    return Answer(201, deployment_shape(call, deployment))


def deployment_shape(call: Call, deployment: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in deployment.items() if key != "statuses"}
    return {**kept, "url": f"{call.shapes.base}/deployments/{deployment['id']}"}


@route("GET", REPO + "/deployments")
def list_deployments(call: Call) -> Page:
    asked = {key: call.query[key] for key in ("sha", "task", "environment") if key in call.query}
    found = [one for one in call.world.deployments.values() if all(one[key] == value for key, value in asked.items())]
    return Page([deployment_shape(call, one) for one in reversed(found)])


def statuses_of(call: Call) -> list[dict[str, Any]]:
    found = call.world.deployments.get(int(call.parts["deployment_id"]))
    if found is None:
        raise missing()
    return found["statuses"]


@route("POST", DEPLOYMENT + "/statuses")
def create_deployment_status(call: Call) -> Answer:
    at = time(call.world.tick())
    status = {
        "id": call.world.new_id(),
        "state": call.body["state"],
        "description": call.body.get("description", ""),
        "environment_url": call.body.get("environment_url", ""),
        "creator": user(call.login),
        "created_at": at,
        "updated_at": at,
    }
    statuses_of(call).append(status)
    return Answer(201, status)


@route("GET", DEPLOYMENT + "/statuses")
def list_deployment_statuses(call: Call) -> Page:
    return Page(list(reversed(statuses_of(call))))


@route("POST", REPO + "/dispatches")
def dispatch(call: Call) -> Answer:
    payload = call.body.get("client_payload", {})
    if len(payload) > 10:
        raise RefusedError(422, "No more than 10 properties are allowed")
    call.world.dispatches.append((call.body["event_type"], payload))
    return Answer(204, None)
