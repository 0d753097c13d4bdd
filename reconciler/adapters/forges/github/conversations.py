"""What people ask for in comments, with what each may do as GitHub says at this moment."""

from collections.abc import Collection
from datetime import UTC, datetime

from github.IssueComment import IssueComment

from reconciler.adapters.forges.github.comments import first_line
from reconciler.adapters.forges.github.connection import Connection, login_of
from reconciler.adapters.forges.github.people import People
from reconciler.domain.conversations import CommentCommand, words_of
from reconciler.domain.notices import Comment


class Commands:
    """One conditional request for all comments, and one for the permission of each person who asks for something."""

    def __init__(self, connection: Connection, people: People) -> None:
        self._connection = connection
        self._people = people

    def unanswered(self, since: datetime, numbers: Collection[int]) -> tuple[CommentCommand, ...]:
        """Those on the pull requests of these numbers, written at `since` or later, oldest first."""
        comments = self._connection.repository.get_issues_comments(sort="created", direction="asc", since=since.astimezone(UTC))
        found = list(comments)
        asking = [one for one in found if words_of(one.body or "") is not None and _number(one) in numbers]
        if not asking:
            return ()
        marks = {(_number(one), first_line(one)) for one in found if self._connection.own(one.user)}
        commands = [self._command(one) for one in asking if login_of(one.user) and not self._connection.own(one.user)]
        open_ones = [one for one in commands if one.at >= since and (one.number, _mark(one)) not in marks]
        return tuple(sorted(open_ones, key=lambda one: (one.at, int(one.id))))

    def _command(self, comment: IssueComment) -> CommentCommand:
        return CommentCommand(
            number=_number(comment),
            id=str(comment.id),
            author=login_of(comment.user),
            permission=self._people.permission(login_of(comment.user)),
            words=words_of(comment.body or "") or (),
            at=comment.created_at,
        )


def _number(comment: IssueComment) -> int:
    return int(comment.issue_url.rsplit("/", 1)[-1])


def _mark(command: CommentCommand) -> str:
    return Comment(number=command.number, key=command.answer_key, body="").mark
