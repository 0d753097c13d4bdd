"""Closing and merging: what GitHub refuses is told apart by how the pull request stands then, not by the words of the refusal."""

from urllib.parse import quote

from github import GithubException
from github.GitRef import GitRef
from github.PullRequest import PullRequest as GitHubPull

from reconciler.adapters.forges import answers
from reconciler.adapters.forges.github.comments import Comments
from reconciler.adapters.forges.github.connection import Connection
from reconciler.adapters.forges.github.reading import Pulls
from reconciler.adapters.forges.github.troubles import UnansweredError, refusal
from reconciler.adapters.forges.text import clean_title
from reconciler.domain.changes import PullRequest, PullState
from reconciler.domain.names import Revision
from reconciler.domain.notices import Comment
from reconciler.errors import PermanentActError

_REFUSED = (405, 409, 422)
_NEEDS_PEOPLE = ("blocked", "draft")
_BEHIND = "behind"
"""The branch must be on top of its base, and is not."""


class Finishing:
    """Each method looks first and may raise UnansweredError; calling it again goes on from where it was."""

    def __init__(self, connection: Connection, pulls: Pulls, comments: Comments) -> None:
        self._connection = connection
        self._pulls = pulls
        self._comments = comments

    def close(self, number: int, comment: str) -> PullRequest:
        """Leave the comment, close, and delete the branch."""
        pull = self._pulls.one(number)
        if pull.state == "open":
            if comment:
                self._comments.ensure(Comment(number=number, key="closed", body=comment))
            pull.edit(state="closed")
        if pull.merged_at is not None:  # before, or while we looked
            raise answers.merged_already(self._pulls.seen(pull))
        self._delete_branch(pull)
        return self._pulls.seen(pull)

    def merge(self, number: int, expected: Revision, by: str) -> PullRequest:
        """Merge this very tip, and delete the branch."""
        pull = self._pulls.one(number)
        seen = self._pulls.seen(pull)
        match seen.state:
            case PullState.CLOSED:
                raise answers.closed_already(seen)
            case PullState.OPEN:
                if seen.tip != expected:
                    raise answers.tip_moved(seen, expected)
                if seen.draft:
                    raise answers.is_draft(seen)
                pull = self._merge(pull, expected, by)
            case PullState.MERGED:
                pass
        self._delete_branch(pull)
        return self._pulls.seen(pull)

    def _merge(self, pull: GitHubPull, expected: Revision, by: str) -> GitHubPull:
        said = f"{pull.title}\n\nMerged-by: {clean_title(by)}" if by else pull.title
        title = f"Merge pull request #{pull.number} from {pull.head.ref}"
        try:
            pull.merge(commit_title=title, commit_message=said, merge_method="merge", sha=expected)
        except GithubException as error:
            if error.status not in _REFUSED:
                raise
            self._explain(pull.number, expected, error)
        now = self._pulls.one(pull.number)
        if now.merged_at is None:
            raise UnansweredError("GitHub says that it merged, and does not show it yet")
        return now

    def _explain(self, number: int, expected: Revision, error: GithubException) -> None:
        """Raise what the refusal means; return when it is merged all the same."""
        pull = self._pulls.one(number)
        seen = self._pulls.seen(pull)
        match seen.state:
            case PullState.MERGED:
                return
            case PullState.CLOSED:
                raise answers.closed_already(seen)
            case PullState.OPEN:
                pass
        if seen.tip != expected:
            raise answers.tip_moved(seen, expected)
        if pull.mergeable is False or pull.mergeable_state == _BEHIND:
            raise answers.does_not_merge(seen, refusal(error))
        if pull.mergeable_state in _NEEDS_PEOPLE:
            raise answers.not_yet(seen, refusal(error))
        self._check_merges_are_allowed(number)
        raise UnansweredError(refusal(error))

    def _check_merges_are_allowed(self, number: int) -> None:
        """A squashed or rebased commit would not have the reviewed one behind it, so it is no way round."""
        if self._connection.answer()[1].get("allow_merge_commit") is False:
            where = self._connection.place.repository
            raise PermanentActError(
                f"pull request #{number} cannot be merged: {where} allows no merge commits",
                help=f"allow merge commits in the settings of {where}, under Pull Requests",
            )

    def _delete_branch(self, pull: GitHubPull) -> None:
        """Only while it is what the pull request was about: its name may be in use again, also for the same commit."""
        branch = pull.head.ref
        ref = f"{self._connection.repository.url}/git/refs/heads/{quote(branch)}"
        try:
            tip = self._connection.repository.get_branch(branch).commit.sha
            if tip == pull.head.sha and self._pulls.open_on(branch) is None:
                GitRef(self._connection.repository.requester, url=ref).delete()
        except GithubException as error:
            if error.status not in (404, 422):
                raise
