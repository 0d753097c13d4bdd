"""Gate `beatsLive`: the candidate does better than the champion (or not worse) on the same rows, beyond chance."""

import math
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from reconciler.domain.evidence import Comparison, Gain
from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.rules.base import GateRule
from reconciler.rules.choices import GainConfidence, MetricName
from reconciler.rules.combine import together
from reconciler.rules.evidence import MORE_ROWS, beside_champion, evidence_of, quantile
from reconciler.rules.fields import Count, Written


class Mode(StrEnum):
    """Better beyond doubt, or beyond doubt not worse than the margin."""

    SUPERIORITY = "superiority"
    NON_INFERIORITY = "nonInferiority"


class Guardrail(Written):
    """A further metric, in which the candidate must not be worse than its own margin."""

    metric: MetricName
    margin: Annotated[float, Field(ge=0)] = 0.0
    """How much worse at most, in the metric's own unit."""


_NON_INFERIORITY: dict[str, Any] = {"properties": {"mode": {"const": "nonInferiority"}}, "required": ["mode"]}


class BeatsLive(GateRule):
    """The lower bound of the paired bootstrap of the gain exceeds `minGain` (superiority) or -`margin` (nonInferiority).

    That is judged of the primary `metric`; of every guardrail the lower bound exceeds -`margin` of its own.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "if": _NON_INFERIORITY,
            "then": {"not": {"required": ["minGain"]}},
            "else": {"not": {"required": ["margin"]}},
        }
    )

    type: Literal["beatsLive"]
    metric: MetricName
    mode: Mode = Field(default=Mode.SUPERIORITY, strict=False)
    min_gain: Annotated[float, Field(ge=0)] = 0.0
    """Of superiority: how much better at least, in the metric's own unit."""
    margin: Annotated[float, Field(ge=0)] = 0.0
    """Of nonInferiority: how much worse at most, in the metric's own unit."""
    confidence: GainConfidence = 0.95
    """One-sided: how sure the bound must be."""
    minimum_rows: Count = 500
    """Fewer rows compared are no answer."""
    guardrails: Annotated[tuple[Guardrail, ...], Field(strict=False)] = ()
    """Metrics beside the primary one, each not to be worse by its own margin, with the same confidence and rows."""

    @model_validator(mode="after")
    def _own_bound(self) -> Self:
        foreign, key = ("margin", "margin") if self.mode is Mode.SUPERIORITY else ("min_gain", "minGain")
        if foreign in self.model_fields_set:
            raise ValueError(f"{key} means nothing with mode {self.mode}")
        return self

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `blessed` or `noBaseline`, NO `rejected`, UNKNOWN `inconclusive`, `championNotComparable`, `staleBaseline`."""
        evidence = evidence_of(facts)
        compared = evidence if isinstance(evidence, Missing) else evidence.comparison
        found = beside_champion(self.type, facts, compared)
        return found if isinstance(found, Judgement) else self._judge_gains(found)

    @property
    def bound(self) -> float:
        """What the lower bound of the gain must exceed."""
        return self.min_gain if self.mode is Mode.SUPERIORITY else -self.margin

    def _judge_gains(self, comparison: Comparison) -> Judgement:
        """All must be beyond their bounds, so a worse model passes no more often than one bound alone would let it."""
        bounds = [(self.metric, self.bound), *((guardrail.metric, -guardrail.margin) for guardrail in self.guardrails)]
        return together([self._judge_gain(metric, comparison.gains.get(metric), bound) for metric, bound in bounds])

    def _judge_gain(self, metric: str, gain: Gain | None, bound: float) -> Judgement:
        if gain is None:
            return self._inconclusive(f"{metric} was not compared")
        lower = quantile(gain, 1 - self.confidence)
        if gain.rows < self.minimum_rows:
            return self._inconclusive(f"{metric} compared on {gain.rows} rows, {self.minimum_rows} needed")
        if lower is None or not all(map(math.isfinite, (lower, gain.gain, gain.champion, gain.challenger))):
            return self._inconclusive(f"{metric}: the gain or its bound at confidence {self.confidence:g} is not a number")
        said = (
            f"{metric} {gain.champion:.4g} live, {gain.challenger:.4g} candidate on {gain.rows} rows; "
            f"gain {gain.gain:+.4g}, lower bound {lower:+.4g} at confidence {self.confidence:g}, above {bound:+.4g} wanted"
        )
        if lower > bound:
            return yes(self.type, "blessed", said)
        return no(self.type, "rejected", said, remedy=f"a lower bound of the gain in {metric} above {bound:+.4g}")

    def _inconclusive(self, why: str) -> Judgement:
        return unknown(self.type, "inconclusive", why, remedy=MORE_ROWS)
