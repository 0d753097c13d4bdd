"""Guard `dataQuality`: a model is never trained on a stream that breaks its contract."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.live import LiveQuality, QualityCheck
from reconciler.domain.needs import Lookback, Need, QualityNeed
from reconciler.rules.base import Rule
from reconciler.rules.choices import not_empty
from reconciler.rules.fields import Duration, duration_text


class DataQuality(Rule):
    """No check of the window's rows found anything, but for those that are ignored."""

    type: Literal["dataQuality"]
    window: Duration = timedelta(days=7)
    ignore: Annotated[
        tuple[Annotated[QualityCheck, Field(strict=False)], ...],
        Field(strict=False, json_schema_extra={"minItems": 1}),
        AfterValidator(not_empty),
    ] = ()
    """What these find is let pass, e.g. [newColumn]."""

    def needs(self) -> frozenset[Need]:
        """The quality of the window."""
        return frozenset({self._need})

    @property
    def _need(self) -> QualityNeed:
        return QualityNeed(window=Lookback(length=self.window))

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when something was checked and nothing was found; UNKNOWN when nothing could be checked."""
        match facts.live.quality.get(self._need):
            case None:
                return self._cannot_tell("notMeasured", "the quality of the window was not measured")
            case Missing(code=code, why=why):
                return self._cannot_tell(code, why)
            case seen:
                return self._judge_findings(seen)

    def _judge_findings(self, seen: LiveQuality) -> Judgement:
        checked = [check for check in seen.evaluated if check not in self.ignore]
        found = [finding for finding in seen.findings if finding.check not in self.ignore]
        where = f"of {len(checked)} checks of {seen.rows} rows in {duration_text(self.window)}, 0 allowed"
        if found:
            told = "; ".join(f"{finding.check}: {finding.message}" for finding in found)
            return no(self.type, "findings", f"{len(found)} findings {where}: {told}", remedy="mend the data at its source")
        if seen.rows < 1:
            return self._cannot_tell("noRows", f"0 rows in {duration_text(self.window)}, 1 needed")
        if not checked:
            return self._cannot_tell("nothingEvaluated", f"0 checks of {seen.rows} rows were made, 1 needed")
        return yes(self.type, "noFindings", f"0 findings {where}")

    def _cannot_tell(self, code: str, why: str) -> Judgement:
        return unknown(self.type, code, why, remedy="make the dataset's rows readable")
