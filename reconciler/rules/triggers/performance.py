"""Trigger `performance`: the released model does badly on rows whose label is known."""

import math
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from reconciler.domain.facts import Measured, Missing, ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.needs import Lookback, Need, ScoreNeed
from reconciler.rules.base import Rule
from reconciler.rules.choices import IntervalConfidence, MetricName, OptionalNumber, check_exactly_one, exactly_one
from reconciler.rules.combine import over_windows
from reconciler.rules.fields import Count, Duration, duration_text


class Performance(Rule):
    """The metric is `below` or `above` the cut in each of the newest `consecutive` windows of mature rows."""

    model_config = ConfigDict(json_schema_extra=exactly_one("below", "above"))

    type: Literal["performance"]
    metric: MetricName
    below: OptionalNumber = None
    above: OptionalNumber = None
    window: Duration
    consecutive: Annotated[int, Field(ge=1, le=100)] = 1
    """Adjacent windows that must all agree, so that one bad week is not enough."""
    minimum_rows: Count = 200
    """Fewer mature rows in a window are no answer."""
    confidence: IntervalConfidence = None
    """Compare the far end of the bootstrap interval instead of the point."""

    @model_validator(mode="after")
    def _one_cut(self) -> Self:
        check_exactly_one(self, below="below", above="above")
        return self

    def needs(self) -> frozenset[Need]:
        """The metric over each window."""
        return frozenset(self._need(index) for index in range(self.consecutive))

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when the metric is past the cut in every window; UNKNOWN when a window says too little."""
        return over_windows(self.type, [self._judge_window(facts, index) for index in range(self.consecutive)])

    def _need(self, index: int) -> ScoreNeed:
        window = Lookback(length=self.window, index=index)
        return ScoreNeed(metric=self.metric, window=window, interval=self.confidence is not None)

    def _judge_window(self, facts: ModelFacts, index: int) -> Judgement:
        match facts.scores.get(self._need(index)):
            case None:
                return self._too_little(f"{self.metric} of window {index} was not measured")
            case Missing(why=why):
                return self._too_little(why)
            case Measured(rows=rows) if rows < self.minimum_rows:
                return self._too_little(f"{rows} mature rows in window {index}, {self.minimum_rows} needed")
            case measured:
                return self._compare(measured, index)

    def _compare(self, measured: Measured, index: int) -> Judgement:
        low, high = (measured.value, measured.value) if self.confidence is None else (measured.low, measured.high)
        if not (math.isfinite(low) and math.isfinite(high)):
            return self._too_little(f"{self.metric} of window {index} is not a number")
        past = high < self.below if self.below is not None else self.above is not None and low > self.above
        cut = f"below {self.below:g}" if self.below is not None else f"above {self.above:g}"
        interval = "" if self.confidence is None else f" [{measured.low:.4g}, {measured.high:.4g}]"
        said = (
            f"{self.metric} {measured.value:.4g}{interval} over {measured.rows} rows of {duration_text(self.window)}, fires {cut}"
        )
        if past:
            return yes(self.type, "degraded", said)
        return no(self.type, "goodEnough", said, remedy=f"{self.metric} {cut}")

    def _too_little(self, why: str) -> Judgement:
        return unknown(self.type, "insufficientData", why, remedy="wait for more mature rows, or take a longer window")
