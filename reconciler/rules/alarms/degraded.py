"""Alarm `degraded`: the cluster says that the release's objects are not well and will not become so by waiting."""

from datetime import datetime
from typing import Literal

from reconciler.domain.clusters import Deployed, Health
from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.rules.alarms.seen import ClusterAlarm
from reconciler.rules.fields import Duration, duration_text, time_text


class Degraded(ClusterAlarm):
    """Argo CD's health of the model is Degraded, of the release that main names."""

    type: Literal["degraded"]
    lasting: Duration | None = None
    """It must have been so for this long. Left out: at once, because a Deployment is only called so after its own deadline."""

    def judge_cluster(self, facts: ModelFacts, environment: str, now: datetime) -> Judgement:
        """YES when it is, long enough; UNKNOWN where the cluster does not tell, or not since when."""
        seen = self.judge_in(facts, environment)
        if isinstance(seen, Judgement):
            return seen
        said = f"{seen.application} is {seen.health}" + (f": {seen.message}" if seen.message else "")
        if seen.health in (Health.UNKNOWN, Health.MISSING):
            return unknown(self.type, "healthUnknown", said)
        if seen.health is not Health.DEGRADED:
            return no(self.type, "notDegraded", said)
        return self._degraded(seen, said, now)

    def _degraded(self, seen: Deployed, said: str, now: datetime) -> Judgement:
        if seen.since is not None:
            said += f" since {time_text(seen.since)}"
        if self.lasting is None:
            return yes(self.type, "degraded", said)
        wanted = duration_text(self.lasting)
        if seen.since is None:
            return unknown(self.type, "sinceUnknown", f"{said}; the cluster does not tell since when, {wanted} wanted")
        lasted = now - seen.since
        if lasted < self.lasting:
            return no(self.type, "notLongEnough", f"{said}, for {duration_text(lasted)}, {wanted} wanted")
        return yes(self.type, "degraded", said)
