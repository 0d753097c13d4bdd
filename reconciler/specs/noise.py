"""`[tool.perennial.noise]`: how much the pull requests of a fleet may disturb people. Nothing is limited that is not written."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from reconciler.rules.fields import Count, Written
from reconciler.rules.hours import Hours


class NoiseSettings(Written):
    """Limits to what is opened, rebuilt and merged by itself. They say when, never what: what is held waits for its turn."""

    open_pull_requests: Count | None = None
    """At most so many are open at once."""
    new_per_hour: Count | None = None
    """At most so many are opened within any hour."""
    commits_per_hour: Count | None = None
    """At most so many commits on their branches within any hour, and on each branch only one."""
    per_team: bool = False
    """The three numbers are for each `metadata.owner`, instead of for all together."""
    quiet_hours: Annotated[tuple[Hours, ...], Field(strict=False)] = ()
    """Hours in which nothing is opened, rebuilt or merged by itself. Closing, publishing and training go on."""

    def quiet_until(self, now: datetime) -> datetime | None:
        """When the quiet hours end that are now; None when there are none now."""
        ends = (hours.open_until(now) for hours in self.quiet_hours)
        return max((end for end in ends if end is not None), default=None)
