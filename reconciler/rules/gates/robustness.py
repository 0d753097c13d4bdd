"""Gate `robustness`: inputs that are a little wrong make the answers a little worse, and no more."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Answer, Judgement, no, unknown, yes
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.robustness import Response, Strain, Strained
from reconciler.rules.base import GateRule
from reconciler.rules.choices import GainConfidence, Names, OptionalMetric, not_empty
from reconciler.rules.combine import conjunction
from reconciler.rules.evidence import TRAIN_AGAIN, evidence_of, quantile
from reconciler.rules.fields import Count
from reconciler.rules.perturbation import USUAL, Perturbation, Relation

SURPRISES = 0.01
"""The share of rows that may answer a change against the relation: models round, and trees have steps."""
_MORE = "more labelled rows in the hold-out, then train again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What one trial says. `used` is how much of what it allows was used up; 1 where that is not known."""

    answer: Answer
    code: str
    said: str
    used: float = 1.0


class Robustness(GateRule):
    """Each perturbation of the hold-out costs the metric no more than its bound, and every answer stays a number.

    Beyond doubt either way: the paired bootstrap of the loss lies within the bound (YES) or beyond it (NO).
    """

    type: Literal["robustness"]
    metric: OptionalMetric = None
    """Which metric; left out: the model's primary one."""
    perturbations: Annotated[
        tuple[Perturbation, ...],
        Field(strict=False, json_schema_extra={"minItems": 1}),
        BeforeValidator(lambda values: not_empty(values) if isinstance(values, list | tuple) else values),
    ] = USUAL
    """What is done to the inputs; left out: each kind once, in its usual strength."""
    invariant_to: Names = ()
    """Features that may not matter: with the value of another row, answers stay the same."""
    increases_with: Names = ()
    """Numeric features that may only raise the answer: a standard deviation more never lowers it."""
    decreases_with: Names = ()
    """Numeric features that may only lower the answer."""
    confidence: GainConfidence = 0.95
    """One-sided: how sure the loss must be, either way."""
    minimum_rows: Count = 500
    """Fewer rows in the hold-out are no answer."""

    def asks(self) -> frozenset[str]:
        """Each perturbation and each relation."""
        return frozenset({*self.strains(), *self.relations()})

    def strains(self) -> Mapping[str, Perturbation]:
        """The perturbations by the keys under which they are measured."""
        return {f"robustness/{self.metric or 'primary'}/{one.key}": one for one in self.perturbations}

    def relations(self) -> Mapping[str, tuple[Relation, str]]:
        """What must hold between a feature and the answer, by the keys under which it is measured."""
        wanted = (
            (Relation.INVARIANT, self.invariant_to),
            (Relation.INCREASING, self.increases_with),
            (Relation.DECREASING, self.decreases_with),
        )
        return {f"robustness/{relation}/{name}": (relation, name) for relation, names in wanted for name in names}

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `robust`; NO `breaks`, `notRobust` or `unexpected`; UNKNOWN `insufficientData` or `inconclusive`."""
        match self._strained(facts):
            case Missing(code=code, why=why):
                return unknown(self.type, code, why, remedy=TRAIN_AGAIN)
            case Strained(strains=strains, responses=responses, broken=broken) as strained:
                trials = [*self._each_strain(strained), *self._each_response(strained)]
                if not responses and not broken and not any(strain.values for strain in strains.values()) and strains:
                    said = f"0 of {len(strains)} perturbations are for a feature of the model"
                    return unknown(self.type, "nothingTried", said, remedy="other kinds of perturbations, or other features")
                return self._together(trials)

    def _strained(self, facts: ModelFacts) -> Known[Strained]:
        evidence = evidence_of(facts)
        return evidence if isinstance(evidence, Missing) else evidence.robustness

    def _together(self, said: list[Trial]) -> Judgement:
        """What the trials say that decide; when all passed, the one that came nearest to its bound."""
        answer = conjunction([one.answer for one in said])
        deciding = [one for one in said if one.answer is answer]
        code, told = deciding[0].code, "; ".join(one.said for one in deciding)
        match answer:
            case Answer.YES:
                nearest = max(said, key=lambda one: one.used)
                return yes(self.type, "robust", f"{len(said)} of {len(said)} trials passed, the nearest: {nearest.said}")
            case Answer.NO:
                remedy = "train on such inputs too, or bound what the model takes in; or allow more"
                return no(self.type, code, f"{len(deciding)} of {len(said)} trials failed: {told}", remedy=remedy)
            case Answer.UNKNOWN:
                return unknown(self.type, code, f"{len(deciding)} of {len(said)} trials cannot be judged: {told}", _MORE)

    def _each_strain(self, strained: Strained) -> Iterator[Trial]:
        for key, perturbation in self.strains().items():
            strain = strained.strains.get(key)
            if key in strained.broken:
                yield Trial(answer=Answer.NO, code="breaks", said=strained.broken[key])
            elif strain is None:
                yield Trial(answer=Answer.UNKNOWN, code="notMeasured", said=f"{perturbation} was not tried")
            else:
                yield self._judge_strain(perturbation, strain)

    def _judge_strain(self, perturbation: Perturbation, strain: Strain) -> Trial:
        gain = strain.gain
        if not strain.values:
            return Trial(answer=Answer.YES, code="robust", said=f"{perturbation}: no feature that it is for", used=0.0)
        if gain.rows < self.minimum_rows:
            return Trial(
                answer=Answer.UNKNOWN,
                code="insufficientData",
                said=f"{perturbation}: {gain.rows} rows, {self.minimum_rows} needed",
            )
        best, worst = (quantile(gain, level) for level in (self.confidence, 1 - self.confidence))
        if best is None or worst is None or not all(map(math.isfinite, (best, worst, gain.champion, gain.challenger))):
            return Trial(
                answer=Answer.UNKNOWN, code="notANumber", said=f"{perturbation}: {gain.metric} or its loss is not a number"
            )
        allowed = perturbation.allowed(gain.champion)
        said = (
            f"{perturbation}{f' ({strain.feature})' if strain.feature else ''}: {gain.metric} {gain.champion:.4g} to "
            f"{gain.challenger:.4g}, a loss of {0 - best:.4g} to {0 - worst:.4g}, {allowed:.4g} allowed"
        )
        if -worst <= allowed:
            return Trial(answer=Answer.YES, code="robust", said=said, used=-worst / allowed if allowed else 1.0)
        if -best > allowed:
            return Trial(answer=Answer.NO, code="notRobust", said=said)
        return Trial(answer=Answer.UNKNOWN, code="inconclusive", said=said)

    def _each_response(self, strained: Strained) -> Iterator[Trial]:
        for key, (relation, name) in self.relations().items():
            response = strained.responses.get(key)
            if key in strained.broken:
                yield Trial(answer=Answer.NO, code="breaks", said=strained.broken[key])
            elif response is None:
                yield Trial(answer=Answer.UNKNOWN, code="notMeasured", said=f"{relation} {name} was not tried")
            else:
                yield self._judge_response(f"{relation} {name}", response)

    def _judge_response(self, what: str, response: Response) -> Trial:
        if response.rows < self.minimum_rows:
            return Trial(
                answer=Answer.UNKNOWN, code="insufficientData", said=f"{what}: {response.rows} rows, {self.minimum_rows} needed"
            )
        said = f"{what}: {response.against} of {response.rows} answers go against it, {SURPRISES:.0%} may"
        used = response.against / (SURPRISES * response.rows)
        if used <= 1:
            return Trial(answer=Answer.YES, code="robust", said=said, used=used)
        return Trial(answer=Answer.NO, code="unexpected", said=said)
