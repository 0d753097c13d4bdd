"""Gate `fairness`: no two groups are treated so differently that chance does not explain it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import permutations
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Known, Measured, Missing
from reconciler.domain.measured.fairness import Grouped
from reconciler.rules.base import GateRule
from reconciler.rules.choices import OptionalCut, OptionalName, OptionalNames, OptionalShare
from reconciler.rules.combine import together
from reconciler.rules.evidence import MORE_ROWS, TRAIN_AGAIN, evidence_of
from reconciler.rules.fields import Count
from reconciler.rules.groups import CHANCE, INTERVAL, MISSING, Parts
from reconciler.statistics.groups import deviations, least_contrast, rate_limits

FOUR_FIFTHS = 0.8
"""What the ratio of selection rates must be at least if the policy gives no bound. Source: 29 CFR 1607.4 D."""
RATES = {
    "selection_rate_difference": "selectionRate",
    "selection_rate_ratio": "selectionRate",
    "true_positive_rate_difference": "truePositiveRate",
    "false_positive_rate_difference": "falsePositiveRate",
}
"""The bounds of shares of rows, of binary models."""
MEANS = {"mean_prediction_difference": "meanPrediction", "mean_error_difference": "meanError"}
"""The bounds of means, of regressions."""
_MEND = "a model that treats the groups alike: look at its features that stand for the group, and at how the labels came about"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bound:
    """One bound: `weight` times the greater number less the smaller one is at most `most`."""

    rate: str
    weight: float
    most: float
    said: str

    def kept(self, larger: Measured, smaller: Measured) -> bool:
        """As the numbers stand, chance aside."""
        return self.weight * larger.value - smaller.value <= self.most

    def broken(self, larger: Measured, smaller: Measured, share: float) -> bool:
        """Beyond what chance does in that share of all cases."""
        ends = (larger.value, self._limit(larger, share, 0)), (smaller.value, self._limit(smaller, share, 1))
        return least_contrast(*ends, self.weight) > self.most

    def _limit(self, measured: Measured, share: float, end: int) -> float:
        if self.rate in MEANS.values():
            reach = (measured.high - measured.low) / 2 / INTERVAL * deviations(share, measured.rows - 1)
            return measured.value + (reach if end else -reach)
        return rate_limits(measured.value, measured.rows, deviations(share))[end]


class Fairness(GateRule):
    """Between no two groups of a protected column is a difference or ratio beyond chance out of bounds."""

    model_config = ConfigDict(json_schema_extra={"dependentRequired": {"groups": ["column"]}})

    type: Literal["fairness"]
    column: OptionalName = None
    """Left out: each protected column of the model."""
    groups: OptionalNames = None
    """Values of the column that are judged. Left out: all."""
    threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """From this probability on a row is called positive."""
    selection_rate_difference: OptionalShare = None
    """Demographic parity: of the shares that are called positive."""
    selection_rate_ratio: OptionalShare = None
    """The four-fifths rule: the smaller of these shares over the greater. 0.8 if no bound is given."""
    true_positive_rate_difference: OptionalShare = None
    """Equalised odds: of the shares of positives that are called so."""
    false_positive_rate_difference: OptionalShare = None
    """Equalised odds: of the shares of negatives that are called positive."""
    mean_prediction_difference: OptionalCut = None
    """Of a regression, in the label's unit."""
    mean_error_difference: OptionalCut = None
    """Of a regression, in the label's unit: of predictions less labels."""
    minimum_rows: Count = 100
    """Fewer rows behind a group's number are no answer."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.groups is not None and self.column is None:
            raise ValueError("groups are values of a column: give the column too")
        return self

    def asks(self) -> frozenset[str]:
        """The column and the threshold."""
        return frozenset({f"fairness/{self.column or '*'}/{self.threshold:g}"})

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `fair`, NO `unfair`, UNKNOWN when a group has too few rows or is missing."""
        found = self._measured(facts)
        if isinstance(found, Missing):
            return unknown(self.type, found.code, found.why, remedy=TRAIN_AGAIN)
        claims = [(one, bound) for one in found for bound in self._bounds()]
        return together([self._claim(one, bound, CHANCE / len(claims)) for one, bound in claims])

    def _measured(self, facts: ModelFacts) -> Known[Sequence[Grouped]]:
        evidence = evidence_of(facts)
        if isinstance(evidence, Missing):
            return evidence
        if isinstance(evidence.fairness, Missing):
            return evidence.fairness
        found = [one for one in evidence.fairness if one.threshold == self.threshold and self.column in (None, one.column)]
        what = f"groups of {self.column}" if self.column else "groups of protected columns"
        return found or Missing(code="notMeasured", why=f"0 {what} were measured at threshold {self.threshold:g}, 2 needed")

    def _bounds(self) -> Iterator[_Bound]:
        given = {name: bound for name in (*RATES, *MEANS) if (bound := getattr(self, name)) is not None}
        for name, bound in (given or {"selection_rate_ratio": FOUR_FIFTHS}).items():
            rate = (RATES | MEANS)[name]
            if name == "selection_rate_ratio":
                yield _Bound(rate=rate, weight=bound, most=0.0, said=f"ratio at least {bound:g}")
            else:
                yield _Bound(rate=rate, weight=1.0, most=bound, said=f"difference at most {bound:g}")

    def _claim(self, one: Grouped, bound: _Bound, chance: float) -> Judgement:
        """No pair of groups breaks the bound; all pairs together refuse equal groups in at most that share of all cases."""
        parts = Parts.of(self._numbers(one, bound.rate), self.minimum_rows)
        few = [name for name in parts.small if name != MISSING or self.groups]  # few rows without a value are no group
        if parts.broken or few or len(parts.judged) < 2:
            return self._doubt(one, bound, parts, few)
        pairs = list(permutations(parts.judged.items(), 2))
        (group, larger), (other, smaller) = max(pairs, key=lambda pair: bound.weight * pair[0][1].value - pair[1][1].value)
        broken = any(bound.broken(high, low, chance / len(pairs)) for (_, high), (_, low) in pairs)
        far = "kept" if bound.kept(larger, smaller) else "missed beyond chance" if broken else "missed within chance"
        said = (
            f"{bound.rate} by {one.column}: {larger.value:.4g} of {group} ({larger.rows} rows), {smaller.value:.4g} of {other} "
            f"({smaller.rows} rows); {bound.said} wanted, {far}"
        )
        return no(self.type, "unfair", said, remedy=_MEND) if broken else yes(self.type, "fair", said)

    def _numbers(self, one: Grouped, rate: str) -> Mapping[str, Known[Measured]]:
        absent = Missing(code="notMeasured", why=f"{rate} was not measured")
        groups = self.groups or tuple(one.rates)
        return {group: one.rates.get(group, {}).get(rate, absent) for group in groups}

    def _doubt(self, one: Grouped, bound: _Bound, parts: Parts[Measured], few: Sequence[str]) -> Judgement:
        if parts.broken:
            return unknown(self.type, "notMeasured", f"{one.column}: {'; '.join(parts.broken)}", remedy=TRAIN_AGAIN)
        if few:
            message = f"{bound.rate} by {one.column}: fewer than the {self.minimum_rows} rows needed of {', '.join(few)}"
            return unknown(self.type, "insufficientData", message, remedy=f"{MORE_ROWS}; or name the groups to judge")
        message = f"{bound.rate} by {one.column}: {len(parts.judged)} groups, 2 needed to compare"
        return unknown(self.type, "insufficientData", message, remedy=MORE_ROWS)
