"""A clock for tests, which moves only when told to."""

from datetime import UTC, datetime, timedelta


class SteppedClock:
    """Stands at `time` until it is advanced."""

    def __init__(self, time: datetime) -> None:
        self.time = time.astimezone(UTC)

    def now(self) -> datetime:
        """The time that it was set to, UTC."""
        return self.time

    def advance(self, by: timedelta) -> None:
        """Move on."""
        self.time += by
