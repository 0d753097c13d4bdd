"""A database for tests: a query's answer is a function of its range."""

from collections.abc import Callable, Mapping
from datetime import datetime

from reconciler.errors import ObserveError


class FakeDatabase:
    """Answers a query, as it is written, with the function that it was given for it; None is NULL."""

    def __init__(self, answers: Mapping[str, Callable[[datetime, datetime], float | None]]) -> None:
        self.answers = answers

    def number(self, url: str, query: str, start: datetime, end: datetime) -> float:
        """The one number that the query returns. Raises ObserveError."""
        if query not in self.answers:
            raise ObserveError(f"{url}: {query}: no such table")
        found = self.answers[query](start, end)
        if found is None:
            raise ObserveError(f"{url}: {query} returned NULL, which is no number")
        return found
