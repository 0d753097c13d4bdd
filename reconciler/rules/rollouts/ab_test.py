"""Rollout `abTest`: two releases side by side until the business knows which of them is better."""

import math
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema

from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.rollouts import Abort, Advance, Finish, Hold, Move, Progress, RolloutFacts
from reconciler.rules.analysis import UserCheck
from reconciler.rules.beside import MORE_ROWS, Beside, known_rule
from reconciler.rules.choices import Names, not_null
from reconciler.rules.fields import Duration, Written, duration_text
from reconciler.rules.outcome import Aim, Outcome, outcome
from reconciler.rules.progressive import Progressive, first_unknown, harmed, judge_checks
from reconciler.statistics.two_sample import p_of_gain

RULE = "abTest"


class Segments(Written):
    """Who takes part: rows whose column holds one of the values. All others stay with the live release."""

    column: Annotated[str, Field(min_length=1)]
    values: Names


class AbTest(Progressive):
    """A customer always meets the same release. Who wins is decided once, at a number of rows, or as soon as it is sure."""

    type: Literal["abTest"]
    unit: Annotated[str, Field(min_length=1)]
    """The column, and header, whose value decides which release answers, such as customerId; one row is one unit."""
    weight: Annotated[int, Field(ge=1, le=99)] = 50
    """Percent of the units that the candidate gets."""
    segments: Annotated[Segments | SkipJsonSchema[None], BeforeValidator(not_null)] = None
    """Who takes part; each value is watched for harm by itself. Left out: everybody."""
    metric: Annotated[str, Field(min_length=1)]
    """One of the model's `business` metrics."""
    better: Literal["higher", "lower"] = "higher"
    gain: Annotated[float, Field(gt=0)]
    """The least gain that is worth having, per unit: as soon as it is sure that there is less, the test ends."""
    decide: Literal["sequential", "fixedHorizon"] = "sequential"
    """Look at all times, with limits that allow it; or once, when both releases have `plannedRows`."""
    run: Duration = timedelta(days=7)
    """How long at least: customers of a Sunday are not those of a Monday."""
    within: Duration = timedelta(days=28)
    """Where no answer has come so long after the test began, people are told."""
    analysis: Annotated[tuple[UserCheck, ...], Field(strict=False)] = ()
    """Guard rails: what must not get worse meanwhile."""

    def next_move(self, progress: Progress, facts: RolloutFacts, now: datetime) -> Move:
        """Abort on harm or when there is no gain, finish when there is one, else hold."""
        if not progress.weight:
            weights = {progress.candidate: self.weight, progress.live: 100 - self.weight}
            return Advance(weights=weights, code="begin", why=f"{self.weight} % of {self._who} meet the candidate")
        segments = self.segments.values if self.segments else ()
        beside = self.beside(progress, facts, progress.candidate, 1 + len(self.analysis) + len(segments))
        judged = (*judge_checks(self.analysis, beside), *(self._segment(beside, value) for value in segments))
        if (abort := harmed(judged)) is not None:
            return abort
        decision = self._decision(beside)
        told = (*judged, decision)
        if (abort := harmed([decision])) is not None:
            return Abort(code=abort.code, why=abort.why, judgements=told)
        if now < (until := progress.changed_at + self.run):
            why = f"{duration_text(now - progress.changed_at)} of {duration_text(self.run)} have passed; {decision.message}"
            return Hold(code="running", why=why, until=until, judgements=told)
        if decision.code == "better" and not first_unknown(judged):
            return Finish(release=progress.candidate, code="better", why=decision.message, judgements=told)
        return self.wait(progress, first_unknown(judged) or decision, told, now)

    @property
    def _who(self) -> str:
        who = f"{self.segments.column} {', '.join(self.segments.values)}" if self.segments else "all"
        return f"{self.unit} ({who})"

    @property
    def key(self) -> str:
        """One count per metric."""
        return f"businessMetric/{self.metric}"

    def _decision(self, beside: Beside) -> Judgement:
        found = outcome(beside, Aim(key=self.key, better=self.better, harmful_from=-self.gain))
        if isinstance(found, Missing):
            return known_rule(RULE, found)
        return self._once(found) if self.decide == "fixedHorizon" else self._always(found)

    def _always(self, found: Outcome) -> Judgement:
        """The limits hold at every look, so the first that excludes something decides."""
        said = f"{self.metric} {found}, a gain of {self.gain:g} wanted"
        if not found.gap.is_number:
            return unknown(RULE, "notANumber", f"{said}; all of them must be numbers")
        if found.gap.upper < 0:
            return yes(RULE, "better", said)
        if found.gap.lower > 0:
            return no(RULE, "worse", said)
        if found.gap.lower > -self.gain:
            return no(RULE, "noGain", said)
        return unknown(RULE, "undecided", said, remedy=MORE_ROWS)

    def _once(self, found: Outcome) -> Judgement:
        """No look counts before the horizon, and none after it: who peeks is told nothing."""
        rows = min(found.candidate.rows, found.live.rows)
        if rows < self.planned_rows:
            message = f"{self.metric}: {rows} rows of each release, {self.planned_rows} needed before anybody looks"
            return unknown(RULE, "tooFewRows", message, remedy=MORE_ROWS)
        mine, live = (found.candidate.others, found.live.others) if self.better == "lower" else (found.candidate, found.live)
        chance, wrong = p_of_gain(mine, live), 1 - self.confidence
        said = f"{self.metric} {found}; p {chance:.3g}, below {wrong:.3g} is sure"
        if not math.isfinite(chance):
            return unknown(RULE, "notANumber", f"{said}; a number needed")
        return yes(RULE, "better", said) if chance < wrong else no(RULE, "noGain", said)

    def _segment(self, beside: Beside, value: str) -> Judgement:
        """Watched for harm alone: a segment has too few rows to prove a gain by itself."""
        column = self.segments.column if self.segments else ""
        rule = f"{RULE} {column}={value}"
        found = outcome(beside, Aim(key=f"{self.key}/{column}={value}", better=self.better))
        if isinstance(found, Missing):
            return known_rule(rule, found)
        said = f"{self.metric} {found}, worse by more than 0 aborts"
        if not found.gap.is_number:
            return unknown(rule, "notANumber", f"{said}; all of them must be numbers")
        return no(rule, "worse", said) if found.gap.lower > 0 else yes(rule, "notHarmed", said)
