"""Waking the workflows that listen to an event of ours: nobody need wait for the schedule."""

from collections.abc import Mapping
from typing import Any

from reconciler.adapters.forges.github.connection import Connection


class Waking:
    """An event is only a hint: a pass looks for itself, so one that is sent twice does no harm."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def send(self, event: str, payload: Mapping[str, Any]) -> None:
        """Send a `repository_dispatch` of that type. Raises GithubException or UnansweredError."""
        repository = self._connection.repository
        asked = {"event_type": event, "client_payload": dict(payload)}  # PyGithub's own method does not tell of refusals
        repository.requester.requestJsonAndCheck("POST", f"{repository.url}/dispatches", input=asked)
