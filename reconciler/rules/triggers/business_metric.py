"""Trigger `businessMetric`: a number that the business looks at is where it should not be."""

import math
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.needs import BusinessNeed, Lookback, Need
from reconciler.rules.base import Rule
from reconciler.rules.choices import OptionalNumber, Windows, check_exactly_one, exactly_one
from reconciler.rules.combine import over_windows
from reconciler.rules.cuts import Cut
from reconciler.rules.fields import Duration, duration_text


class BusinessMetric(Rule):
    """The metric is `below` or `above` the cut in each of the newest `consecutive` windows."""

    model_config = ConfigDict(json_schema_extra=exactly_one("below", "above"))

    type: Literal["businessMetric"]
    metric: Annotated[str, Field(min_length=1)]
    """One of the model's `business` metrics."""
    below: OptionalNumber = None
    above: OptionalNumber = None
    window: Duration = timedelta(days=7)
    consecutive: Windows = 1
    """Adjacent windows that must all agree, so that one bad week is not enough."""

    @model_validator(mode="after")
    def _one_cut(self) -> Self:
        check_exactly_one(self, below="below", above="above")
        return self

    def needs(self) -> frozenset[Need]:
        """The metric over each window."""
        return frozenset(self._need(index) for index in range(self.consecutive))

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when the metric is past the cut in every window; UNKNOWN when one has no number."""
        return over_windows(self.type, [self._judge_window(facts, index) for index in range(self.consecutive)])

    def _need(self, index: int) -> BusinessNeed:
        return BusinessNeed(metric=self.metric, window=Lookback(length=self.window, index=index))

    def _judge_window(self, facts: ModelFacts, index: int) -> Judgement:
        remedy = f"make {self.metric} measurable"
        match facts.live.business.get(self._need(index)):
            case None:
                return unknown(self.type, "notMeasured", f"{self.metric} of window {index} was not measured", remedy)
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy)
            case value if not math.isfinite(value):
                return unknown(
                    self.type, "notANumber", f"{self.metric} of window {index} is {value:g}, which is no number", remedy
                )
            case value:
                cut = Cut.of(self.below, self.above)
        said = f"{self.metric} {value:.6g} over {duration_text(self.window)}, fires {cut}"
        if cut.is_passed_by(value):
            return yes(self.type, "pastTheCut", said)
        return no(self.type, "withinBounds", said, remedy=f"{self.metric} {cut}")
