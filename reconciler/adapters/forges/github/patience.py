"""Trying again: waits that double and differ from process to process, unless GitHub says how long to wait.

Not the retries of PyGithub or urllib3: those send a lost write again without looking whether it happened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from reconciler.adapters.forges.github.troubles import UnansweredError

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """`sleep` takes seconds, `jitter` gives a number in [0, 1). Whoever is asked to wait longer than `longest` gives up."""

    sleep: Callable[[float], None]
    jitter: Callable[[], float]
    attempts: int = 5
    first: float = 1.0
    longest: float = 90.0

    def insist(self, attempt: Callable[[], T]) -> T:
        """The attempt's result. It must look for itself what happened before. Raises UnansweredError when patience ends."""
        for number in range(1, self.attempts):
            try:
                return attempt()
            except UnansweredError as error:
                wait = self.wait_after(number, error.wait)
                if error.tired or wait > self.longest:
                    error.tired = True
                    raise
                self.sleep(wait)
        try:
            return attempt()
        except UnansweredError as error:
            error.tired = True
            raise

    def wait_after(self, number: int, asked: float | None) -> float:
        """Seconds after the failed attempt `number` (from 1): what was asked for and a little, else half to all of a doubling."""
        if asked is not None:
            return asked + self.first * self.jitter()
        return float(self.first * 2 ** (number - 1) * (0.5 + self.jitter() / 2))
