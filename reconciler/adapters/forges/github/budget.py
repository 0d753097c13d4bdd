"""How much may be asked: a fifth of the hourly quota is left to everybody else who uses it, and writes come slowly.

GitHub's quota comes in `x-ratelimit-*` headers. For writes it has a secondary limit of 80 a minute, told in its documentation
only, so a bucket of 20 that is refilled by one a second stays below it.
"""

from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime

from reconciler.adapters.forges.github.troubles import UnansweredError

RESERVE = 0.2
BURST = 20.0
PER_SECOND = 1.0


class Budget:
    """What is left, as far as the newest answer told. `elapsed` is a clock that never goes back, in seconds."""

    def __init__(self, sleep: Callable[[float], None], elapsed: Callable[[], float]) -> None:
        self._sleep = sleep
        self._elapsed = elapsed
        self._tokens = BURST
        self._filled = elapsed()
        self._renewed = float("-inf")
        self._told = ""

    def spend(self, *, write: bool) -> None:
        """Take one request, waiting for a write's turn. Raises UnansweredError while only the reserve is left."""
        left = self._renewed - self._elapsed()
        if left > 0:
            raise UnansweredError(self._told, wait=left)
        if write:
            self._take()

    def learn(self, headers: Mapping[str, object]) -> None:
        """Read the quota off an answer, whose names of headers are in lower case."""
        try:
            limit, remaining = int(str(headers["x-ratelimit-limit"])), int(str(headers["x-ratelimit-remaining"]))
            wait = seconds_to_renewal(headers)
        except (KeyError, ValueError):
            return
        if headers.get("x-ratelimit-resource", "core") != "core":
            return
        floor = int(limit * RESERVE)
        short = remaining <= floor and wait is not None
        self._renewed = self._elapsed() + (wait or 0.0) if short else float("-inf")
        self._told = f"{remaining} of {limit} calls are left in this hour, and the last {floor} are left to others"

    def _take(self) -> None:
        now = self._elapsed()
        self._tokens = min(BURST, self._tokens + (now - self._filled) * PER_SECOND)
        self._filled = now
        if self._tokens < 1:
            self._sleep((1 - self._tokens) / PER_SECOND)
        self._tokens -= 1


def seconds_to_renewal(headers: Mapping[str, object]) -> float | None:
    """Until the quota is whole again, by GitHub's own clock, which may not be ours; None when it does not say."""
    if "x-ratelimit-reset" not in headers or "date" not in headers:
        return None
    now = parsedate_to_datetime(str(headers["date"])).timestamp()
    return max(0.0, float(str(headers["x-ratelimit-reset"])) - now)
