"""The dashboard: the one open issue of Perennial's own with that title."""

from github.Issue import Issue
from github.NamedUser import NamedUser

from reconciler.adapters.forges.github.connection import Connection
from reconciler.adapters.forges.github.fitting import fitted
from reconciler.adapters.forges.text import clean_body, clean_title
from reconciler.domain.notices import Dashboard


class Dashboards:
    """As with comments, a lost answer and a stale list may leave two: the next call closes the later one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ensure(self, dashboard: Dashboard) -> bool:
        """Have it hold the body; whether anything had to be written."""
        title, body = clean_title(dashboard.title), fitted(clean_body(dashboard.body))
        own = self._own(title)
        if [one.body for one in own] == [body]:
            return False
        for double in own[1:]:
            double.edit(state="closed")
        if not own:
            self._connection.repository.create_issue(title, body=body)
        elif own[0].body != body:
            own[0].edit(body=body)
        return True

    def _own(self, title: str) -> list[Issue]:
        me = NamedUser(self._connection.repository.requester, headers={}, attributes={"login": self._connection.login})
        found = self._connection.repository.get_issues(state="open", creator=me, sort="created")
        own = [one for one in found if one.title == title and _is_issue(one) and self._connection.own(one.user)]
        return sorted(own, key=lambda one: one.number)


def _is_issue(one: Issue) -> bool:
    """The list holds pull requests, too. Asking for `pull_request`, which an issue has not, would cost a request for each."""
    return "/issues/" in one.html_url
