"""Issues, their comments, labels and events; and what people may do."""

from datetime import datetime

from tests.github.answers import Answer, Page, RefusedError, missing
from tests.github.pulls_api import REPO, check_text
from tests.github.routing import Call, route
from tests.github.shapes import label, repository, team, time, user
from tests.github.world import Comment

ISSUE = REPO + "/issues/{number}"


@route("GET", "/user")
def me(call: Call) -> Answer:
    if call.login.endswith("[bot]"):
        raise RefusedError(403, "Resource not accessible by integration")
    return Answer(200, user(call.login))


@route("GET", REPO + "/collaborators/{login}/permission")
def permission(call: Call) -> Answer:
    login = call.parts["login"]
    word = call.world.people.get(login, "none")
    return Answer(200, {"permission": word, "role_name": word, "user": None})


@route("GET", REPO + "/issues")
def list_issues(call: Call) -> Page:
    query = call.query
    found = [issue for issue in call.world.issues.values() if query.get("state", "open") in (issue.state, "all")]
    found = [issue for issue in found if query.get("creator", issue.author) == issue.author]
    return Page([call.shapes.issue(issue) for issue in sorted(found, key=lambda issue: -issue.number)])


@route("POST", REPO + "/issues")
def create_issue(call: Call) -> Answer:
    check_text(call.body)
    return Answer(201, call.shapes.issue(call.world.open_issue(call.login, call.body["title"], call.body.get("body"))))


@route("PATCH", ISSUE)
def edit_issue(call: Call) -> Answer:
    issue, body = call.issue(), call.body
    issue.title, issue.body = body.get("title", issue.title), body.get("body", issue.body)
    issue.state, issue.updated = body.get("state", issue.state), call.world.tick()
    return Answer(200, call.shapes.issue(issue))


@route("GET", REPO + "/issues/comments")
def all_comments(call: Call) -> Page:
    since = datetime.fromisoformat(call.query["since"])
    found = [one for one in call.world.comments.values() if one.updated >= since]
    return Page([call.shapes.comment(one) for one in found])


@route("GET", ISSUE + "/comments")
def list_comments(call: Call) -> Page:
    number = call.issue().number
    return Page([call.shapes.comment(one) for one in call.world.comments.values() if one.number == number])


@route("POST", ISSUE + "/comments")
def create_comment(call: Call) -> Answer:
    check_text(call.body)
    return Answer(201, call.shapes.comment(call.world.say(call.issue().number, call.login, call.body["body"])))


def comment_of(call: Call) -> Comment:
    found = call.world.comments.get(int(call.parts["comment_id"]))
    if found is None:
        raise missing()
    return found


@route("PATCH", REPO + "/issues/comments/{comment_id}")
def edit_comment(call: Call) -> Answer:
    check_text(call.body)
    comment = comment_of(call)
    comment.body, comment.updated = call.body["body"], call.world.tick()
    return Answer(200, call.shapes.comment(comment))


@route("DELETE", REPO + "/issues/comments/{comment_id}")
def delete_comment(call: Call) -> Answer:
    del call.world.comments[comment_of(call).id]
    return Answer(204)


@route("POST", ISSUE + "/labels")
def add_labels(call: Call) -> Answer:
    issue = call.issue()
    names = call.body if isinstance(call.body, list) else call.body["labels"]
    issue.labels = sorted({*issue.labels, *names})
    issue.updated = call.world.tick()
    return Answer(200, [label(name) for name in issue.labels])


@route("DELETE", ISSUE + "/labels/{name}")
def remove_label(call: Call) -> Answer:
    issue = call.issue()
    if call.parts["name"] not in issue.labels:
        raise RefusedError(404, "Label does not exist")
    issue.labels.remove(call.parts["name"])
    issue.updated = call.world.tick()
    return Answer(200, [label(name) for name in issue.labels])


@route("GET", ISSUE + "/events")
def list_events(call: Call) -> Page:
    shapes = []
    for event in call.issue().events:
        about = (
            {"requested_reviewer": user(event["name"])}
            if event["kind"] == "reviewer"
            else {"requested_team": team(event["name"])}
        )
        at = time(call.world.tick())
        shapes.append({"id": event["id"], "event": "review_requested", "actor": user(event["by"]), "created_at": at, **about})
    return Page(shapes)


@route("GET", REPO + "/installation")
def installation(call: Call) -> Answer:
    return Answer(200, {"id": 7, "app_id": 1, "app_slug": "perennial", "permissions": {"contents": "write"}})


@route("POST", "/app/installations/{installation_id}/access_tokens")
def access_token(call: Call) -> Answer:
    repositories = [repository(call.world.repository, call.shapes.api)]
    shape = {
        "token": "ghs_app",
        "expires_at": "2099-01-01T00:00:00Z",
        "permissions": {"contents": "write"},
        "repositories": repositories,
    }
    return Answer(201, shape)
