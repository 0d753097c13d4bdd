"""Guard `returnOnInvestment`: a retrain must be worth its cost, by what this model's own retrains were worth."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.facts import ModelFacts, RetrainGain
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.rules.base import Exemptible
from reconciler.rules.choices import MetricName
from reconciler.rules.fields import Count
from reconciler.rules.money import mean, money

LEARNT_FROM = 10
"""So many of the newest retrains tell what the next will be worth."""


class ReturnOnInvestment(Exemptible):
    """The mean gain of the newest retrains, times `valuePerUnit`, is at least `minimumRatio` times their mean cost."""

    type: Literal["returnOnInvestment"]
    metric: MetricName
    value_per_unit: Annotated[float, Field(gt=0)]
    """What a gain of 1 in the metric is worth, in the currency of the model's `spec.price`."""
    minimum_ratio: Annotated[float, Field(ge=0)] = 1.0
    """Worth over cost."""
    minimum_history: Count = 3
    """With fewer retrains of known gain it trains, to learn what a retrain is worth."""

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when a retrain pays, or too few are known to tell; UNKNOWN when their cost is not known in one currency."""
        known = [(one, gain) for one in facts.history.gains if (gain := self._gain(one)) is not None][-LEARNT_FROM:]
        if len(known) < self.minimum_history:
            said = f"{len(known)} retrains with a known gain in {self.metric}, {self.minimum_history} needed to judge their worth"
            return yes(self.type, "learning", said)
        return self._judge_worth([one for one, _ in known], [gain for _, gain in known])

    def _gain(self, one: RetrainGain) -> float | None:
        """A candidate that was refused changed nothing, so it gained nothing."""
        return 0.0 if one.refused else one.gains.get(self.metric)

    def _judge_worth(self, retrains: Sequence[RetrainGain], gains: Sequence[float]) -> Judgement:
        costs = [one.cost for one in retrains if one.cost is not None]
        currencies = sorted({one.currency or "no currency" for one in retrains if one.cost is not None})
        if not costs:
            said = f"the cost of 0 of the newest {len(retrains)} retrains is known, 1 needed"
            return unknown(self.type, "costUnknown", said, remedy="declare spec.price of the model")
        if len(currencies) > 1:
            said = f"the newest {len(retrains)} retrains cost {' and '.join(currencies)}, 1 currency needed"
            return unknown(self.type, "otherCurrency", said, remedy="keep spec.price in one currency")
        if not all(map(math.isfinite, (*gains, *costs))):
            said = f"some gains or costs of the newest {len(retrains)} retrains are no numbers, 0 allowed"
            return unknown(self.type, "notANumber", said, remedy="mend the ledger")
        gain, cost, currency = sum(gains) / len(gains), mean(costs), currencies[0]
        worth = gain * self.value_per_unit
        said = (
            f"the newest {len(retrains)} retrains gained {gain:+.4g} {self.metric} on average, worth {money(worth, currency)}, "
            f"at a cost of {money(cost, currency)}; at least {self.minimum_ratio:g} times the cost needed"
        )
        if worth >= self.minimum_ratio * cost:
            return yes(self.type, "pays", said)
        return no(self.type, "doesNotPay", said, remedy="exempt a trigger such as manual, or lower minimumRatio")
