"""Gate `floor`: the candidate is good enough by itself, whatever is live."""

import math
from datetime import datetime
from typing import Literal, Self

from pydantic import ConfigDict, model_validator

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Known, Measured, Missing
from reconciler.rules.base import GateRule
from reconciler.rules.choices import IntervalConfidence, MetricName, OptionalNumber, check_exactly_one, exactly_one
from reconciler.rules.evidence import TRAIN_AGAIN, evidence_of
from reconciler.rules.fields import Count


class Floor(GateRule):
    """The metric on the hold-out is `atLeast` or `atMost` the bound."""

    model_config = ConfigDict(json_schema_extra=exactly_one("atLeast", "atMost"))

    type: Literal["floor"]
    metric: MetricName
    at_least: OptionalNumber = None
    at_most: OptionalNumber = None
    minimum_rows: Count = 200
    """Fewer rows in the hold-out are no answer."""
    confidence: IntervalConfidence = None
    """Judge the worse end of the bootstrap interval instead of the point."""

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        check_exactly_one(self, at_least="atLeast", at_most="atMost")
        return self

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when the metric keeps the bound; UNKNOWN when it is missing, not a number, or of too few rows."""
        match self._measured(facts):
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy=TRAIN_AGAIN)
            case Measured(rows=rows) if rows < self.minimum_rows:
                said = f"{self.metric} over {rows} rows, {self.minimum_rows} needed"
                return unknown(self.type, "insufficientData", said, remedy="a longer hold-out")
            case measured:
                return self._compare(measured)

    def _measured(self, facts: ModelFacts) -> Known[Measured]:
        evidence = evidence_of(facts)
        if isinstance(evidence, Missing):
            return evidence
        if isinstance(evidence.metrics, Missing):
            return evidence.metrics
        absent = Missing(code="notMeasured", why=f"{self.metric} was not measured: {len(evidence.metrics)} other metrics were")
        return evidence.metrics.get(self.metric, absent)

    def _compare(self, measured: Measured) -> Judgement:
        worse = measured.low if self.at_least is not None else measured.high
        value = measured.value if self.confidence is None else worse
        end = "" if self.confidence is None else f" (worse end {worse:.4g})"
        said = f"{self.metric} {measured.value:.4g}{end} over {measured.rows} rows, {self._bound()} wanted"
        if not (math.isfinite(value) and math.isfinite(measured.value)):
            return unknown(self.type, "notANumber", said, remedy=TRAIN_AGAIN)
        kept = value >= self.at_least if self.at_least is not None else self.at_most is not None and value <= self.at_most
        if kept:
            return yes(self.type, "floorKept", said)
        return no(self.type, "floorMissed", said, remedy=f"{self.metric} {self._bound()}")

    def _bound(self) -> str:
        return f"at least {self.at_least:g}" if self.at_least is not None else f"at most {self.at_most:g}"
