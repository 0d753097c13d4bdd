"""What the server knows beside Git: people, pull requests, issues, comments, statuses, check runs, deployments."""

import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pygit2

HEADS = "refs/heads/"
BEGAN = datetime(2013, 3, 1, 6, tzinfo=UTC)


@dataclass
class Issue:
    """An issue; the text of a pull request is one, too."""

    number: int
    author: str
    title: str
    body: str | None
    created: datetime
    updated: datetime
    state: str = "open"
    labels: list[str] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Pull:
    """What a pull request has beside its issue. `sha` is kept when it ends; `fork` is where its branch is, if not here."""

    issue: Issue
    head: str
    base: str
    draft: bool = False
    fork: str = ""
    sha: str = ""
    merged: str = ""
    ended: datetime | None = None
    reviewers: list[str] = field(default_factory=list)
    teams: list[str] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Comment:
    """A comment on an issue or a pull request."""

    id: int
    number: int
    author: str
    body: str
    created: datetime
    updated: datetime


class World:
    """One repository `owner/name`. `people` maps a login to a permission; `tokens` a token to the login that it acts as."""

    def __init__(self, where: Path, repository: str = "acme/models") -> None:
        self.repository = repository
        self.git = pygit2.Repository(str(where))
        self.people = {"perennial[bot]": "write", "ann": "admin", "bob": "write", "carol": "read"}
        self.tokens = {"ghs_app": "perennial[bot]", "github_pat_ann": "ann"}
        self.issues: dict[int, Issue] = {}
        self.pulls: dict[int, Pull] = {}
        self.comments: dict[int, Comment] = {}
        self.statuses: list[dict[str, Any]] = []
        self.checks: dict[int, dict[str, Any]] = {}
        self.deployments: dict[int, dict[str, Any]] = {}
        self.dispatches: list[tuple[str, Any]] = []
        self.protected = self.strict = False
        self.merge_commits = True
        self._ticks = 0

    def tick(self) -> datetime:
        """The time, which goes on by a second with each write."""
        self._ticks += 1
        return BEGAN + timedelta(seconds=self._ticks)

    def new_id(self) -> int:
        self._ticks += 1
        return 1000 + self._ticks

    def open_issue(self, author: str, title: str, body: str | None) -> Issue:
        now = self.tick()
        number = len(self.issues) + 1
        self.issues[number] = Issue(number, author, title, body, now, now)
        return self.issues[number]

    def say(self, number: int, author: str, body: str) -> Comment:
        now = self.tick()
        comment = Comment(self.new_id(), number, author, body, now, now)
        self.comments[comment.id] = comment
        self.issues[number].updated = now
        return comment

    def review(self, number: int, author: str, state: str = "APPROVED", sha: str = "") -> None:
        """A person's word on a pull request, as it is or as it was."""
        pull = self.pulls[number]
        pull.reviews.append(
            {"id": self.new_id(), "author": author, "state": state, "sha": sha or self.tip(pull.head), "at": self.tick()}
        )
        pull.issue.updated = self.tick()

    def tip(self, branch: str) -> str:
        """The branch's commit; empty when there is no such branch."""
        try:
            return str(self.git.references[HEADS + branch].target)
        except KeyError:
            return ""

    def head_of(self, pull: Pull) -> str:
        return self.tip(pull.head) if pull.issue.state == "open" and not pull.fork else pull.sha

    def settle(self) -> None:
        """Close the open pull requests whose branch is gone, and keep the commit of each: as GitHub does after a push."""
        for pull in self.pulls.values():
            if pull.issue.state != "open" or pull.fork:
                continue
            if tip := self.tip(pull.head):
                if pull.sha != tip:
                    pull.sha, pull.issue.updated = tip, self.tick()
            else:
                self.end(pull)

    def end(self, pull: Pull, merged: str = "") -> None:
        pull.merged = merged
        pull.issue.state = "closed"
        pull.ended = pull.issue.updated = self.tick()

    def merge_tree(self, pull: Pull) -> pygit2.Oid | None:
        """The tree of base and head together; None when they clash."""
        index = self.git.merge_commits(self.tip(pull.base), self.head_of(pull))
        return None if index.conflicts else index.write_tree(self.git)

    def rules(self, pull: Pull) -> str:
        """Which rule that people made keeps it from being merged; empty when none does."""
        behind = self.strict and pull.issue.state == "open" and self.ahead(self.head_of(pull), self.tip(pull.base))
        return "blocked" if self.protected else "behind" if behind else ""

    def merge(self, pull: Pull, message: str, author: str) -> str:
        """Write the merge, move the base, and end the pull request. Its tree must be whole."""
        base, head = self.tip(pull.base), self.head_of(pull)
        who = pygit2.Signature(author, f"{author}@users.noreply.github.com", int(self.tick().timestamp()))
        bot = pygit2.Signature("GitHub", "noreply@github.com", who.time)
        commit = self.git.create_commit(HEADS + pull.base, who, bot, message, self.merge_tree(pull), [base, head])
        self.end(pull, merged=str(commit))
        return str(commit)

    def ahead(self, base: str, head: str) -> list[pygit2.Commit]:
        """The commits that head has and base has not, oldest first."""
        walker = self.git.walk(head, pygit2.enums.SortMode.TOPOLOGICAL | pygit2.enums.SortMode.REVERSE)
        walker.hide(base)
        return list(walker)


def number_of(name: str) -> int:
    """A number for a name, as GitHub has for all that there is."""
    return zlib.crc32(name.encode())
