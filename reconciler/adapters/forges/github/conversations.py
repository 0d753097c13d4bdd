"""What people ask for in comments, with what each may do as GitHub says at this moment."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime

from github.IssueComment import IssueComment

from reconciler.adapters.forges.github.comments import first_line
from reconciler.adapters.forges.github.connection import Connection, login_of
from reconciler.adapters.forges.github.people import People
from reconciler.domain.conversations import CommentCommand, Permission, words_of
from reconciler.domain.notices import Comment


class Commands:
    """One conditional request for all comments, and one for the permission of each person who asks for something."""

    def __init__(self, connection: Connection, people: People) -> None:
        self._connection = connection
        self._people = people

    def unanswered(self, since: datetime, ours: Callable[[], Collection[int]]) -> tuple[CommentCommand, ...]:
        """Those written at `since` or later, oldest first, on the pull requests whose numbers `ours` asks for when it must."""
        comments = self._connection.repository.get_issues_comments(sort="created", direction="asc", since=since.astimezone(UTC))
        found = list(comments)
        commands = [command for one in found if (command := _command(one)) and command.at >= since]
        if not commands:
            return ()
        numbers, marks = ours(), {(_number(one), first_line(one)) for one in found if self._connection.own(one.user)}
        waiting = [
            one
            for one in commands
            if one.number in numbers and one.author != self._connection.login and (one.number, _mark(one)) not in marks
        ]
        allowed = {author: self._people.permission(author) for author in sorted({one.author for one in waiting})}
        told = [replace(one, permission=allowed[one.author]) for one in waiting]
        return tuple(sorted(told, key=lambda one: (one.at, int(one.id))))


def _command(comment: IssueComment) -> CommentCommand | None:
    """What the comment asks for, by whom it says; what they may do is not known yet. None when it asks for nothing."""
    words, author = words_of(comment.body or ""), login_of(comment.user)
    if words is None or not author:
        return None
    return CommentCommand(
        number=_number(comment),
        id=str(comment.id),
        author=author,
        permission=Permission.NONE,
        words=words,
        at=comment.created_at,
    )


def _number(comment: IssueComment) -> int:
    return int(comment.issue_url.rsplit("/", 1)[-1])


def _mark(command: CommentCommand) -> str:
    return Comment(number=command.number, key=command.answer_key, body="").mark
