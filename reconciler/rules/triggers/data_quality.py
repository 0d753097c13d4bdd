"""Trigger `dataQuality`: the live stream breaks the dataset's contract, which may have changed for good."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.live import LiveQuality, QualityCheck
from reconciler.domain.needs import Lookback, Need, QualityNeed
from reconciler.rules.base import Rule
from reconciler.rules.choices import Windows, not_empty
from reconciler.rules.combine import over_windows
from reconciler.rules.fields import Duration, duration_text


class DataQuality(Rule):
    """A check of the live stream found something in each of the newest `consecutive` windows."""

    type: Literal["dataQuality"]
    window: Duration = timedelta(days=7)
    checks: Annotated[
        tuple[Annotated[QualityCheck, Field(strict=False)], ...],
        Field(strict=False, json_schema_extra={"minItems": 1}),
        AfterValidator(not_empty),
    ] = ()
    """Look only at what these found; left out: at all."""
    consecutive: Windows = 1
    """Adjacent windows that must all agree, so that one bad week is not enough."""

    def needs(self) -> frozenset[Need]:
        """The quality of each window."""
        return frozenset(self._need(index) for index in range(self.consecutive))

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when a check found something in every window; UNKNOWN when none did and one could not be made."""
        return over_windows(self.type, [self._judge_window(facts, index) for index in range(self.consecutive)])

    def _need(self, index: int) -> QualityNeed:
        return QualityNeed(window=Lookback(length=self.window, index=index))

    def _judge_window(self, facts: ModelFacts, index: int) -> Judgement:
        match facts.live.quality.get(self._need(index)):
            case None:
                return self._too_little("notMeasured", f"the quality of window {index} was not measured")
            case Missing(code=code, why=why):
                return self._too_little(code, why)
            case seen:
                return self._judge_findings(seen)

    def _judge_findings(self, seen: LiveQuality) -> Judgement:
        wanted = self.checks or seen.evaluated
        found = [finding for finding in seen.findings if not self.checks or finding.check in self.checks]
        undone = [check for check in wanted if check not in seen.evaluated]
        where = f"of {len(wanted)} checks of {seen.rows} rows in {duration_text(self.window)}"
        if found:
            told = "; ".join(f"{finding.check}: {finding.message}" for finding in found)
            return yes(self.type, "findings", f"{len(found)} findings {where}, 1 fires: {told}")
        if undone or not wanted:
            named = f": {', '.join(undone)}" if undone else ""
            return self._too_little("notEvaluated", f"{len(undone)} {where} could not be made{named}")
        return no(self.type, "noFindings", f"0 findings {where}, 1 fires", remedy="a finding of one of the checks")

    def _too_little(self, code: str, why: str) -> Judgement:
        return unknown(self.type, code, why, remedy="make the dataset's rows readable, or name other checks")
