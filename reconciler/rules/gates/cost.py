"""Gate `cost`: what the training took and cost, and what predictions will cost, is worth it."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, Literal, Self

from pydantic import ConfigDict, model_validator

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes
from reconciler.domain.known import Known, Missing
from reconciler.domain.live import TrainingRecord
from reconciler.domain.measured.serving import Latency
from reconciler.rules.base import GateRule
from reconciler.rules.choices import OptionalCut, OptionalDuration
from reconciler.rules.combine import together
from reconciler.rules.evidence import TRAIN_AGAIN, candidate_of
from reconciler.rules.fields import duration_text
from reconciler.rules.money import Currency, money
from reconciler.rules.noise import QUIETER, at_most

_BOUNDS = {"per_training": "perTraining", "longest": "longest", "per_thousand_predictions": "perThousandPredictions"}
_DECLARE = "declare spec.price of the model (0 per hour will do), then train again"
_CHEAPER = "a smaller model, fewer rows, or a cheaper machine"
SINGLE = "1"
"""The latency that predictions are priced by: of requests of one row."""


class Cost(GateRule):
    """Each bound that is given holds: of the candidate's training as the ledger has it, and of predictions by their latency."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [key]} for key in _BOUNDS.values()],
            "dependentRequired": {"perThousandPredictions": ["servingHour"], "servingHour": ["perThousandPredictions"]},
        }
    )

    type: Literal["cost"]
    measured_in: ClassVar[str] = "verify"
    per_training: OptionalCut = None
    """What the training may cost, in `currency`."""
    longest: OptionalDuration = None
    """How long the training may take."""
    per_thousand_predictions: OptionalCut = None
    """What 1,000 requests of one row may cost, in `currency`."""
    serving_hour: OptionalCut = None
    """What an hour of one serving process costs, in `currency`."""
    currency: Currency = "USD"
    """ISO 4217; that of the model's `spec.price`."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if all(getattr(self, attribute) is None for attribute in _BOUNDS):
            raise ValueError(f"give at least one of {', '.join(_BOUNDS.values())}")
        if (self.per_thousand_predictions is None) != (self.serving_hour is None):
            raise ValueError("give perThousandPredictions and servingHour together")
        return self

    def asks(self) -> frozenset[str]:
        """The latency of single requests, if predictions are priced."""
        return frozenset() if self.serving_hour is None else frozenset({f"latency/{SINGLE}"})

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `worthIt`, NO `tooDear` or `tooSlow`; UNKNOWN `costUnknown`, `otherCurrency`, `inconclusive` or not measured."""
        candidate = candidate_of(facts)
        if isinstance(candidate, Missing):
            return unknown(self.type, candidate.code, candidate.why, remedy=TRAIN_AGAIN)
        digest = candidate.build.digest
        mine = [one for one in facts.fleet.trainings if (one.model, one.digest) == (facts.model, digest)]
        training = mine[0] if mine else TrainingRecord(model=facts.model, at=candidate.trained_at)
        latency = candidate.evidence.latency
        single = latency if isinstance(latency, Missing) else latency.get(SINGLE, _UNTIMED)
        return together([*self._training(training), *self._predictions(single)])

    def _training(self, training: TrainingRecord) -> Iterator[Judgement]:
        if self.longest is not None:
            yield self._time(training.seconds, self.longest.total_seconds(), duration_text(self.longest))
        if self.per_training is not None:
            yield self._price(training, self.per_training)

    def _time(self, seconds: float | None, bound: float, written: str) -> Judgement:
        if seconds is None:
            said = f"how long the training took is not known, at most {written} wanted"
            return unknown(self.type, "costUnknown", said, remedy=_DECLARE)
        said = f"the training took {seconds:,.0f} s, at most {bound:,.0f} s wanted"
        return yes(self.type, "worthIt", said) if seconds <= bound else no(self.type, "tooSlow", said, remedy=_CHEAPER)

    def _price(self, training: TrainingRecord, bound: float) -> Judgement:
        wanted = f"at most {money(bound, self.currency)} wanted"
        if training.cost is None:
            said = f"what the training cost is not known, {wanted}"
            return unknown(self.type, "costUnknown", said, remedy=_DECLARE)
        said = f"the training cost {money(training.cost, training.currency)}, {wanted}"
        if training.currency != self.currency:
            return unknown(self.type, "otherCurrency", said, remedy="write the gate and spec.price in one currency")
        return yes(self.type, "worthIt", said) if training.cost <= bound else no(self.type, "tooDear", said, remedy=_CHEAPER)

    def _predictions(self, single: Known[Latency]) -> Iterator[Judgement]:
        bound, hour = self.per_thousand_predictions, self.serving_hour
        if bound is None or hour is None:
            return
        if isinstance(single, Missing):
            yield unknown(self.type, single.code, f"the latency of predictions: {single.why}", remedy=TRAIN_AGAIN)
            return
        cost = single.p50.middle * 1000 / 3600 * hour
        said = f"1,000 predictions cost {cost:.3g} {self.currency}, at most {bound:g} {self.currency} wanted"
        match at_most(single.p50, bound / (1000 / 3600 * hour) if hour else float("inf")):
            case Answer.YES:
                yield yes(self.type, "worthIt", said)
            case Answer.NO:
                yield no(self.type, "tooDear", said, remedy=_CHEAPER)
            case Answer.UNKNOWN:
                yield unknown(self.type, "inconclusive", said, remedy=QUIETER)


_UNTIMED = Missing(code="notMeasured", why="requests of one row were not timed")
