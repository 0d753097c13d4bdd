"""What rollouts that take time share: how sure they must be, how long they wait, and what the checks together say."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field

from reconciler.domain.judgements import Answer, Judgement
from reconciler.domain.names import Digest
from reconciler.domain.rollouts import Abort, Advance, Hold, Move, Progress, RolloutFacts
from reconciler.rules.analysis.check import CheckRule
from reconciler.rules.beside import Beside, stages_of, weights_of_both
from reconciler.rules.choices import not_empty
from reconciler.rules.fields import Count, Duration, Written, duration_text
from reconciler.statistics.sequential import Trust

C = TypeVar("C")
OneOrMore = Annotated[tuple[C, ...], Field(strict=False, json_schema_extra={"minItems": 1}), AfterValidator(not_empty)]
"""A list of which nothing may be left out: with no check at all, nothing is proven."""


class RolloutRule(Written):
    """One `type:` of a RolloutPolicy."""

    type: str

    def next_move(self, progress: Progress, facts: RolloutFacts, now: datetime) -> Move:
        """What comes next; pure, so the same facts at the same time give the same move."""
        raise TypeError(f"{type(self).__name__} has no moves, of {len(facts.windows)} windows of {progress.live} at {now}")


class Progressive(RolloutRule):
    """A rollout that goes on only when the numbers allow it."""

    confidence: Annotated[float, Field(ge=0.8, lt=1)] = 0.95
    """How sure: an equally good release is aborted, and a worse one let on, in at most the rest of all rollouts."""
    planned_rows: Count = 5000
    """Rows of the candidate by which an answer is wanted. The test holds at every look, and is sharpest there."""
    minimum_rows: Count = 200
    """Fewer rows of a release are no answer, however clear they look."""
    within: Duration = timedelta(days=3)
    """Where no answer has come so long after the last change of the weights, people are told."""
    otherwise: Literal["hold", "abort"] = "hold"
    """What happens then: wait on, or give up."""

    def beside(self, progress: Progress, facts: RolloutFacts, candidate: Digest, parts: int, steps: int = 1) -> Beside:
        """The candidate beside the live release; `parts` judgements share the chance to abort for nothing."""
        wrong = 1 - self.confidence
        return Beside(
            stages=stages_of(facts, candidate, progress.live),
            now=weights_of_both(progress.weights, candidate, progress.live),
            trust=Trust(harm=wrong / max(parts, 1), proof=wrong, planned=self.planned_rows),
            minimum=self.minimum_rows,
            steps=steps,
        )

    def waiting_since(self, progress: Progress) -> datetime:
        """From when on `within` counts: a step is new when its weights are."""
        return progress.changed_at

    def wait(self, progress: Progress, waiting: Judgement, judged: Sequence[Judgement], now: datetime) -> Move:
        """Hold until there is an answer; after `within` say so, or give up, as the policy says."""
        since = self.waiting_since(progress)
        due = since + self.within
        why = f"{waiting.rule}: {waiting.message}"
        if now < due:
            return Hold(code=waiting.code, why=why, until=due, judgements=tuple(judged))
        late = f"no answer within {duration_text(self.within)}, {duration_text(now - since)} have passed; {why}"
        if self.otherwise == "abort":
            return Abort(code="overdue", why=late, judgements=tuple(judged))
        return Hold(code="overdue", why=late, overdue=True, judgements=tuple(judged))


def judge_checks(checks: Sequence[CheckRule], beside: Beside) -> tuple[Judgement, ...]:
    """What each check says, in the order of the YAML."""
    return tuple(check.judge(beside) for check in checks)


def harmed(judged: Sequence[Judgement]) -> Abort | None:
    """The end, when a check says that the candidate is worse; the first of them says why."""
    worse = [one for one in judged if one.answer is Answer.NO]
    if not worse:
        return None
    return Abort(code=worse[0].code, why=f"{worse[0].rule}: {worse[0].message}", judgements=tuple(judged))


def unproven(checks: Sequence[CheckRule], judged: Sequence[Judgement], wanted: Collection[str] = ()) -> Judgement | None:
    """The first judgement that is not YES, of the wanted types of checks; none named: of all."""
    pairs = zip(checks, judged, strict=True)
    waiting = [one for check, one in pairs if one.answer is not Answer.YES and (not wanted or check.type in wanted)]
    return waiting[0] if waiting else None


def first_unknown(judged: Sequence[Judgement]) -> Judgement | None:
    """The first that cannot tell."""
    return next((one for one in judged if one.answer is Answer.UNKNOWN), None)


def stand_beside(progress: Progress) -> Advance | None:
    """The first move of a rollout that copies requests: the candidate gets pods, and none of the traffic. None once it has."""
    if progress.candidate in progress.weights:
        return None
    weights = {progress.candidate: 0, progress.live: 100}
    return Advance(weights=weights, code="begin", why="the candidate is to answer copies of requests beside the live release")
