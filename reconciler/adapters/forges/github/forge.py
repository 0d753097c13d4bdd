"""The GitHub forge: all four of the forge's ports on one repository, each call patient, each error told to people."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from reconciler.adapters.forges.github.budget import Budget
from reconciler.adapters.forges.github.comments import Comments
from reconciler.adapters.forges.github.connection import Connection
from reconciler.adapters.forges.github.conversations import Commands
from reconciler.adapters.forges.github.credentials import Credentials, GitHubPlace
from reconciler.adapters.forges.github.dashboard import Dashboards
from reconciler.adapters.forges.github.deployments import Deployments
from reconciler.adapters.forges.github.finishing import Finishing
from reconciler.adapters.forges.github.fitting import fitted_proposal
from reconciler.adapters.forges.github.inspection import Inspection
from reconciler.adapters.forges.github.patience import Patience
from reconciler.adapters.forges.github.people import People
from reconciler.adapters.forges.github.proposing import Proposals
from reconciler.adapters.forges.github.reading import Pulls
from reconciler.adapters.forges.github.seen import SeenBefore
from reconciler.adapters.forges.github.statuses import Checks, Statuses
from reconciler.adapters.forges.github.troubles import doing, seeing
from reconciler.adapters.forges.github.waking import Waking
from reconciler.domain.changes import Proposal, PullRequest
from reconciler.domain.conversations import CommentCommand
from reconciler.domain.names import Revision, short
from reconciler.domain.notices import CheckReport, Comment, Dashboard, DeploymentRecord, Status
from reconciler.domain.service import ServiceFacts
from reconciler.ports import Memory

T = TypeVar("T")


class GitHubForge:
    """ForgeReader, ForgeWriter, Conversations and Notices. GitHub knows the time and who asks, so `at` and `by` are for others.

    `sleep` and `elapsed` are in seconds, `jitter` gives a number in [0, 1). Nothing is asked before the first call.
    `memory` keeps what was seen of finished pull requests.
    """

    def __init__(
        self,
        place: GitHubPlace,
        credentials: Credentials | None,
        *,
        sleep: Callable[[float], None],
        jitter: Callable[[], float],
        elapsed: Callable[[], float] = time.monotonic,
        memory: Memory | None = None,
    ) -> None:
        self._patience = Patience(sleep=sleep, jitter=jitter)
        connection = Connection(place, credentials, self._patience, Budget(sleep, elapsed))
        people = People(connection)
        self._connection = connection
        self._where = place.repository
        self._pulls = Pulls(connection, people, SeenBefore(place, memory))
        self._comments = Comments(connection)
        self._proposals = Proposals(connection, self._pulls, self._comments)
        self._finishing = Finishing(connection, self._pulls, self._comments)
        self._commands = Commands(connection, people)
        self._statuses = Statuses(connection)
        self._checks = Checks(connection, self._statuses)
        self._deployments = Deployments(connection)
        self._dashboards = Dashboards(connection)
        self._inspection = Inspection(connection)
        self._waking = Waking(connection)

    def password(self) -> str:
        """The token, which lets git in as well; an App's is renewed in time. Raises ObserveError or ReconcilerError."""
        with seeing(f"the token for {self._where}"):
            return self._connection.password

    def inspect(self) -> ServiceFacts:
        """What it says of itself. Raises ObserveError."""
        with seeing(f"the settings of {self._where}"):
            return self._inspection.look()

    def pull_requests(self) -> tuple[PullRequest, ...]:
        """Perennial's, open or not, by number. Raises ObserveError."""
        with seeing(f"the pull requests of {self._where}"):
            return self._pulls.all()

    def commands(self, since: datetime) -> tuple[CommentCommand, ...]:
        """What people ask for since then that has no answer yet, oldest first. Raises ObserveError."""
        with seeing(f"the comments of {self._where}"):
            return self._commands.unanswered(since, lambda: {pull.number for pull in self._pulls.all()})

    def propose(self, proposal: Proposal, at: datetime) -> PullRequest:  # noqa: ARG002 - the port's signature
        """Have one open pull request from the branch. Raises ActError."""
        wanted = fitted_proposal(proposal)
        return self._done(f"propose {wanted.branch} to {self._where}", lambda: self._proposals.ensure(wanted))

    def close(self, number: int, comment: str, at: datetime) -> PullRequest:  # noqa: ARG002 - the port's signature
        """Close without merging, leave the comment, and delete the branch. Raises ConflictError or ActError."""
        return self._done(f"close #{number} of {self._where}", lambda: self._finishing.close(number, comment))

    def merge(self, number: int, expected: Revision, at: datetime, by: str = "") -> PullRequest:  # noqa: ARG002
        """Merge this very tip and delete the branch. Raises ConflictError or ActError."""
        return self._done(f"merge #{number} of {self._where}", lambda: self._finishing.merge(number, expected, by))

    def comment(self, comment: Comment, at: datetime) -> bool:  # noqa: ARG002 - the port's signature
        """Have one comment of that key; whether anything was written. Raises ActError."""
        return self._done(f"comment on #{comment.number} of {self._where}", lambda: self._comments.ensure(comment))

    def status(self, status: Status) -> bool:
        """Have it be the newest of its context. Raises ActError."""
        what = f"set the status {status.context} of {short(status.revision)} in {self._where}"
        return self._done(what, lambda: self._statuses.ensure(status))

    def check(self, report: CheckReport) -> bool:
        """Have one finished check run of that name, whole. Raises ActError."""
        what = f"report the check {report.name} of {short(report.revision)} in {self._where}"
        return self._done(what, lambda: self._checks.ensure(report))

    def deployment(self, record: DeploymentRecord) -> bool:
        """Have it on record in its state. Raises ActError."""
        what = f"record the deployment of {record.model} {record.version} to {record.environment} in {self._where}"
        return self._done(what, lambda: self._deployments.ensure(record))

    def dashboard(self, dashboard: Dashboard) -> bool:
        """Have one open issue of that title hold the body. Raises ActError."""
        return self._done(f"keep the dashboard of {self._where}", lambda: self._dashboards.ensure(dashboard))

    def wake(self, event: str, payload: Mapping[str, Any]) -> None:
        """Wake the workflows that listen to the event. Raises ActError."""
        self._done(f"send {event} to {self._where}", lambda: self._waking.send(event, payload))

    def _done(self, what: str, attempt: Callable[[], T]) -> T:
        with doing(what):
            return self._patience.insist(attempt)
