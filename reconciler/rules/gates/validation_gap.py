"""Gate `validationGap`: the candidate is not much better on the rows it learnt from than on those it never saw."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

from pydantic import ConfigDict, model_validator

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.metrics import METRICS
from reconciler.rules.base import GateRule
from reconciler.rules.choices import OptionalCut, OptionalMetric, at_most_one, check_at_most_one
from reconciler.rules.evidence import TRAIN_AGAIN, evidence_of, metric_of
from reconciler.rules.fields import Count

USUAL_SHARE = 0.1
"""Of the metric on the training rows; what may be lost when the policy gives no bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """The metric on the training rows, and on the hold-out. Gaps are positive where the hold-out is worse."""

    metric: str
    training: float
    holdout: Measured

    @property
    def point(self) -> float:
        return self._worse_than(self.holdout.value)

    @property
    def least(self) -> float:
        """The gap if the hold-out was as unlucky as its interval allows."""
        return self._worse_than(self.holdout.high if METRICS[self.metric].higher_is_better else self.holdout.low)

    def _worse_than(self, holdout: float) -> float:
        return self.training - holdout if METRICS[self.metric].higher_is_better else holdout - self.training


class ValidationGap(GateRule):
    """What the metric loses from the training rows to the hold-out is beyond chance no more than the bound."""

    model_config = ConfigDict(json_schema_extra=at_most_one("atMost", "shareAtMost"))

    type: Literal["validationGap"]
    metric: OptionalMetric = None
    """Left out: the model's primary metric."""
    at_most: OptionalCut = None
    """The widest gap, in the metric's own unit."""
    share_at_most: OptionalCut = None
    """The widest gap as a share of the metric on the training rows."""
    minimum_rows: Count = 200
    """Fewer rows in the hold-out are no answer."""

    @model_validator(mode="after")
    def _one_bound(self) -> Self:
        check_at_most_one(self, at_most="atMost", share_at_most="shareAtMost")
        return self

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `gapKept`, NO `gapTooWide`; UNKNOWN when it is missing, not a number, or of too few rows."""
        match self._measured(facts):
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy=TRAIN_AGAIN)
            case _Gap(metric=metric, holdout=Measured(rows=rows)) if rows < self.minimum_rows:
                said = f"{metric} over {rows} rows, {self.minimum_rows} needed"
                return unknown(self.type, "insufficientData", said, remedy="a longer hold-out")
            case gap:
                return self._compare(gap)

    def _measured(self, facts: ModelFacts) -> Known[_Gap]:
        evidence = evidence_of(facts)
        if isinstance(evidence, Missing):
            return evidence
        holdout, training, metric = evidence.metrics, evidence.training, metric_of(evidence, self.metric)
        if isinstance(holdout, Missing):
            return holdout
        if isinstance(training, Missing):
            return training
        if isinstance(metric, Missing):
            return metric
        if metric not in holdout or metric not in training:
            return Missing(code="notMeasured", why=f"{metric} was not measured on both the training rows and the hold-out")
        return _Gap(metric=metric, training=training[metric], holdout=holdout[metric])

    def _compare(self, gap: _Gap) -> Judgement:
        share = USUAL_SHARE if self.share_at_most is None else self.share_at_most
        bound = self.at_most if self.at_most is not None else share * abs(gap.training)
        in_share = "" if self.at_most is not None else f" ({share:.0%} of the training rows' value)"
        holdout = gap.holdout
        said = (
            f"{gap.metric} {gap.training:.4g} on the training rows, {holdout.value:.4g} on {holdout.rows} of the hold-out; "
            f"gap {gap.point:+.4g}, at least {gap.least:+.4g} beyond chance, at most {bound:.4g}{in_share} wanted"
        )
        if not all(map(math.isfinite, (gap.training, gap.point, gap.least))):
            return unknown(self.type, "notANumber", said, remedy=TRAIN_AGAIN)
        if gap.least <= bound:
            return yes(self.type, "gapKept", said)
        return no(self.type, "gapTooWide", said, remedy="a simpler or more regularised model, or more training rows")
