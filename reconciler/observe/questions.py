"""What people ask for in comments on Perennial's pull requests."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from reconciler.domain.changes import PullRequest
from reconciler.domain.conversations import Question
from reconciler.ports import Conversations

HEARD_FOR = timedelta(days=7)
"""An older comment is not looked for: whoever wrote it has found another way."""


def questions_of(conversations: Conversations | None, pulls: Iterable[PullRequest], now: datetime) -> tuple[Question, ...]:
    """Those that have no answer yet, oldest first. Raises ObserveError."""
    if conversations is None:
        return ()
    about = {pull.number: pull.marker for pull in pulls}
    return tuple(
        Question(command=command, model=marker.model, environment=marker.environment)
        for command in conversations.commands(now - HEARD_FOR)
        if (marker := about.get(command.number)) is not None
    )
