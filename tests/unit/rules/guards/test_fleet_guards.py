"""Guards that count trainings and changes of the whole fleet: budget, rateLimit, concurrency."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement
from reconciler.domain.live import Fleet, TrainingRecord
from reconciler.rules.guards.budget import Budget, month_of
from reconciler.rules.guards.concurrency import Concurrency
from reconciler.rules.guards.rate_limit import RateLimit
from tests.builders import DAY, NOW, facts
from tests.cases import each

HOUR = timedelta(hours=1)
JUNE = datetime(2013, 6, 1, tzinfo=UTC)


def cost(amount: float | None, at: datetime = NOW - HOUR, currency: str = "USD", model: str = "flight-delay") -> TrainingRecord:
    return TrainingRecord(model=model, at=at, cost=amount, currency=currency if amount is not None else "")


def fleet(*trainings: TrainingRecord, in_flight: tuple[str, ...] = ()) -> ModelFacts:
    return facts(fleet=Fleet(trainings=trainings, in_flight=frozenset(in_flight)))


def short(judgement: Judgement) -> str:
    """The answer and the code."""
    return f"{judgement.answer} {judgement.code}"


def budget(**changes: Any) -> Budget:
    return Budget.model_validate({"type": "budget", "perMonth": 10} | changes)


MAY = JUNE - HOUR
OTHER = "weather"


@each(
    ("trainings", "rule", "said"),
    [
        ([], {}, "YES withinBudget"),
        ([], {"perMonth": 0}, "YES withinBudget"),
        ([cost(4), cost(2)], {}, "YES withinBudget"),
        ([cost(5)], {}, "YES withinBudget"),
        ([cost(4), cost(3)], {}, "NO overBudget"),
        ([cost(6)], {}, "NO overBudget"),
        ([cost(11, MAY)], {}, "NO overBudget"),
        ([cost(9, MAY)], {}, "YES withinBudget"),
        ([cost(90, MAY - DAY), *[cost(1, MAY)] * 5], {}, "YES withinBudget"),
        ([cost(0.1), cost(0.2)], {"perMonth": 0.45}, "YES withinBudget"),
        ([cost(9, model=OTHER)], {}, "YES withinBudget"),
        ([cost(9, model=OTHER), cost(1)], {"fleet": True}, "NO overBudget"),
        ([cost(9, model=OTHER), cost(0.5)], {"fleet": True}, "YES withinBudget"),
        ([cost(1, currency="EUR")], {}, "UNKNOWN otherCurrency"),
        ([cost(1, currency="EUR")], {"currency": "EUR"}, "YES withinBudget"),
        ([cost(1, MAY, "EUR")], {}, "UNKNOWN otherCurrency"),
        ([cost(1, currency="")], {}, "UNKNOWN otherCurrency"),
        ([cost(1, currency="EUR", model=OTHER)], {}, "YES withinBudget"),
        ([cost(1, currency="EUR", model=OTHER)], {"fleet": True}, "UNKNOWN otherCurrency"),
        ([cost(None)], {}, "UNKNOWN costUnknown"),
        ([cost(1), cost(None)], {}, "UNKNOWN costUnknown"),
        ([cost(None, MAY)], {}, "YES withinBudget"),
        ([cost(None, model=OTHER)], {}, "YES withinBudget"),
        ([cost(None, model=OTHER)], {"fleet": True}, "UNKNOWN costUnknown"),
        ([cost(math.nan)], {}, "UNKNOWN notANumber"),
        ([cost(1e308), cost(1e308)], {}, "UNKNOWN notANumber"),
    ],
)
def test_budget_adds_this_month_and_the_next_training(trainings: list[TrainingRecord], rule: dict[str, Any], said: str) -> None:
    assert short(budget(**rule).judge(fleet(*trainings), NOW)) == said


def test_budget_says_all_numbers_and_when_there_is_money_again() -> None:
    judgement = budget(perMonth=50).judge(fleet(cost(20), cost(15)), NOW)
    assert judgement.message == (
        "2 trainings of this model in 2013-06 cost 35.00 USD, and 17.50 USD are expected for the next: 52.50 USD of 50.00 USD"
    )
    assert judgement.remedy == "wait until 2013-07-01, or raise perMonth above 52.50"


def test_budget_names_both_currencies_and_the_models_without_a_price() -> None:
    said = budget(fleet=True).judge(fleet(cost(1, currency="EUR", model=OTHER)), NOW).message
    assert said == "some trainings cost EUR, but the budget is in USD"
    unpriced = budget(fleet=True).judge(fleet(cost(None, model=OTHER), cost(1)), NOW)
    assert unpriced.message == "1 of 2 trainings in 2013-06 have no cost, 0 allowed: of weather"
    assert "declare spec.price of weather" in unpriced.remedy


@each(
    ("now", "first", "end"),
    [
        (NOW, JUNE, datetime(2013, 7, 1, tzinfo=UTC)),
        (JUNE, JUNE, datetime(2013, 7, 1, tzinfo=UTC)),
        (JUNE - timedelta(microseconds=1), datetime(2013, 5, 1, tzinfo=UTC), JUNE),
        (datetime(2013, 12, 31, 23, 59, tzinfo=UTC), datetime(2013, 12, 1, tzinfo=UTC), datetime(2014, 1, 1, tzinfo=UTC)),
        (datetime(2012, 2, 29, tzinfo=UTC), datetime(2012, 2, 1, tzinfo=UTC), datetime(2012, 3, 1, tzinfo=UTC)),
    ],
)
def test_a_month_is_the_calendars(now: datetime, first: datetime, end: datetime) -> None:
    assert month_of(now) == (first, end)


def trained(*hours_ago: float, model: str = "flight-delay") -> list[TrainingRecord]:
    return [TrainingRecord(model=model, at=NOW - ago * HOUR) for ago in hours_ago]


@each(
    ("trainings", "whole", "said"),
    [
        ([], False, "YES belowLimit"),
        (trained(3, 2), False, "YES belowLimit"),
        (trained(3, 2, 1), False, "NO limitReached"),
        (trained(24, 2, 1), False, "YES belowLimit"),
        (trained(23.9, 2, 1), False, "NO limitReached"),
        (trained(-5, 2, 1), False, "NO limitReached"),
        (trained(3, 2, 1, model=OTHER), False, "YES belowLimit"),
        ([*trained(3, model=OTHER), *trained(2, 1)], True, "NO limitReached"),
    ],
)
def test_rate_limit_counts_the_newest_trainings(trainings: list[TrainingRecord], whole: bool, said: str) -> None:
    assert short(RateLimit(type="rateLimit", at_most=3, per="24h", fleet=whole).judge(fleet(*trainings), NOW)) == said


def test_rate_limit_says_when_there_is_room_again() -> None:
    rule = RateLimit(type="rateLimit", at_most=2, per="24h")
    seen = fleet(*trained(20, 10, 1))
    judgement = rule.judge(seen, NOW)
    assert judgement.message == "3 trainings of this model in 1d, at most 2"
    assert judgement.remedy == "wait until 2013-06-02T02:00:00Z"
    assert rule.judge(seen, NOW + 14 * HOUR).code == "belowLimit"


@each(
    ("others", "said"),
    [
        ((), "YES roomForOne"),
        (("flight-delay",), "YES roomForOne"),
        (("weather",), "YES roomForOne"),
        (("flight-delay", "weather"), "YES roomForOne"),
        (("gates", "weather"), "NO tooManyInFlight"),
        (("flight-delay", "gates", "weather"), "NO tooManyInFlight"),
    ],
)
def test_concurrency_leaves_room_for_one_more(others: tuple[str, ...], said: str) -> None:
    assert short(Concurrency(type="concurrency", at_most=2).judge(fleet(in_flight=others), NOW)) == said


def test_concurrency_names_some_of_many() -> None:
    judgement = Concurrency(type="concurrency", at_most=2).judge(fleet(in_flight=tuple("gfedcba")), NOW)
    assert judgement.message == "7 other models have a change in flight, fewer than 2 needed: a, b, c, d, e and 2 more"


@pytest.mark.parametrize(
    "rule", [budget(fleet=True), RateLimit.model_validate({"type": "rateLimit", "atMost": 9, "per": "7d", "fleet": True})]
)
def test_trainings_that_a_broken_ledger_may_hide_block_what_counts_the_fleet(rule: Any) -> None:
    seen = facts(fleet=Fleet(trainings=(cost(1),), untold=frozenset({OTHER})))
    told = rule.judge(seen, NOW)
    assert short(told) == "UNKNOWN ledgerBroken"
    assert told.message.startswith("the ledger of weather is broken")
    assert rule.model_copy(update={"fleet": False}).judge(seen, NOW).answer == "YES"
