"""What a forge shows and hears, in memory, for tests: notices that stand, and comments that ask for something."""

from datetime import datetime
from typing import TypeVar

from reconciler.adapters.fakes.forge import FakeForge
from reconciler.domain.conversations import CommentCommand
from reconciler.domain.names import Revision
from reconciler.domain.notices import CheckReport, Dashboard, DeploymentRecord, Notice, Status

Key = TypeVar("Key")
Value = TypeVar("Value", Status, CheckReport, DeploymentRecord, Dashboard)


class FakeNotices:
    """Notices. `written` holds every write in order, so that a test can count them."""

    def __init__(self) -> None:
        self.statuses: dict[tuple[Revision, str], Status] = {}
        self.checks: dict[tuple[Revision, str], CheckReport] = {}
        self.deployments: dict[tuple[str, Revision, str, str], DeploymentRecord] = {}
        self.dashboards: dict[str, Dashboard] = {}
        self.written: list[Notice] = []

    def status(self, status: Status) -> bool:
        """Have this be the newest word of its context on the commit."""
        return self._have(self.statuses, (status.revision, status.context), status)

    def check(self, report: CheckReport) -> bool:
        """Have one check run of that name on the commit."""
        return self._have(self.checks, (report.revision, report.name), report)

    def deployment(self, record: DeploymentRecord) -> bool:
        """Have it on record."""
        place = (record.environment, record.revision, record.model, record.version)
        return self._have(self.deployments, place, record)

    def dashboard(self, dashboard: Dashboard) -> bool:
        """Have one issue with that title hold the body."""
        return self._have(self.dashboards, dashboard.title, dashboard)

    def _have(self, there: dict[Key, Value], key: Key, wanted: Value) -> bool:
        if there.get(key) == wanted:
            return False
        there[key] = wanted
        self.written.append(wanted)
        return True


class FakeConversations:
    """Conversations: the comments in `said`, without those that the forge has an answer to."""

    def __init__(self, forge: FakeForge) -> None:
        self.forge = forge
        self.said: list[CommentCommand] = []

    def commands(self, since: datetime) -> tuple[CommentCommand, ...]:
        """Those at `since` or later that have no answer, oldest first."""
        found = [one for one in self.said if one.at >= since and (one.number, one.answer_key) not in self.forge.keyed]
        return tuple(sorted(found, key=lambda one: (one.at, one.id)))
