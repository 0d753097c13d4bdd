"""Rollout `blueGreen`: tried on mirrored requests, the candidate gets all traffic in one switch; the old one stays warm."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.rollouts import Advance, Finish, Hold, Move, Progress, RolloutFacts
from reconciler.rules.analysis import MirrorCheck
from reconciler.rules.fields import Duration, duration_text, time_text
from reconciler.rules.progressive import OneOrMore, Progressive, harmed, judge_checks, stand_beside, unproven

SWITCHES = 2
"""Before the switch and after it: both are compared."""


class BlueGreen(Progressive):
    """Both releases run at full size. A share of the requests goes to the one that does not serve as well, before and after."""

    type: Literal["blueGreen"]
    mirror: Annotated[float, Field(ge=0.0001, le=1)] = 0.1
    """The share of requests that the idle release answers too; nobody sees its answers."""
    preview: Duration = timedelta(minutes=30)
    """How long at least before the switch."""
    keep: Duration = timedelta(days=1)
    """How long the old release stays warm after it: so long going back is a switch, not a start."""
    analysis: OneOrMore[MirrorCheck]
    """What is compared with the live release, over the same time."""

    def next_move(self, progress: Progress, facts: RolloutFacts, now: datetime) -> Move:
        """Begin; abort on harm; switch after the preview, and finish after `keep`, both on proof only."""
        if (begin := stand_beside(progress)) is not None:
            return begin
        beside = self.beside(progress, facts, progress.candidate, len(self.analysis), SWITCHES)
        judged = judge_checks(self.analysis, beside)
        if (abort := harmed(judged)) is not None:
            return abort
        switched = progress.weight > 0
        pause, code = (self.keep, "keepingOld") if switched else (self.preview, "previewing")
        if now < (until := progress.changed_at + pause):
            why = f"since {time_text(progress.changed_at)}, for {duration_text(pause)} at least"
            return Hold(code=code, why=why, until=until, judgements=judged)
        if (waiting := unproven(self.analysis, judged)) is not None:
            return self.wait(progress, waiting, judged, now)
        if switched:
            why = f"proven not worse for {duration_text(self.keep)} after the switch"
            return Finish(release=progress.candidate, code="proven", why=why, judgements=judged)
        weights = {progress.candidate: 100, progress.live: 0}
        why = f"proven not worse on {self.mirror:.0%} of the requests"
        return Advance(weights=weights, code="proven", why=why, judgements=judged)
