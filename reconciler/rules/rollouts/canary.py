"""Rollout `canary`: a small share of the traffic first, and more of it only on proof."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema

from reconciler.domain.rollouts import Advance, Finish, Hold, Move, Progress, RolloutFacts
from reconciler.rules.analysis import UserCheck
from reconciler.rules.choices import not_empty, not_null
from reconciler.rules.fields import Duration, Written, duration_text, time_text
from reconciler.rules.progressive import OneOrMore, Progressive, harmed, judge_checks, unproven

CheckName = Literal["errors", "latency", "predictions", "metric", "businessMetric", "saturation"]
CheckNames = Annotated[
    Annotated[tuple[CheckName, ...], Field(strict=False, json_schema_extra={"minItems": 1}), AfterValidator(not_empty)]
    | SkipJsonSchema[None],
    BeforeValidator(not_null),
]


class Step(Written):
    """A share of the traffic, how long it stays so at least, and what must be proven before it grows."""

    weight: Annotated[int, Field(ge=1, le=99)]
    """Percent of the traffic."""
    pause: Duration = timedelta(minutes=10)
    """The least time at this weight: caches fill and load settles. It proves nothing by itself."""
    prove: CheckNames = None
    """Types of checks that must be proven before the next step. Left out: all. All of them watch for harm at every step."""


class Canary(Progressive):
    """Step by step; what is worse aborts at any time, and only what is proven not worse goes on."""

    type: Literal["canary"]
    steps: OneOrMore[Step]
    """With ascending weights; after the last one the candidate gets all of the traffic."""
    analysis: OneOrMore[UserCheck]
    """What is compared with the live release, over the same time."""

    def next_move(self, progress: Progress, facts: RolloutFacts, now: datetime) -> Move:
        """Abort on harm, hold until the pause is over and the step is proven, then advance or finish."""
        at = self._step(progress.weight)
        if at < 0:
            return self._advance(progress, 0, why="nothing of the traffic was moved yet", code="begin")
        beside = self.beside(progress, facts, progress.candidate, len(self.analysis), len(self.steps))
        judged = judge_checks(self.analysis, beside)
        if (abort := harmed(judged)) is not None:
            return abort
        step, until = self.steps[at], progress.changed_at + self.steps[at].pause
        if now < until:
            why = f"{step.weight} % since {time_text(progress.changed_at)}, for {duration_text(step.pause)} at least"
            return Hold(code="pausing", why=why, until=until, judgements=judged)
        if (waiting := unproven(self.analysis, judged, step.prove or ())) is not None:
            return self.wait(progress, waiting, judged, now)
        if at + 1 < len(self.steps):
            moved = self._advance(progress, at + 1, code="proven", why=f"proven not worse at {step.weight} %")
            return Advance(weights=moved.weights, code=moved.code, why=moved.why, judgements=judged)
        return Finish(release=progress.candidate, code="proven", why=f"proven not worse at {step.weight} %", judgements=judged)

    def _step(self, weight: int) -> int:
        """The step that runs: the last whose weight is reached, so that a policy may be edited under way; -1 before the first."""
        return sum(step.weight <= weight for step in self.steps) - 1

    def _advance(self, progress: Progress, index: int, code: str, why: str) -> Advance:
        weight = self.steps[index].weight
        weights = {progress.candidate: weight, progress.live: 100 - weight}
        return Advance(weights=weights, code=code, why=f"{why}: step {index + 1} of {len(self.steps)}, {weight} %")
