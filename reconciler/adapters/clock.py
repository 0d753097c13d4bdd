"""The real clock, and the one that `--as-of` sets."""

from dataclasses import dataclass
from datetime import UTC, datetime


class SystemClock:
    """The machine's clock, in whole seconds, because Git keeps no more."""

    def now(self) -> datetime:
        """Now, aware, UTC."""
        return datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - the one place where the clock is read


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still at `time`, which must be aware."""

    time: datetime

    def __post_init__(self) -> None:
        if self.time.tzinfo is None:
            raise ValueError(f"a clock needs an aware time, not {self.time.isoformat()}")

    def now(self) -> datetime:
        """The fixed time, UTC."""
        return self.time.astimezone(UTC)
