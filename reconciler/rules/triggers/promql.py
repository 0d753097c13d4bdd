"""Trigger `promql`: a query of Prometheus is past a cut, now or for some time."""

import math
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.live import Point
from reconciler.domain.needs import Need, PromqlNeed
from reconciler.rules.base import Rule
from reconciler.rules.choices import OptionalDuration, OptionalNumber, check_exactly_one, exactly_one
from reconciler.rules.cuts import Cut
from reconciler.rules.fields import duration_text, time_text
from reconciler.rules.series import newest_value

STEP = timedelta(minutes=1)
"""How far apart the values of a range are, where nobody says."""
_REMEDY = "make the query answer with one number"


class Promql(Rule):
    """The value of `query` is past the cut now; with `over` every value of that range is."""

    model_config = ConfigDict(json_schema_extra=exactly_one("below", "above") | {"dependentRequired": {"step": ["over"]}})

    type: Literal["promql"]
    query: Annotated[str, Field(min_length=1)]
    """PromQL that answers with one series."""
    below: OptionalNumber = None
    above: OptionalNumber = None
    over: OptionalDuration = None
    """Look at all values of this long, so that one odd value is not enough."""
    step: OptionalDuration = None
    """Of `over`: how far apart the values are; left out: 1m."""

    @model_validator(mode="after")
    def _one_cut(self) -> Self:
        check_exactly_one(self, below="below", above="above")
        if self.step is not None and self.over is None:
            raise ValueError("step means nothing without over")
        return self

    def needs(self) -> frozenset[Need]:
        """The query's value, or values."""
        return frozenset({self._need})

    @property
    def _need(self) -> PromqlNeed:
        step = None if self.over is None else self.step or STEP
        return PromqlNeed(query=self.query, over=self.over, step=step)

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when every value that was looked at is past the cut; a gap or a NaN is UNKNOWN where no value says NO."""
        if self._need.over is None or self._need.step is None:
            return self._judge_value(facts)
        match facts.live.series.get(self._need):
            case None:
                return unknown(self.type, "notAsked", f"{self.query} was not asked", _REMEDY)
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, _REMEDY)
            case points:
                return self._judge_range(points, self._need.over, self._need.step)

    def _judge_value(self, facts: ModelFacts) -> Judgement:
        cut = Cut.of(self.below, self.above)
        match newest_value(facts, self._need):
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, _REMEDY)
            case value if cut.is_passed_by(value):
                return yes(self.type, "pastTheCut", f"{self.query} is {value:.6g}, fires {cut}")
            case value:
                said = f"{self.query} is {value:.6g}, fires {cut}"
                return no(self.type, "withinBounds", said, remedy=f"the query {cut}")

    def _judge_range(self, points: tuple[Point, ...], over: timedelta, step: timedelta) -> Judgement:
        """A range has a value each step; how many are missing counts, so that a series that just began is no answer."""
        cut = Cut.of(self.below, self.above)
        numbers = [point for point in points if math.isfinite(point.value)]
        within = [point for point in numbers if not cut.is_passed_by(point.value)]
        wanted, where = max(over // step, len(points), 1), f"{self.query} over {duration_text(over)}"
        if within:
            newest = within[-1]
            said = f"{where} is {newest.value:.6g} at {time_text(newest.at)}, fires {cut} at all of {len(points)} values"
            return no(self.type, "withinBounds", said, remedy=f"the query {cut} all the time")
        said = f"{where}: {len(numbers)} of {wanted} values are there and numbers"
        if len(numbers) < wanted:
            return unknown(self.type, "noData", f"{said}, and fires when all are {cut}", _REMEDY)
        return yes(self.type, "pastTheCut", f"{said}, the newest {numbers[-1].value:.6g}; fires {cut}")
