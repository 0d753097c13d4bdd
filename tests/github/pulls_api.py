"""Pull requests: opening, changing, merging, reviews, drafts; and the branches that they are about."""

from tests.github.answers import Answer, Page, RefusedError, custom, invalid, missing
from tests.github.routing import Call, route
from tests.github.shapes import repository
from tests.github.world import HEADS, Pull, World

REPO = "/repos/{owner}/{repo}"
PULL = REPO + "/pulls/{number}"
RULES = {
    "blocked": "At least 1 approving review is required by reviewers with write access.",
    "behind": "Head branch is out of date. Review and try the merge again.",
}


@route("GET", REPO)
def get_repository(call: Call) -> Answer:
    return Answer(200, {**repository(call.world.repository, call.shapes.api), "allow_merge_commit": call.world.merge_commits})


@route("GET", REPO + "/pulls")
def list_pulls(call: Call) -> Page:
    world, query = call.world, call.query
    world.settle()
    found = [pull for pull in world.pulls.values() if query.get("state", "open") in (pull.issue.state, "all")]
    if "head" in query:
        owner, _, branch = query["head"].partition(":")
        found = [p for p in found if p.head == branch and (p.fork or world.repository).split("/")[0] == owner]
    if "base" in query:
        found = [pull for pull in found if pull.base == query["base"]]
    by_update = query.get("sort") == "updated"
    newest_first = query.get("direction", "desc" if query.get("sort", "created") == "created" else "asc") == "desc"
    found.sort(key=lambda p: (p.issue.updated if by_update else p.issue.created, p.issue.number), reverse=newest_first)
    return Page([call.shapes.pull(pull) for pull in found])


@route("POST", REPO + "/pulls")
def create_pull(call: Call) -> Answer:
    world, body = call.world, call.body
    world.settle()
    head, base = body["head"].rpartition(":")[2], body["base"]
    for field, branch in (("head", head), ("base", base)):
        if not world.tip(branch):
            raise invalid("PullRequest", field)
    if any(p.head == head and p.base == base and p.issue.state == "open" and not p.fork for p in world.pulls.values()):
        raise custom("PullRequest", f"A pull request already exists for acme:{head}.")
    if not world.ahead(world.tip(base), world.tip(head)):
        raise custom("PullRequest", f"No commits between {base} and {head}")
    check_text(body)
    issue = world.open_issue(call.login, body["title"], body.get("body"))
    world.pulls[issue.number] = pull = Pull(issue, head, base, draft=body.get("draft", False), sha=world.tip(head))
    return Answer(201, call.shapes.whole_pull(pull))


def check_text(body: dict[str, object]) -> None:
    if len(str(body.get("body") or "")) > 65_536 or len(str(body.get("title") or "")) > 256:
        raise RefusedError(
            422, "Validation Failed", {"resource": "Issue", "field": "body", "code": "custom", "message": "is too long"}
        )


@route("GET", PULL)
def get_pull(call: Call) -> Answer:
    call.world.settle()
    return Answer(200, call.shapes.whole_pull(call.pull()))


@route("PATCH", PULL)
def edit_pull(call: Call) -> Answer:
    pull, world, body = call.pull(), call.world, call.body
    check_text(body)
    if "base" in body and not world.tip(body["base"]):
        raise invalid("PullRequest", "base")
    if body.get("state") == "open" and (pull.merged or not world.tip(pull.head)):
        raise custom("PullRequest", "state cannot be changed.")
    pull.base = body.get("base", pull.base)
    pull.issue.title, pull.issue.body = body.get("title", pull.issue.title), body.get("body", pull.issue.body)
    pull.issue.updated = world.tick()
    if body.get("state") == "closed" and pull.issue.state == "open":
        world.settle()
        world.end(pull)
    elif body.get("state") == "open":
        pull.issue.state, pull.ended = "open", None
    return Answer(200, call.shapes.whole_pull(pull))


@route("PUT", PULL + "/merge")
def merge_pull(call: Call) -> Answer:
    world, pull, body = call.world, call.pull(), call.body
    world.settle()
    if pull.issue.state != "open" or pull.draft:
        raise RefusedError(405, "Pull Request is not mergeable")
    if body.get("sha", world.head_of(pull)) != world.head_of(pull):
        raise RefusedError(409, "Head branch was modified. Review and try the merge again.")
    if world.merge_tree(pull) is None:
        raise RefusedError(405, "Pull Request is not mergeable")
    if not world.merge_commits:
        raise RefusedError(405, "Merge commits are not allowed on this repository.")
    if rule := world.rules(pull):
        raise RefusedError(405, RULES[rule])
    message = f"{body.get('commit_title', '')}\n\n{body.get('commit_message', '')}"
    return Answer(
        200, {"sha": world.merge(pull, message, call.login), "merged": True, "message": "Pull Request successfully merged"}
    )


