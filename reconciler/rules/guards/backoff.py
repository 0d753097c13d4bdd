"""Guard `backoff`: after failed trainings, wait longer each time. Always on guard and in no union: nobody can forget it."""

from datetime import datetime, timedelta
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.rules.base import Rule
from reconciler.rules.fields import duration_text, time_text

FIRST_WAIT = timedelta(hours=1)
LONGEST_WAIT = timedelta(hours=24)


def wait_after(failures: int) -> timedelta:
    """One hour after the first failure, doubled by each further one, at most a day. `failures` is at least 1."""
    return min(FIRST_WAIT * (1 << min(failures - 1, 10)), LONGEST_WAIT)


class Backoff(Rule):
    """A pause after failed trainings, lifted when Git changes what is trained."""

    type: Literal["backoff"] = "backoff"

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """YES when nothing failed, the wait is over, or Git has changed since the failure."""
        history = facts.history
        failures = f"{history.failures} failed trainings since the last good one"
        if history.failures <= 0:
            return yes(self.type, "noFailures", failures)
        changed = history.failed_from.differences(facts.fingerprint) if history.failed_from else ()
        if changed:
            return yes(self.type, "changedSinceFailure", f"{failures}, but {', '.join(changed)} changed since")
        if history.last_failed_at is None:
            return unknown(self.type, "failureTimeUnknown", f"{failures}, the last at an unknown time", remedy="mend the ledger")
        wait = wait_after(history.failures)
        ready = time_text(history.last_failed_at + wait)
        said = f"{failures}, the last at {time_text(history.last_failed_at)}; wait {duration_text(wait)}, until {ready}"
        if now >= history.last_failed_at + wait:
            return yes(self.type, "waitOver", said)
        return no(self.type, "backingOff", said, remedy=f"mend the cause, or wait until {ready}")
