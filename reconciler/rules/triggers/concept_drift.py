"""Trigger `conceptDrift`: the same features no longer lead to the same labels, so the released model's loss grew."""

import math
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.live import ConceptDrift as Found
from reconciler.domain.live import LossChange
from reconciler.domain.needs import ConceptNeed, Detector, Need
from reconciler.rules.base import Rule
from reconciler.rules.choices import not_null
from reconciler.rules.fields import Count, Duration, time_text

SENSITIVE = (Detector.ADWIN, Detector.KSWIN)
"""The detectors that have a sensitivity."""
_INSENSITIVE: dict[str, Any] = {
    "required": ["detector"],
    "properties": {"detector": {"enum": [detector.value for detector in Detector if detector not in SENSITIVE]}},
}


class ConceptDrift(Rule):
    """The newest change that the detector found in the losses of mature rows is for the worse, and past the release's level."""

    model_config = ConfigDict(json_schema_extra={"if": _INSENSITIVE, "then": {"not": {"required": ["sensitivity"]}}})

    type: Literal["conceptDrift"]
    detector: Detector = Field(default=Detector.ADWIN, strict=False)
    """How a change is found."""
    sensitivity: Annotated[Annotated[float, Field(gt=0, lt=1)] | SkipJsonSchema[None], BeforeValidator(not_null)] = None
    """Delta of adwin (0.002), alpha of kswin: smaller finds less, and errs less."""
    season: Duration = timedelta(days=7)
    """Within so long the order of rows is mixed: what comes back in every one is no drift."""
    minimum_rows: Count = 500
    """Fewer mature rows that the release has not learnt from are no answer."""

    @model_validator(mode="after")
    def _has_sensitivity(self) -> Self:
        if self.sensitivity is not None and self.detector not in SENSITIVE:
            raise ValueError(f"sensitivity means nothing with detector {self.detector}")
        return self

    def needs(self) -> frozenset[Need]:
        """The detector's run over the losses."""
        return frozenset({self._need})

    @property
    def _need(self) -> ConceptNeed:
        return ConceptNeed(detector=self.detector, sensitivity=self.sensitivity, season=self.season)

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when the loss changed for the worse last, beyond the release's hold-out; NO when it did not."""
        match facts.live.concept.get(self._need):
            case None:
                return self._too_little(f"{self.detector} was not run over the losses")
            case Missing(why=why):
                return self._too_little(why)
            case found if found.rows < self.minimum_rows:
                return self._too_little(f"{found.rows} mature rows since the release's data, {self.minimum_rows} needed")
            case found if not found.changes:
                said = f"{self.detector} found 0 changes of the {found.loss} in {found.rows} mature rows"
                return no(self.type, "noChange", said, remedy="a change of the loss for the worse")
            case found:
                return self._judge_change(found, found.changes[-1])

    def _judge_change(self, found: Found, newest: LossChange) -> Judgement:
        if not (math.isfinite(newest.before) and math.isfinite(newest.after)):
            return self._too_little(f"the {found.loss} {newest.before:g} -> {newest.after:g} is not a number")
        kind = f" ({found.kind})" if found.kind else ""
        said = (
            f"{found.loss} {newest.before:.4g} -> {newest.after:.4g} at {time_text(newest.at)}{kind}, by {self.detector}: "
            f"{newest.rows_before} rows before, {newest.rows_after} after, {found.rows} mature rows in all"
        )
        if found.baseline is not None:
            said += f"; {found.baseline:.4g} on the release's hold-out"
        if found.worse:
            return yes(self.type, "lossGrew", said)
        code = "lossAsReleased" if newest.worse else "lossFell"
        return no(self.type, code, said, remedy="a change of the loss for the worse, beyond what it was at the release")

    def _too_little(self, why: str) -> Judgement:
        return unknown(self.type, "insufficientData", why, remedy="wait for more mature rows")
