"""Gate `memory`: a process that loads the package and answers requests fits into the memory that serving has."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.serving import Memory as Weighed
from reconciler.rules.amounts import Size, size_text
from reconciler.rules.base import GateRule
from reconciler.rules.evidence import TRAIN_AGAIN, evidence_of
from reconciler.rules.noise import QUIETER, at_most

USUAL = 512 << 20
"""What a serving container has where its spec says nothing (`spec.serve.resources.memory`)."""


class Memory(GateRule):
    """The largest resident memory of the process, interpreter and libraries included, is at most `atMost`."""

    type: Literal["memory"]
    measured_in: ClassVar[str] = "verify"
    at_most: Size = USUAL
    """Of the whole process; 512Mi is what a serving container has where its spec says nothing."""
    rows: Annotated[int, Field(ge=1, le=100_000)] = 100
    """Of one request."""

    def asks(self) -> frozenset[str]:
        """Processes that answer requests of so many rows."""
        return frozenset({f"memory/{self.rows}"})

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `fits`, NO `tooMuchMemory`; UNKNOWN `inconclusive` within the noise, `insufficientData`, or not measured."""
        weighed = self._weighed(facts)
        if isinstance(weighed, Missing):
            return unknown(self.type, weighed.code, weighed.why, remedy=TRAIN_AGAIN)
        peak = weighed.peak
        said = (
            f"a process that answers requests of {weighed.rows} rows took up to {size_text(peak.middle)} "
            f"({size_text(peak.low)} to {size_text(peak.high)} in {weighed.processes} processes), of which "
            f"{size_text(weighed.libraries)} are the interpreter and its libraries; at most {size_text(self.at_most)} wanted"
        )
        match at_most(peak, self.at_most):
            case Answer.YES:
                return yes(self.type, "fits", said)
            case Answer.NO:
                return no(self.type, "tooMuchMemory", said, remedy="a smaller model, or more memory: spec.serve.resources.memory")
            case Answer.UNKNOWN:
                return unknown(self.type, "inconclusive", said, remedy=QUIETER)

    def _weighed(self, facts: ModelFacts) -> Known[Weighed]:
        evidence = evidence_of(facts)
        if isinstance(evidence, Missing):
            return evidence
        if isinstance(evidence.memory, Missing):
            return evidence.memory
        absent = Missing(code="notMeasured", why=f"requests of {self.rows} rows were not weighed")
        return evidence.memory.get(str(self.rows), absent)
