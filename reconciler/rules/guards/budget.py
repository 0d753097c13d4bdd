"""Guard `budget`: trainings may cost so much in a calendar month, this model's or those of all together."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.live import TrainingRecord
from reconciler.rules.base import Rule
from reconciler.rules.fields import time_text
from reconciler.rules.money import Currency, mean, money, total

EXPECTED_FROM = 5
"""The next training is expected to cost the mean of so many of the model's newest."""


class Budget(Rule):
    """What this month's trainings cost, failed ones too, and what the next is expected to cost, is at most `perMonth`."""

    type: Literal["budget"]
    per_month: Annotated[float, Field(ge=0)]
    """For one calendar month, UTC."""
    currency: Currency = "USD"
    """ISO 4217; that of the models' `spec.price`."""
    fleet: bool = False
    """Count the trainings of all models, not only of this one."""

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """YES when one more training fits; UNKNOWN when what some training cost is not known in this currency."""
        first, end = month_of(now)
        own = [one for one in facts.fleet.trainings if one.model == facts.model]
        counted = [one for one in (facts.fleet.trainings if self.fleet else own) if first <= one.at < end]
        newest = [one for one in own if one.cost is not None][-EXPECTED_FROM:]
        unsure = self._untold(facts) or self._foreign([*counted, *newest]) or self._unpriced(counted, f"{first:%Y-%m}")
        if unsure:
            return unsure
        spent = total([one.cost for one in counted if one.cost is not None])
        following = mean([one.cost for one in newest if one.cost is not None]) if newest else 0.0
        wanted = total([spent, following])
        whose = "of all models" if self.fleet else "of this model"
        said = (
            f"{len(counted)} trainings {whose} in {first:%Y-%m} cost {money(spent, self.currency)}, "
            f"and {money(following, self.currency)} are expected for the next: {money(wanted, self.currency)} "
            f"of {money(self.per_month, self.currency)}"
        )
        if not math.isfinite(wanted):
            return unknown(self.type, "notANumber", said, remedy="mend the ledger")
        if wanted <= self.per_month:
            return yes(self.type, "withinBudget", said)
        remedy = f"wait until {time_text(end)}, or raise perMonth above {wanted:.2f}"
        return no(self.type, "overBudget", said, remedy=remedy)

    def _untold(self, facts: ModelFacts) -> Judgement | None:
        if not self.fleet or not facts.fleet.untold:
            return None
        said = f"the ledger of {', '.join(sorted(facts.fleet.untold))} is broken, so what trainings cost is not known"
        return unknown(self.type, "ledgerBroken", said, remedy="perennial audit --verify")

    def _foreign(self, trainings: Sequence[TrainingRecord]) -> Judgement | None:
        others = sorted({one.currency or "no currency" for one in trainings if one.cost is not None} - {self.currency})
        if not others:
            return None
        said = f"some trainings cost {', '.join(others)}, but the budget is in {self.currency}"
        return unknown(
            self.type, "otherCurrency", said, remedy=f"write the budget and spec.price in one currency, {self.currency}"
        )

    def _unpriced(self, counted: Sequence[TrainingRecord], month: str) -> Judgement | None:
        unpriced = [one for one in counted if one.cost is None]
        if not unpriced:
            return None
        models = ", ".join(sorted({one.model for one in unpriced}))
        said = f"{len(unpriced)} of {len(counted)} trainings in {month} have no cost, 0 allowed: of {models}"
        return unknown(
            self.type, "costUnknown", said, remedy=f"declare spec.price of {models}; earlier trainings stay without one"
        )


def month_of(now: datetime) -> tuple[datetime, datetime]:
    """Where the calendar month of `now` begins and ends, UTC."""
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    over = first.month == 12
    return first, first.replace(year=first.year + over, month=1 if over else first.month + 1)
