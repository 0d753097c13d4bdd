"""One comment of Perennial's own for each key: found by its mark, changed in place, and doubles of it removed."""

from github import GithubException
from github.IssueComment import IssueComment

from reconciler.adapters.forges import answers
from reconciler.adapters.forges.github.connection import Connection
from reconciler.adapters.forges.github.fitting import fitted
from reconciler.adapters.forges.text import clean_body
from reconciler.domain.notices import Comment


class Comments:
    """GitHub has no keys for comments, so a lost answer and a stale list may leave two: the next call removes the later one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ensure(self, comment: Comment) -> bool:
        """Have it; whether anything was written. Raises PermanentActError for an unknown number."""
        text = fitted(clean_body(comment.text))
        own = self._own(comment)
        if [one.body for one in own] == [text]:
            return False
        for double in own[1:]:
            double.delete()
        if own:
            own[0].edit(text)
        else:
            self._connection.repository.get_issue(comment.number).create_comment(text)
        return True

    def _own(self, comment: Comment) -> list[IssueComment]:
        issue = self._connection.repository.get_issue(comment.number)
        try:
            found = [one for one in issue.get_comments() if first_line(one) == comment.mark and self._connection.own(one.user)]
        except GithubException as error:
            if error.status == 404:
                raise answers.unknown(comment.number) from None
            raise
        return sorted(found, key=lambda one: one.id)


def first_line(comment: IssueComment) -> str:
    """Where the mark is."""
    return (comment.body or "").split("\n", 1)[0].rstrip("\r")
