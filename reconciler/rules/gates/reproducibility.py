"""Gate `reproducibility`: a second training, in a process of its own, gives the same bytes."""

from datetime import datetime
from typing import ClassVar, Literal

from reconciler.domain.evidence import Repeated
from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Known, Missing
from reconciler.domain.names import short
from reconciler.rules.base import GateRule
from reconciler.rules.evidence import TRAIN_AGAIN, evidence_of


class Reproducibility(GateRule):
    """The model is trained twice on the same snapshot, and both have the same digest. Costs a second training."""

    type: Literal["reproducibility"]
    measured_in: ClassVar[str] = "verify"

    def asks(self) -> frozenset[str]:
        """The second training."""
        return frozenset({"reproducibility"})

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `reproduced`, NO `notReproduced`."""
        match self._repeated(facts):
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy=TRAIN_AGAIN)
            case Repeated(first=first, second=second) if first == second:
                return yes(self.type, "reproduced", f"trained twice, both times {short(first)}")
            case Repeated(first=first, second=second):
                said = f"the first training gave {short(first)}, the second {short(second)}"
                remedy = "seed what is random in the training, and let it read neither clock nor threads"
                return no(self.type, "notReproduced", said, remedy=remedy)

    def _repeated(self, facts: ModelFacts) -> Known[Repeated]:
        evidence = evidence_of(facts)
        return evidence if isinstance(evidence, Missing) else evidence.repeated
