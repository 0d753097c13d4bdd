"""Trigger `performance`: the released model does badly on rows whose label is known."""

import math
from datetime import datetime
from typing import Literal, Self

from pydantic import ConfigDict, model_validator

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.metrics import METRICS
from reconciler.domain.needs import Lookback, Need, ScoreNeed
from reconciler.rules.base import Rule
from reconciler.rules.choices import (
    IntervalConfidence,
    MetricName,
    OptionalCut,
    OptionalNumber,
    Windows,
    check_exactly_one,
    exactly_one,
)
from reconciler.rules.combine import over_windows
from reconciler.rules.cuts import Cut
from reconciler.rules.fields import Count, Duration, duration_text


class Performance(Rule):
    """The metric is past the cut in each of the newest `consecutive` windows of mature rows.

    The cut is a number (`below` or `above`), or follows from the release's own evidence (`drop` or `dropShare`).
    """

    model_config = ConfigDict(json_schema_extra=exactly_one("below", "above", "drop", "dropShare"))

    type: Literal["performance"]
    metric: MetricName
    below: OptionalNumber = None
    above: OptionalNumber = None
    drop: OptionalCut = None
    """Worse than the release was in its evidence by more than this, in the metric's own unit."""
    drop_share: OptionalCut = None
    """Worse than the release was in its evidence by more than this share of what it was."""
    window: Duration
    consecutive: Windows = 1
    """Adjacent windows that must all agree, so that one bad week is not enough."""
    minimum_rows: Count = 200
    """Fewer mature rows in a window are no answer."""
    confidence: IntervalConfidence = None
    """Compare the far end of the bootstrap interval instead of the point."""

    @model_validator(mode="after")
    def _one_cut(self) -> Self:
        check_exactly_one(self, below="below", above="above", drop="drop", drop_share="dropShare")
        return self

    def needs(self) -> frozenset[Need]:
        """The metric over each window."""
        return frozenset(self._need(index) for index in range(self.consecutive))

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when the metric is past the cut in every window; UNKNOWN when a window or the evidence says too little."""
        match self._cut(facts):
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy="train and promote again, so that the release has evidence")
            case cut:
                return over_windows(self.type, [self._judge_window(facts, cut, index) for index in range(self.consecutive)])

    def _cut(self, facts: ModelFacts) -> Known[Cut]:
        """What is written, or as much worse than the release's evidence; worse is the other way for losses."""
        if self.drop is None and self.drop_share is None:
            return Cut.of(self.below, self.above)
        baseline = facts.live.baseline
        if isinstance(baseline, Missing):
            return baseline
        measured = baseline.get(self.metric)
        if measured is None:
            return Missing(
                code="noBaseline", why=f"{self.metric} is not among the {len(baseline)} metrics of the release's evidence"
            )
        if not math.isfinite(measured.value):
            return Missing(
                code="noBaseline", why=f"{self.metric} of the release's evidence is {measured.value:g}, which is no number"
            )
        fall = self.drop if self.drop is not None else (self.drop_share or 0.0) * abs(measured.value)
        below = METRICS[self.metric].higher_is_better
        return Cut(at=measured.value - fall if below else measured.value + fall, below=below)

    def _need(self, index: int) -> ScoreNeed:
        window = Lookback(length=self.window, index=index)
        return ScoreNeed(metric=self.metric, window=window, interval=self.confidence is not None)

    def _judge_window(self, facts: ModelFacts, cut: Cut, index: int) -> Judgement:
        match facts.scores.get(self._need(index)):
            case None:
                return self._too_little(f"{self.metric} of window {index} was not measured")
            case Missing(why=why):
                return self._too_little(why)
            case Measured(rows=rows) if rows < self.minimum_rows:
                return self._too_little(f"{rows} mature rows in window {index}, {self.minimum_rows} needed")
            case measured:
                return self._compare(measured, cut, index)

    def _compare(self, measured: Measured, cut: Cut, index: int) -> Judgement:
        low, high = (measured.value, measured.value) if self.confidence is None else (measured.low, measured.high)
        if not (math.isfinite(low) and math.isfinite(high)):
            return self._too_little(f"{self.metric} of window {index} is not a number")
        past = cut.is_passed_by(high if cut.below else low)
        interval = "" if self.confidence is None else f" [{measured.low:.4g}, {measured.high:.4g}]"
        said = (
            f"{self.metric} {measured.value:.4g}{interval} over {measured.rows} rows of {duration_text(self.window)}, "
            f"fires {cut}{self._why_this_cut()}"
        )
        if past:
            return yes(self.type, "degraded", said)
        return no(self.type, "goodEnough", said, remedy=f"{self.metric} {cut}")

    def _why_this_cut(self) -> str:
        if self.drop is not None:
            return f", which is {self.drop:g} worse than the release's evidence"
        return "" if self.drop_share is None else f", which is {self.drop_share:.3g} of the release's evidence worse"

    def _too_little(self, why: str) -> Judgement:
        return unknown(self.type, "insufficientData", why, remedy="wait for more mature rows, or take a longer window")
