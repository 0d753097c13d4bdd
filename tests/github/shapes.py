"""What the server's things look like as JSON. `tests/github/openapi.py` holds each field to GitHub's own description."""

from datetime import datetime
from typing import Any

from tests.github.world import Comment, Issue, Pull, World, number_of

Json = dict[str, Any]


def time(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def user(login: str) -> Json | None:
    if not login:
        return None
    kind = "Bot" if login.endswith("[bot]") else "User"
    return {"login": login, "id": number_of(login), "node_id": f"U_{number_of(login)}", "type": kind, "site_admin": False}


def team(slug: str) -> Json:
    return {"id": number_of(slug), "name": slug, "slug": slug, "privacy": "closed", "permission": "push"}


def repository(name: str, api: str) -> Json:
    owner, short = name.split("/")
    return {
        "id": number_of(name),
        "name": short,
        "full_name": name,
        "owner": user(owner),
        "private": True,
        "url": f"{api}/repos/{name}",
        "default_branch": "main",
    }


def label(name: str) -> Json:
    return {"id": number_of(name), "name": name, "color": "ededed", "default": False, "description": ""}


class Shapes:
    """The shapes of one world, seen at one address of the API."""

    def __init__(self, world: World, api: str) -> None:
        self.world, self.api = world, api
        self.base = f"{api}/repos/{world.repository}"

    def issue(self, issue: Issue) -> Json:
        kind = "pull" if issue.number in self.world.pulls else "issues"
        shape = {
            "id": number_of(f"issue {issue.number}"),
            "number": issue.number,
            "url": f"{self.base}/issues/{issue.number}",
            "html_url": f"https://github.com/{self.world.repository}/{kind}/{issue.number}",
            "title": issue.title,
            "body": issue.body,
            "state": issue.state,
            "user": user(issue.author),
            "labels": [label(name) for name in issue.labels],
            "created_at": time(issue.created),
            "updated_at": time(issue.updated),
            "author_association": "NONE",
        }
        if issue.number in self.world.pulls:
            shape["pull_request"] = {"url": f"{self.base}/pulls/{issue.number}"}
        return shape

    def pull(self, pull: Pull) -> Json:
        shape = self.issue(pull.issue)
        shape.pop("pull_request")
        head = self.world.head_of(pull)
        owner = (pull.fork or self.world.repository).split("/")[0]
        return {
            **shape,
            "node_id": f"PR_{pull.issue.number}",
            "url": f"{self.base}/pulls/{pull.issue.number}",
            "issue_url": f"{self.base}/issues/{pull.issue.number}",
            "draft": pull.draft,
            "merged_at": time(pull.ended) if pull.merged else None,
            "closed_at": time(pull.ended),
            "merge_commit_sha": pull.merged or None,
            "requested_reviewers": [user(name) for name in pull.reviewers],
            "requested_teams": [team(name) for name in pull.teams],
            "head": self._side(f"{owner}:{pull.head}", pull.head, head, pull.fork or self.world.repository),
            "base": self._side(f"acme:{pull.base}", pull.base, self.world.tip(pull.base), self.world.repository),
        }

    def whole_pull(self, pull: Pull) -> Json:
        """As one alone is shown, with how it would merge."""
        clean = pull.issue.state == "open" and self.world.merge_tree(pull) is not None
        known = pull.issue.state == "open"
        state = "dirty" if not clean else "draft" if pull.draft else self.world.rules(pull) or "clean"
        return {
            **self.pull(pull),
            "merged": bool(pull.merged),
            "mergeable": clean if known else None,
            "mergeable_state": state if known else "unknown",
        }

    def _side(self, label: str, ref: str, sha: str, name: str) -> Json:
        return {"label": label, "ref": ref, "sha": sha, "user": user(name.partition("/")[0]), "repo": repository(name, self.api)}

    def comment(self, comment: Comment) -> Json:
        return {
            "id": comment.id,
            "url": f"{self.base}/issues/comments/{comment.id}",
            "issue_url": f"{self.base}/issues/{comment.number}",
            "user": user(comment.author),
            "body": comment.body,
            "author_association": "NONE",
            "created_at": time(comment.created),
            "updated_at": time(comment.updated),
        }

    def review(self, review: Json) -> Json:
        return {
            "id": review["id"],
            "user": user(review["author"]),
            "state": review["state"],
            "commit_id": review["sha"],
            "body": "",
            "submitted_at": time(review["at"]),
        }

    def commit(self, commit: Any) -> Json:
        who = [
            {"name": one.name, "email": one.email, "date": time(datetime.fromtimestamp(one.time).astimezone())}
            for one in (commit.author, commit.committer)
        ]
        known = commit.author.name if commit.author.name in self.world.people else ""
        return {
            "sha": str(commit.id),
            "url": f"{self.base}/commits/{commit.id}",
            "commit": {"message": commit.message, "author": who[0], "committer": who[1]},
            "author": user(known),
            "committer": None,
        }
