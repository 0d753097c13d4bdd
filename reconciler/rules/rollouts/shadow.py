"""Rollout `shadow`: the candidate answers a copy of some requests, and nobody sees its answers until they are compared."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.rollouts import Finish, Hold, Move, Progress, RolloutFacts
from reconciler.rules.analysis import MirrorCheck
from reconciler.rules.fields import Count, Duration, duration_text, time_text
from reconciler.rules.progressive import OneOrMore, Progressive, harmed, judge_checks, stand_beside, unproven


class Shadow(Progressive):
    """Mirrored, sampled and capped traffic; both answers are logged, and compared offline."""

    type: Literal["shadow"]
    sample: Annotated[float, Field(ge=0.0001, le=1)] = 0.1
    """The share of requests that is mirrored."""
    cap: Count = 50
    """Mirrored requests per second at most, whatever the share comes to."""
    at_least: Duration = timedelta(days=1)
    """How long at least: a day has a night."""
    analysis: OneOrMore[MirrorCheck]
    """What is compared with the live release, over the same time."""

    def next_move(self, progress: Progress, facts: RolloutFacts, now: datetime) -> Move:
        """Begin, abort on harm, hold until it has run long enough and is proven, then finish."""
        if (begin := stand_beside(progress)) is not None:
            return begin
        judged = judge_checks(self.analysis, self.beside(progress, facts, progress.candidate, len(self.analysis)))
        if (abort := harmed(judged)) is not None:
            return abort
        if now < (until := progress.changed_at + self.at_least):
            why = f"mirrored since {time_text(progress.changed_at)}, for {duration_text(self.at_least)} at least"
            return Hold(code="mirroring", why=why, until=until, judgements=judged)
        if (waiting := unproven(self.analysis, judged)) is not None:
            return self.wait(progress, waiting, judged, now)
        why = f"proven not worse on {self.sample:.0%} of the requests, at most {self.cap} per second"
        return Finish(release=progress.candidate, code="proven", why=why, judgements=judged)
