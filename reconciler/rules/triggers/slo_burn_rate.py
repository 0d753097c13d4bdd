"""Trigger `sloBurnRate`: errors use up the error budget of an objective too fast, over a long and a short window at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.needs import Need, PromqlNeed
from reconciler.rules.base import Rule
from reconciler.rules.choices import not_empty
from reconciler.rules.combine import disjunction
from reconciler.rules.fields import Duration, Written, duration_text
from reconciler.rules.series import newest_value

WINDOW = "$window"


class BurnWindow(Written):
    """The budget burns faster than `rate` over both windows: the long one says that it matters, the short that it goes on."""

    long: Duration
    """Enough errors in this long to matter."""
    short: Duration
    """And still, in this long: a twelfth of the long one is usual."""
    rate: Annotated[float, Field(gt=0)]
    """Times the rate that would use up the budget exactly by the end of the objective's period."""


HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
USUAL = (
    BurnWindow(long=HOUR, short=5 * MINUTE, rate=14.4),
    BurnWindow(long=6 * HOUR, short=30 * MINUTE, rate=6.0),
)
"""2 % of a 30-day budget in an hour, 5 % in six. Source: Google, The Site Reliability Workbook, chapter 5, table 5-8."""


class SloBurnRate(Rule):
    """In one pair of windows the error budget burns faster than `rate`, in the long window and in the short one."""

    type: Literal["sloBurnRate"]
    error_ratio: Annotated[str, Field(pattern=r"\$window")]
    """PromQL of the share of bad events, from 0 to 1; `$window` is the window, e.g. `1h`."""
    objective: Annotated[float, Field(gt=0, lt=1)]
    """The share of events that must be good, such as 0.99."""
    windows: Annotated[
        tuple[BurnWindow, ...], Field(strict=False, json_schema_extra={"minItems": 1}), AfterValidator(not_empty)
    ] = USUAL
    """Pairs of windows, of which one is enough. Left out: 1h and 5m at 14.4, 6h and 30m at 6."""

    def needs(self) -> frozenset[Need]:
        """The error ratio over each window."""
        return frozenset(self._need(length) for pair in self.windows for length in (pair.long, pair.short))

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when both windows of a pair burn too fast; UNKNOWN when none does and a window has no number."""
        judged = [self._judge_pair(pair, facts) for pair in self.windows]
        answer = disjunction([pair.answer for pair in judged])
        return _first(judged, answer)

    def _need(self, length: timedelta) -> PromqlNeed:
        return PromqlNeed(query=self.error_ratio.replace(WINDOW, duration_text(length)))

    def _judge_pair(self, pair: BurnWindow, facts: ModelFacts) -> Judgement:
        budget, rates = 1 - self.objective, []
        for length in (pair.long, pair.short):
            match newest_value(facts, self._need(length)):
                case Missing(code=code, why=why):
                    return unknown(self.type, code, why, remedy="make errorRatio answer with one number")
                case ratio:
                    rates.append(ratio / budget)
        long, short = (duration_text(length) for length in (pair.long, pair.short))
        said = (
            f"errors use up the budget of {budget:.3g} at {rates[0]:.3g} times its rate over {long} "
            f"and {rates[1]:.3g} times over {short}, both above {pair.rate:g} fires"
        )
        if min(rates) > pair.rate:
            return yes(self.type, "budgetBurns", said)
        return no(self.type, "budgetLasts", said, remedy=f"a burn rate above {pair.rate:g} over {long} and {short}")


def _first(judged: Sequence[Judgement], answer: Answer) -> Judgement:
    """The first pair that says what they say together speaks for them."""
    return next(pair for pair in judged if pair.answer is answer)
