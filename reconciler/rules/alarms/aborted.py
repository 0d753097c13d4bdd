"""Alarm `aborted`: Argo Rollouts, or KServe, stopped bringing the release in and went back to the one before."""

from datetime import datetime
from typing import Literal

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.names import short
from reconciler.rules.alarms.seen import ClusterAlarm


class Aborted(ClusterAlarm):
    """The controller of the rollout took back the release that main names."""

    type: Literal["aborted"]

    def judge_cluster(self, facts: ModelFacts, environment: str, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when the rollout of this very release was aborted."""
        seen = self.judge_in(facts, environment)
        if isinstance(seen, Judgement):
            return seen
        rollout, release = seen.rollout, facts.releases[environment]
        if rollout is None:
            return no(self.type, "noRollout", f"{seen.application} has no rollout")
        said = f"the rollout of {seen.application} is {rollout.phase}" + (f": {rollout.message}" if rollout.message else "")
        if not rollout.aborted:
            return no(self.type, "notAborted", said)
        if rollout.digest not in (None, release.digest):
            message = f"{said}, but of {short(rollout.digest)}, main names {short(release.digest)}"
            return unknown(self.type, "notThereYet", message)
        return yes(self.type, "aborted", said)
