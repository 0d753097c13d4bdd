"""Gate `robustness`: inputs that are a little wrong make the answers a little worse, and no more."""

import math
from collections.abc import Iterator, Mapping
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

Said = tuple[Answer, str, str]
"""Of one trial: the answer, its code, and a sentence."""
SURPRISES = 0.01
"""The share of rows that may answer a change against the relation: models round, and trees have steps."""


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
            case strained:
                return self._together([*self._each_strain(strained), *self._each_response(strained)])

    def _strained(self, facts: ModelFacts) -> Known[Strained]:
        evidence = evidence_of(facts)
        return evidence if isinstance(evidence, Missing) else evidence.robustness

    def _together(self, said: list[Said]) -> Judgement:
        """What the trials that decide say; of YES all, and of all others those that say it."""
        answer = conjunction([one[0] for one in said])
        deciding = [one for one in said if one[0] is answer]
        code, told = deciding[0][1], "; ".join(one[2] for one in deciding)
        match answer:
            case Answer.YES:
                return yes(self.type, "robust", f"{len(said)} of {len(said)} trials passed: {told}")
            case Answer.NO:
                remedy = "train on such inputs too, or bound what the model takes in; or allow more"
                return no(self.type, code, f"{len(deciding)} of {len(said)} trials failed: {told}", remedy=remedy)
            case Answer.UNKNOWN:
                return unknown(self.type, code, f"{len(deciding)} of {len(said)} trials cannot be judged: {told}", _MORE)

    def _each_strain(self, strained: Strained) -> Iterator[Said]:
        for key, perturbation in self.strains().items():
            strain = strained.strains.get(key)
            if key in strained.broken:
                yield Answer.NO, "breaks", strained.broken[key]
            elif strain is None:
                yield Answer.UNKNOWN, "notMeasured", f"{perturbation} was not tried"
            else:
                yield self._judge_strain(perturbation, strain)

    def _judge_strain(self, perturbation: Perturbation, strain: Strain) -> Said:
        gain = strain.gain
        if not strain.values:
            return Answer.YES, "robust", f"{perturbation}: no feature that it is for"
        if gain.rows < self.minimum_rows:
            return Answer.UNKNOWN, "insufficientData", f"{perturbation}: {gain.rows} rows, {self.minimum_rows} needed"
        best, worst = (quantile(gain, level) for level in (self.confidence, 1 - self.confidence))
        if best is None or worst is None or not all(map(math.isfinite, (best, worst, gain.champion, gain.challenger))):
            return Answer.UNKNOWN, "notANumber", f"{perturbation}: {gain.metric} or its loss is not a number"
        allowed = perturbation.allowed(gain.champion)
        said = (
            f"{perturbation}{f' ({strain.feature})' if strain.feature else ''}: {gain.metric} {gain.champion:.4g} to "
            f"{gain.challenger:.4g}, a loss of {0 - best:.4g} to {0 - worst:.4g}, {allowed:.4g} allowed"
        )
        if -worst <= allowed:
            return Answer.YES, "robust", said
        return (Answer.NO, "notRobust", said) if -best > allowed else (Answer.UNKNOWN, "inconclusive", said)

    def _each_response(self, strained: Strained) -> Iterator[Said]:
        for key, (relation, name) in self.relations().items():
            response = strained.responses.get(key)
            if key in strained.broken:
                yield Answer.NO, "breaks", strained.broken[key]
            elif response is None:
                yield Answer.UNKNOWN, "notMeasured", f"{relation} {name} was not tried"
            else:
                yield self._judge_response(f"{relation} {name}", response)

    def _judge_response(self, what: str, response: Response) -> Said:
        if response.rows < self.minimum_rows:
            return Answer.UNKNOWN, "insufficientData", f"{what}: {response.rows} rows, {self.minimum_rows} needed"
        said = f"{what}: {response.against} of {response.rows} answers go against it, {SURPRISES:.0%} may"
        passes = response.against <= SURPRISES * response.rows
        return (Answer.YES, "robust", said) if passes else (Answer.NO, "unexpected", said)


_MORE = "more labelled rows in the hold-out, then train again"
