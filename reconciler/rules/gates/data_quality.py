"""Gate `dataQuality`: the data that the candidate was made from keeps its contract."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field

from reconciler.domain.evidence import Quality
from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.rules.base import GateRule
from reconciler.rules.evidence import TRAIN_AGAIN, evidence_of


class Severity(StrEnum):
    """How bad it is that an expectation fails; the words of Great Expectations, worst first."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class DataQuality(GateRule):
    """All expectations of the dataset's contract hold on the snapshot."""

    type: Literal["dataQuality"]
    measured_in: ClassVar[str] = "validate"
    severity: Severity = Field(default=Severity.CRITICAL, strict=False)
    """Failures of this severity refuse, and of any worse one; lesser ones are only told."""

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES only when expectations were evaluated and none that matters failed."""
        evidence = evidence_of(facts)
        quality = evidence if isinstance(evidence, Missing) else evidence.quality
        match quality:
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy=TRAIN_AGAIN)
            case Quality():
                return self._judge(quality)

    def _judge(self, quality: Quality) -> Judgement:
        by_severity = (quality.failures, quality.warnings, quality.infos)
        place = list(Severity).index(self.severity) + 1
        failures, lesser = (sum(part, ()) for part in (by_severity[:place], by_severity[place:]))
        if failures:
            said = f"{len(failures)} of {quality.evaluated} expectations failed: " + "; ".join(failures)
            return no(self.type, "expectationsFailed", said, remedy="mend the data or change its contract, then train again")
        if quality.evaluated <= 0:
            return unknown(self.type, "nothingEvaluated", "0 expectations evaluated, 1 needed", remedy=TRAIN_AGAIN)
        told = f"; {len(lesser)} lesser ones did: " + "; ".join(lesser) if lesser else ""
        return yes(self.type, "expectationsMet", f"0 of {quality.evaluated} expectations failed{told}")