@route("GET", PULL + "/commits")
def list_commits(call: Call) -> Page:
    world, pull = call.world, call.pull()
    return Page([call.shapes.commit(one) for one in world.ahead(world.tip(pull.base), world.head_of(pull))])


@route("GET", PULL + "/reviews")
def list_reviews(call: Call) -> Page:
    return Page([call.shapes.review(review) for review in call.pull().reviews])


@route("POST", PULL + "/requested_reviewers")
def request_reviews(call: Call) -> Answer:
    pull, people = call.pull(), call.body.get("reviewers", [])
    if any(name not in call.world.people or name == pull.issue.author for name in people):
        raise RefusedError(422, "Reviews may only be requested from collaborators.")
    for kind, there, asked in (("reviewer", pull.reviewers, people), ("team", pull.teams, call.body.get("team_reviewers", []))):
        for name in asked:
            there.append(name)
            pull.issue.events.append({"id": call.world.new_id(), "kind": kind, "name": name, "by": call.login})
    pull.issue.updated = call.world.tick()
    shape = call.shapes.pull(pull)
    return Answer(201, shape)


@route("GET", REPO + "/branches/{branch:path}")
def get_branch(call: Call) -> Answer:
    tip = call.world.tip(call.parts["branch"])
    if not tip:
        raise RefusedError(404, "Branch not found")
    commit = call.shapes.commit(call.world.git[tip])
    return Answer(200, {"name": call.parts["branch"], "commit": commit, "protected": False})


@route("DELETE", REPO + "/git/refs/{ref:path}")
def delete_ref(call: Call) -> Answer:
    ref = f"refs/{call.parts['ref']}"
    call.world.settle()
    if not call.world.tip(ref.removeprefix(HEADS)):
        raise RefusedError(422, "Reference does not exist")
    call.world.git.references.delete(ref)
    call.world.settle()
    return Answer(204)


@route("GET", REPO + "/compare/{basehead:path}")
def compare(call: Call) -> Answer:
    world = call.world
    base, head = (world.tip(name) for name in call.parts["basehead"].split("..."))
    if not base or not head:
        raise missing()
    ahead, behind = len(world.ahead(base, head)), len(world.ahead(head, base))
    status = "diverged" if ahead and behind else "ahead" if ahead else "behind" if behind else "identical"
    return Answer(200, {"ahead_by": ahead, "behind_by": behind, "total_commits": ahead, "status": status})


@route("POST", "/graphql")
def graphql(call: Call) -> Answer:
    """Who asks, and the two mutations for drafts: what the REST API lacks."""
    if "viewer" in call.body["query"]:
        return Answer(200, {"data": {"viewer": {"login": call.login}}})
    if "latestOpinionatedReviews" in call.body["query"]:
        return Answer(200, {"data": {"repository": {"pullRequests": merged_page(call)}}})
    pull = of_node(call.world, call.body["variables"]["input"]["pullRequestId"])
    name = "convertPullRequestToDraft" if "convertPullRequestToDraft" in call.body["query"] else "markPullRequestReadyForReview"
    pull.draft = name == "convertPullRequestToDraft"
    pull.issue.updated = call.world.tick()
    return Answer(200, {"data": {name: {"clientMutationId": None, "pullRequest": {"isDraft": pull.draft}}}})


def merged_page(call: Call) -> dict[str, object]:
    """Merged pull requests, a hundred at a time; of each the newest word of those who may push."""
    after = int(call.body["variables"]["after"] or 0)
    merged = [pull for number, pull in sorted(call.world.pulls.items()) if pull.merged and number > after]
    shown, more = merged[:100], len(merged) > 100
    nodes = []
    for pull in shown:
        words = {one["author"]: one for one in pull.reviews if one["state"] != "COMMENTED"}
        writers = [one for author, one in words.items() if call.world.people.get(author) in ("admin", "write")]
        reviews = [{"state": one["state"], "author": {"login": one["author"]}, "commit": {"oid": one["sha"]}} for one in writers]
        nodes.append({"number": pull.issue.number, "headRefOid": pull.sha, "latestOpinionatedReviews": {"nodes": reviews}})
    cursor = str(shown[-1].issue.number) if shown else None
    return {"nodes": nodes, "pageInfo": {"hasNextPage": more, "endCursor": cursor}}


def of_node(world: World, node: str) -> Pull:
    return world.pulls[int(node.removeprefix("PR_"))]
