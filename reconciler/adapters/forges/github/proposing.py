"""Having one open pull request: look, write what differs, and look again whenever it is not certain what was written."""

from dataclasses import replace
from urllib.parse import quote

from github import GithubException
from github.PullRequest import PullRequest as GitHubPull

from reconciler.adapters.forges import answers
from reconciler.adapters.forges.github.comments import Comments
from reconciler.adapters.forges.github.connection import Connection, login_of
from reconciler.adapters.forges.github.reading import Pulls
from reconciler.adapters.forges.github.troubles import UnansweredError, refusal
from reconciler.domain.changes import Proposal, PullRequest, labels_beside
from reconciler.domain.notices import Comment
from reconciler.errors import PermanentActError

_TEAM = "team/"


class Proposals:
    """One open pull request per branch. GitHub itself refuses a second one, so opening needs no lock."""

    def __init__(self, connection: Connection, pulls: Pulls, comments: Comments) -> None:
        self._connection = connection
        self._pulls = pulls
        self._comments = comments

    def ensure(self, wanted: Proposal) -> PullRequest:
        """Look, and write what differs. May raise UnansweredError at any point; calling it again goes on from there."""
        pull = self._pulls.open_on(wanted.branch) or self._open(wanted)
        if (pull.title, pull.body or "", pull.base.ref) != (wanted.title, wanted.body, wanted.base):
            self._edit(pull, wanted)
        self._have_draft(pull, draft=wanted.draft)
        labels = self._label(pull, wanted)
        self._ask(pull, wanted)
        return replace(self._pulls.seen(pull), labels=labels)

    def _open(self, wanted: Proposal) -> GitHubPull:
        try:
            return self._create(wanted, draft=wanted.draft)
        except GithubException as error:
            if error.status != 422:
                raise
            there = self._pulls.open_on(wanted.branch)
            return there or self._explain(wanted, error)

    def _create(self, wanted: Proposal, *, draft: bool) -> GitHubPull:
        return self._connection.repository.create_pull(
            wanted.base, wanted.branch, title=wanted.title, body=wanted.body, draft=draft
        )

    def _explain(self, wanted: Proposal, error: GithubException) -> GitHubPull:
        """GitHub refused, and there is none: a branch is missing or has nothing new, or drafts are not to be had, or it lags."""
        self._check_branches(wanted)
        if self._connection.repository.compare(wanted.base, wanted.branch).complete().ahead_by == 0:
            raise PermanentActError(
                f"{wanted.branch} has nothing that {wanted.base} has not, so there is nothing to propose",
                help="perennial reconcile",
            )
        if not wanted.draft:
            raise UnansweredError(refusal(error))
        try:
            return self._create(wanted, draft=False)
        except GithubException as again:
            raise UnansweredError(refusal(again)) from None

    def _check_branches(self, wanted: Proposal) -> None:
        for branch in (wanted.branch, wanted.base):
            try:
                self._connection.repository.get_branch(branch)
            except GithubException as error:
                if error.status == 404:
                    raise answers.no_branch(branch) from None
                raise

    def _edit(self, pull: GitHubPull, wanted: Proposal) -> None:
        try:
            pull.edit(title=wanted.title, body=wanted.body, base=wanted.base)
        except GithubException as error:
            if error.status == 422:
                self._check_branches(wanted)
            raise

    def _label(self, pull: GitHubPull, wanted: Proposal) -> tuple[str, ...]:
        there = {label.name for label in pull.labels}
        labels = labels_beside(there, wanted.labels)
        should = set(labels)
        send = self._connection.repository.requester.requestJsonAndCheck  # PyGithub does not quote the / of a label
        address = f"{self._connection.repository.url}/issues/{pull.number}/labels"
        if missing := sorted(should - there):
            send("POST", address, input={"labels": missing})
        for label in sorted(there - should):
            try:
                send("DELETE", f"{address}/{quote(label, safe='')}")
            except GithubException as error:
                if error.status != 404:
                    raise
        return labels

    def _have_draft(self, pull: GitHubPull, *, draft: bool) -> None:
        """Where drafts are not to be had, or not to be changed by this token, the pull request stays as it is.

        It comes before the labels, by which the planner sees that it was done.
        """
        if bool(pull.draft) == draft:
            return
        try:
            pull.convert_to_draft() if draft else pull.mark_ready_for_review()
        except GithubException:
            return

    def _ask(self, pull: GitHubPull, wanted: Proposal) -> None:
        """Ask for reviews, everybody once: who removes themselves, or has reviewed, is not asked again."""
        requested = {_plain(one.login) for one in pull.requested_reviewers} | {_team(one.slug) for one in pull.requested_teams}
        names = {_plain(name) for name in wanted.reviewers} - {_plain(login_of(pull.user))}
        if not names - requested:
            return
        if refused := self._refused(pull, sorted(names - requested - self._asked_before(pull))):
            text = f"GitHub does not let me ask for a review by {', '.join(refused)}. They may have no access to this repository."
            self._comments.ensure(Comment(number=pull.number, key="reviewers", body=text))

    def _refused(self, pull: GitHubPull, names: list[str]) -> list[str]:
        """Those who cannot be asked. One of them keeps all from being asked, so then each is asked alone."""
        people = [name for name in names if not name.startswith(_TEAM)]
        teams = [name.removeprefix(_TEAM) for name in names if name.startswith(_TEAM)]
        try:
            if names:
                pull.create_review_request(people, teams)
        except GithubException as error:
            if error.status != 422:
                raise
            return names if len(names) == 1 else [name for one in names for name in self._refused(pull, [one])]
        return []

    def _asked_before(self, pull: GitHubPull) -> set[str]:
        asked = [row for row in self._connection.rows(f"issues/{pull.number}/events") if row["event"] == "review_requested"]
        people = {_plain(row["requested_reviewer"]["login"]) for row in asked if row.get("requested_reviewer")}
        teams = {_team(row["requested_team"]["slug"]) for row in asked if row.get("requested_team")}
        reviewed = {_plain(login_of(review.user)) for review in pull.get_reviews()}
        return people | teams | reviewed


def _plain(name: str) -> str:
    """The name in small letters, which are all the same to GitHub; a team's, `organisation/team`, without the organisation's."""
    return _team(name.split("/", 1)[1]) if "/" in name else name.lower()


def _team(slug: str) -> str:
    return f"{_TEAM}{slug.lower()}"
