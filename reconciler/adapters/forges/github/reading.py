"""GitHub's pull requests as the domain has them: Perennial's own, with who approved this very tip and who else pushed to it."""

from datetime import datetime, timedelta
from functools import cached_property

from github import GithubException
from github.PullRequest import PullRequest as GitHubPull

from reconciler.adapters.forges import answers
from reconciler.adapters.forges.github.approvals import approvals_of_merged
from reconciler.adapters.forges.github.connection import Connection, login_of
from reconciler.adapters.forges.github.people import People
from reconciler.adapters.forges.github.seen import Seen, SeenBefore
from reconciler.domain.changes import PullRequest, PullState, find_marker
from reconciler.domain.names import COMMITTER, Revision

_MANY = 10
"""So many merged ones may be asked about one by one."""
_SLACK = timedelta(minutes=5)
"""Lists may lag behind: what was updated this long before the newest that was seen is looked at again."""


class Pulls:
    """Reads pull requests. Finished ones are remembered, so that only what changed since is asked for again."""

    def __init__(self, connection: Connection, people: People, before: SeenBefore) -> None:
        self._connection = connection
        self._people = people
        self._before = before

    @cached_property
    def _seen(self) -> Seen:
        return self._before.recall()

    @cached_property
    def _foreign(self) -> dict[tuple[int, str], tuple[str, ...]]:
        return dict(self._seen.foreign)

    def all(self) -> tuple[PullRequest, ...]:
        """Perennial's, by number."""
        before = self._seen
        listed = self._connection.repository.get_pulls(state="open", sort="created")
        open_ones = [self.seen(pull) for pull in listed if self._is_ours(pull)]
        changed, newest = self._newly_finished()
        foreign: dict[tuple[int, str], tuple[str, ...]] = {(pull.number, str(pull.tip)): pull.foreign for pull in open_ones}
        self._seen = Seen(pulls=before.pulls | changed, newest=newest, foreign=foreign)
        if self._seen != before:
            self._before.remember(self._seen)
        known = {number: pull for number, (_, pull) in before.pulls.items() if pull}
        found = {**known, **{pull.number: pull for pull in open_ones}, **{n: pull for n, (_, pull) in changed.items() if pull}}
        return tuple(found[number] for number in sorted(found))

    def one(self, number: int) -> GitHubPull:
        """The pull request as it is now, whole. Raises PermanentActError when there is none of that number."""
        url = f"{self._connection.repository.url}/pulls/{number}"
        try:
            return GitHubPull(self._connection.repository.requester, url=url).complete()
        except GithubException as error:
            if error.status == 404:
                raise answers.unknown(number) from None
            raise

    def open_on(self, branch: str) -> GitHubPull | None:
        """The open pull request from the branch of this repository: Perennial's before others, the oldest before later ones."""
        owner = self._connection.place.repository.split("/")[0]
        found = self._connection.repository.get_pulls(state="open", sort="created", direction="asc", head=f"{owner}:{branch}")
        here = [pull for pull in found if pull.head.ref == branch and _is_from_here(pull)]
        return min(here, key=lambda pull: (find_marker(pull.body or "") is None, pull.number), default=None)

    def seen(self, pull: GitHubPull, approved: tuple[str, ...] | None = None) -> PullRequest:
        """As the domain has it. Who approved is asked for unless it is given."""
        state = _state(pull)
        is_open = state is PullState.OPEN
        return PullRequest(
            number=pull.number,
            state=state,
            branch=pull.head.ref,
            base=pull.base.ref,
            title=pull.title,
            body=pull.body or "",
            tip=Revision(pull.head.sha) if is_open else None,
            merged=Revision(pull.merge_commit_sha) if state is PullState.MERGED else None,
            approved_by=() if state is PullState.CLOSED else self._approved_by(pull) if approved is None else approved,
            labels=tuple(sorted(label.name for label in pull.labels)),
            draft=bool(pull.draft),
            author=login_of(pull.user),
            foreign=self._foreign_of(pull) if is_open else (),
        )

    def _newly_finished(self) -> tuple[dict[int, tuple[datetime, PullRequest | None]], datetime | None]:
        """The finished ones that changed since the last look, and the time of the newest change."""
        before = self._seen
        newest, fresh = before.newest, []
        for pull in self._connection.repository.get_pulls(state="closed", sort="updated", direction="desc"):
            at = pull.updated_at or pull.created_at
            if before.newest and at < before.newest - _SLACK:
                break
            newest = max(newest or at, at)
            if pull.number not in before.pulls or before.pulls[pull.number][0] != at:
                fresh.append((at, pull))
        many = sum(pull.merged_at is not None and self._is_ours(pull) for _, pull in fresh) > _MANY
        approved = approvals_of_merged(self._connection) if many else {}
        seen = {p.number: (at, self.seen(p, approved.get(p.number)) if self._is_ours(p) else None) for at, p in fresh}
        return seen, newest

    def _is_ours(self, pull: GitHubPull) -> bool:
        """It has the marker and comes from this repository: anybody may write a marker into a fork's pull request."""
        return _is_from_here(pull) and find_marker(pull.body or "") is not None

    def _approved_by(self, pull: GitHubPull) -> tuple[str, ...]:
        """Those whose newest word is that this tip is good, and who could merge it."""
        words: dict[str, bool] = {}
        for review in pull.get_reviews():
            if review.state not in ("COMMENTED", "PENDING"):
                words[login_of(review.user)] = review.state == "APPROVED" and review.commit_id == pull.head.sha
        return tuple(sorted(login for login, good in words.items() if good and self._people.permission(login).may_write))

    def _foreign_of(self, pull: GitHubPull) -> tuple[str, ...]:
        """Who made the commits on it that Perennial did not make. The same tip has the same."""
        key = (pull.number, pull.head.sha)
        if key not in self._foreign:
            others = [one for one in pull.get_commits() if one.commit.committer.email != COMMITTER[1]]
            names = {login_of(one.author) or one.commit.author.name for one in others}
            self._foreign[key] = tuple(sorted(names))
        return self._foreign[key]


def _is_from_here(pull: GitHubPull) -> bool:
    """Not from a fork, nor from a repository that is gone."""
    here: object = pull.head.repo  # None for a repository that is gone, whatever the types say
    return here is not None and pull.head.repo.id == pull.base.repo.id


def _state(pull: GitHubPull) -> PullState:
    if pull.merged_at is not None:
        return PullState.MERGED
    return PullState.OPEN if pull.state == "open" else PullState.CLOSED
