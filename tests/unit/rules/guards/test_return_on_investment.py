"""Guard `returnOnInvestment`: what retrains gained, times what a unit is worth, against what they cost."""

import math
from typing import Any

from reconciler.domain.facts import History, ModelFacts, RetrainGain
from reconciler.rules.guards.return_on_investment import ReturnOnInvestment
from tests.builders import DAY, NOW, a_build, facts
from tests.cases import each


def gained(
    gain: float | None, cost: float | None = 10.0, *, refused: bool = False, currency: str = "USD", metric: str = "rocAuc"
) -> RetrainGain:
    return RetrainGain(
        at=NOW - DAY,
        digest=a_build().digest,
        gains={} if gain is None else {metric: gain},
        refused=refused,
        cost=cost,
        currency=currency if cost is not None else "",
    )


def seen(*gains: RetrainGain) -> ModelFacts:
    return facts(history=History(gains=gains))


def said(*gains: RetrainGain, **changes: Any) -> str:
    written = {"type": "returnOnInvestment", "metric": "rocAuc", "valuePerUnit": 1000} | changes
    judgement = ReturnOnInvestment.model_validate(written).judge(seen(*gains), NOW)
    return f"{judgement.answer} {judgement.code}"


GOOD, EVEN, POOR, WORSE = (gained(gain) for gain in (0.02, 0.01, 0.005, -0.02))
UNCOMPARED = gained(None)
REFUSED = gained(0.02, refused=True)


@each(
    ("gains", "rule", "answer"),
    [
        ([], {}, "YES learning"),
        ([POOR, POOR], {}, "YES learning"),
        ([POOR, POOR, UNCOMPARED], {}, "YES learning"),
        ([POOR, POOR, gained(0.02, metric="brier")], {}, "YES learning"),
        ([POOR], {"minimumHistory": 1}, "NO doesNotPay"),
        ([GOOD] * 3, {}, "YES pays"),
        ([EVEN] * 3, {}, "YES pays"),
        ([POOR] * 3, {}, "NO doesNotPay"),
        ([POOR] * 3, {"valuePerUnit": 2000}, "YES pays"),
        ([POOR] * 3, {"minimumRatio": 0.5}, "YES pays"),
        ([EVEN] * 3, {"minimumRatio": 1.1}, "NO doesNotPay"),
        ([GOOD, GOOD, WORSE], {}, "NO doesNotPay"),
        ([WORSE] * 3, {"minimumRatio": 0}, "NO doesNotPay"),
        ([EVEN, EVEN, REFUSED], {}, "NO doesNotPay"),
        ([GOOD, EVEN, REFUSED], {}, "YES pays"),
        ([GOOD, EVEN, gained(None, refused=True)], {}, "YES pays"),
        ([WORSE] * 50 + [GOOD] * 10, {}, "YES pays"),
        ([GOOD] * 50 + [POOR] * 10, {}, "NO doesNotPay"),
        ([gained(0.02, None)] * 3, {}, "UNKNOWN costUnknown"),
        ([gained(0.02, None), gained(0.02, None), gained(0.02, 21.0)], {}, "NO doesNotPay"),
        ([gained(0.02, None), gained(0.02, None), gained(0.02, 20.0)], {}, "YES pays"),
        ([GOOD, GOOD, gained(0.02, currency="EUR")], {}, "UNKNOWN otherCurrency"),
        ([gained(0.02, currency="EUR")] * 3, {}, "YES pays"),
        ([GOOD, GOOD, gained(math.inf)], {}, "UNKNOWN notANumber"),
        ([GOOD, GOOD, gained(0.02, math.nan)], {}, "UNKNOWN notANumber"),
    ],
)
def test_a_retrain_must_pay(gains: list[RetrainGain], rule: dict[str, Any], answer: str) -> None:
    assert said(*gains, **rule) == answer


def test_it_says_gain_worth_and_cost() -> None:
    rule = ReturnOnInvestment(type="returnOnInvestment", metric="rocAuc", value_per_unit=20_000, minimum_ratio=2)
    judgement = rule.judge(seen(*[gained(0.0004)] * 3), NOW)
    assert judgement.message == (
        "the newest 3 retrains gained +0.0004 rocAuc on average, worth 8.00 USD, at a cost of 10.00 USD; "
        "at least 2 times the cost needed"
    )


def test_while_it_learns_it_says_how_much_is_missing() -> None:
    judgement = ReturnOnInvestment(type="returnOnInvestment", metric="rocAuc", value_per_unit=1).judge(seen(GOOD), NOW)
    assert judgement.message == "1 retrains with a known gain in rocAuc, 3 needed to judge their worth"
