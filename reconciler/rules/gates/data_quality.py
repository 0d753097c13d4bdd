"""Gate `dataQuality`: the data that the candidate was made from keeps its contract."""

from datetime import datetime
from typing import ClassVar, Literal

from reconciler.domain.evidence import Quality
from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.rules.base import GateRule
from reconciler.rules.evidence import TRAIN_AGAIN, evidence_of


class DataQuality(GateRule):
    """All expectations of the dataset's contract hold on the snapshot."""

    type: Literal["dataQuality"]
    measured_in: ClassVar[str] = "validate"

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES only when expectations were evaluated and none failed."""
        evidence = evidence_of(facts)
        quality = evidence if isinstance(evidence, Missing) else evidence.quality
        match quality:
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy=TRAIN_AGAIN)
            case Quality(failures=failures) if failures:
                said = f"{len(failures)} of {quality.evaluated} expectations failed: " + "; ".join(failures)
                return no(self.type, "expectationsFailed", said, remedy="mend the data or change its contract, then train again")
            case Quality(evaluated=evaluated) if evaluated <= 0:
                return unknown(self.type, "nothingEvaluated", "0 expectations evaluated, 1 needed", remedy=TRAIN_AGAIN)
            case Quality(evaluated=evaluated):
                return yes(self.type, "expectationsMet", f"0 of {evaluated} expectations failed")
