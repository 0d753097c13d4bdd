"""Gate `parity`: what is answered to a request in JSON is what was predicted offline."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.measured.serving import Parity as Beside
from reconciler.rules.base import GateRule
from reconciler.rules.evidence import TRAIN_AGAIN, evidence_of
from reconciler.rules.fields import Count

_MOST_SHOWN = 3


class Parity(GateRule):
    """No answer differs by more than `tolerance`: of hold-out rows alone and together, and of the package's samples."""

    type: Literal["parity"]
    measured_in: ClassVar[str] = "verify"
    tolerance: Annotated[float, Field(ge=0)] = 1e-6
    """Of a difference, divided by the prediction where that is larger than 1."""
    minimum_rows: Count = 50
    """Fewer hold-out rows are no answer; at most 200 are sent."""

    def asks(self) -> frozenset[str]:
        """A process of the serving environment that is sent requests."""
        return frozenset({"parity"})

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `answersAgree`, NO `answersDiffer` or `unanswered`, UNKNOWN `insufficientData` or not measured."""
        evidence = evidence_of(facts)
        found = evidence if isinstance(evidence, Missing) else evidence.parity
        match found:
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy=TRAIN_AGAIN)
            case Beside(rows=rows, sample_rows=samples) if rows < self.minimum_rows or samples < 1:
                said = f"{rows} rows of the hold-out and {samples} samples sent, {self.minimum_rows} and 1 needed"
                return unknown(self.type, "insufficientData", said, remedy="a longer hold-out")
            case Beside(unanswered=unanswered) if unanswered:
                said = f"{unanswered} rows got no number for an answer, 0 allowed"
                return no(self.type, "unanswered", said, remedy="a model that answers every row with a number")
            case beside:
                return self._compare(beside)

    def _compare(self, beside: Beside) -> Judgement:
        parts = {"one by one": beside.one_by_one, "together": beside.together, "samples": beside.samples}
        shown = ", ".join(f"{name} {value:.3g}" for name, value in parts.items())
        said = (
            f"the largest difference over {beside.rows} rows is {max(parts.values()):.3g} ({shown}), {self.tolerance:g} allowed"
        )
        told = "; ".join([said, *beside.changed[:_MOST_SHOWN]])
        if max(parts.values()) <= self.tolerance:
            return yes(self.type, "answersAgree", told)
        return no(self.type, "answersDiffer", told, remedy=self._remedy(beside))

    def _remedy(self, beside: Beside) -> str:
        """Which of the comparisons broke tells where to look."""
        if beside.changed:
            return "have serving treat the features as training does: types and missing values as the dataset declares them"
        if beside.one_by_one > self.tolerance >= beside.together:
            return "a model whose answer for a row does not depend on the other rows of the request"
        if beside.samples > self.tolerance >= max(beside.one_by_one, beside.together):
            return "package the samples again with this model: train again"
        return "the same versions in serving as in training, and a model that answers the same twice"
