"""Trigger `schedule`: a cron time has come since the newest build."""

from datetime import datetime
from typing import Literal

from reconciler.domain.facts import Candidate, ModelFacts
from reconciler.domain.judgements import Judgement, no, yes
from reconciler.rules.base import Rule
from reconciler.rules.cron import Cron, Zone, last_due
from reconciler.rules.fields import time_text


class Schedule(Rule):
    """Fires once for each time that `cron` names on the clock of `timezone`."""

    type: Literal["schedule"]
    cron: Cron
    """Minute, hour, day of month, month, day of week."""
    timezone: Zone = "UTC"
    """An IANA name such as Europe/Berlin."""

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """YES when a cron time lies between the newest training and now, or when nothing was trained yet."""
        last = _newest_training(facts)
        if last is None:
            return yes(self.type, "neverTrained", "never trained before")
        due = last_due(self.cron, self.timezone, now)
        said = f"'{self.cron}' ({self.timezone}) was last due {time_text(due)}, last trained {time_text(last)}"
        if last < due:
            return yes(self.type, "due", said)
        return no(self.type, "notDue", said, remedy="wait for the next time of the schedule")


def _newest_training(facts: ModelFacts) -> datetime | None:
    """When the newest training was; the data of what is there stands in for a ledger that does not say."""
    champion, candidate = facts.champion, facts.candidate
    times = [
        facts.history.last_trained_at,
        champion.build.data.as_of if champion else None,
        candidate.trained_at if isinstance(candidate, Candidate) else None,
    ]
    return max((time for time in times if time is not None), default=None)
