"""Rollout `direct`: the merged release replaces the old one at once."""

from datetime import datetime
from typing import Literal

from reconciler.domain.rollouts import Finish, Move, Progress, RolloutFacts
from reconciler.rules.progressive import RolloutRule


class Direct(RolloutRule):
    """All traffic moves as soon as the manifests are synced."""

    type: Literal["direct"]

    def next_move(self, progress: Progress, facts: RolloutFacts, now: datetime) -> Move:  # noqa: ARG002
        """It is over as soon as it begins."""
        return Finish(release=progress.candidate, code="direct", why="the policy moves all traffic at once")
