"""Gate `slices`: no part of the rows is below the floor, or worse off than with the champion, beyond chance."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal, Self, TypeVar

from pydantic import ConfigDict, Field, model_validator

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Known, Missing
from reconciler.domain.measured.slices import Sliced, SliceGain, SliceValue
from reconciler.rules.base import GateRule
from reconciler.rules.choices import Names, OptionalCut, OptionalMetric, OptionalNumber, at_most_one, check_at_most_one
from reconciler.rules.combine import together
from reconciler.rules.evidence import MORE_ROWS, TRAIN_AGAIN, beside_champion, evidence_of, metric_of
from reconciler.rules.fields import Count
from reconciler.rules.groups import CHANCE, INTERVAL, Parts
from reconciler.statistics.groups import deviations

Column = Annotated[str, Field(min_length=1)]
Cut = Column | Annotated[tuple[Column, ...], Field(strict=False, min_length=2)]
"""A column, or several whose values are crossed."""
_SHOWN = 5
_FEWEST = 10
"""Rows of the class that decides: of fewer the bootstrap tells nothing."""
V = TypeVar("V")
_MEND = "a model that serves these rows better: more of them in training, or features that tell them apart"


class Slices(GateRule):
    """In each slice of enough rows the metric keeps the floor and the gain over the champion exceeds minus the margin.

    The margin is widened to what a slice's rows can tell apart, but for the slices of `noRegression`.
    """

    model_config = ConfigDict(
        json_schema_extra=at_most_one("atLeast", "atMost") | {"dependentRequired": {"noRegression": ["margin"]}}
    )

    type: Literal["slices"]
    columns: Annotated[tuple[Cut, ...], Field(strict=False)] = ()
    """Columns, or lists of columns that are crossed. Left out: each categorical feature."""
    metric: OptionalMetric = None
    """Left out: the model's primary metric."""
    margin: OptionalCut = None
    """How much worse than the champion a slice may be, in the metric's own unit. Left out: 0."""
    no_regression: dict[str, Names] = {}
    """Column to values whose slices are judged strictly, e.g. {carrier: [AA, UA]}."""
    at_least: OptionalNumber = None
    """The floor of every slice, of a metric of which more is better."""
    at_most: OptionalNumber = None
    """The same where less is better."""
    minimum_rows: Count = 100
    """Slices of fewer rows are reported, not judged."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_at_most_one(self, at_least="atLeast", at_most="atMost")
        if "no_regression" in self.model_fields_set and self.margin is None:
            raise ValueError("noRegression needs a margin, because no model proves that it is not worse at all")
        return self

    @property
    def cuts(self) -> tuple[tuple[str, ...], ...]:
        """The columns of each cut; none: one cut for each categorical feature."""
        return tuple((cut,) if isinstance(cut, str) else cut for cut in self.columns)

    def asks(self) -> frozenset[str]:
        """One key for each cut and metric."""
        return frozenset(f"slices/{cut}/{self.metric or 'primary'}" for cut in map("+".join, self.cuts or (("*",),)))

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES `slicesKept` or `noBaseline`, NO `sliceBelowFloor` or `sliceRegressed`, UNKNOWN when no slice can be judged."""
        found = self._measured(facts)
        if isinstance(found, Missing):
            return unknown(self.type, found.code, found.why, remedy=TRAIN_AGAIN)
        claims = [self._floor(found)] if self.at_least is not None or self.at_most is not None else []
        return together([*claims, *self._beside(facts, found)])

    def _measured(self, facts: ModelFacts) -> Known[Sequence[Sliced]]:
        evidence = evidence_of(facts)
        if isinstance(evidence, Missing):
            return evidence
        metric, slices = metric_of(evidence, self.metric), evidence.slices
        if isinstance(metric, Missing):
            return metric
        if isinstance(slices, Missing):
            return slices
        found = [one for one in slices if one.metric == metric and (one.columns in self.cuts or not self.cuts)]
        if absent := set(self.cuts) - {one.columns for one in found}:
            names = ", ".join(sorted(map("+".join, absent)))
            return Missing(code="notMeasured", why=f"{metric} was not measured by {names}")
        return found or Missing(code="notMeasured", why=f"{metric} was measured in 0 slices, 1 needed")

    def _floor(self, found: Sequence[Sliced]) -> Judgement:
        values = {name: value for one in found for name, value in _labelled(one, one.measured).items()}
        parts = Parts.of(values, self.minimum_rows, enough=_enough)
        if (doubt := self._doubt(parts)) is not None:
            return doubt
        share = CHANCE / len(parts.judged)
        below = {name: said for name, value in parts.judged.items() if (said := self._below(value, share))}
        bound = f"at least {self.at_least:g}" if self.at_least is not None else f"at most {self.at_most:g}"
        said = f"{found[0].metric} {bound} wanted in each of {_count(parts)}, beyond chance {len(below)} miss it"
        if below:
            return no(self.type, "sliceBelowFloor", f"{said}: {_listed(below)}", remedy=_MEND)
        return yes(self.type, "slicesKept", said)

    def _below(self, value: SliceValue, share: float) -> str:
        """What there is to say of a slice that misses the floor even by the better end of its interval; empty if it does not."""
        reach = _deviations(value, share) / INTERVAL
        low, high = (value.value + (end - value.value) * reach for end in (value.low, value.high))
        if (self.at_least is not None and high < self.at_least) or (self.at_most is not None and low > self.at_most):
            return f"{value.value:.4g} ({low:.4g} to {high:.4g}) on {value.rows} rows"
        return ""

    def _beside(self, facts: ModelFacts, found: Sequence[Sliced]) -> Iterator[Judgement]:
        gains: dict[str, Known[SliceGain]] = {}
        for one in found:
            beside = beside_champion(self.type, facts, one.gains)
            if isinstance(beside, Judgement):
                yield beside
                return
            gains |= _labelled(one, beside.gains)
        parts = Parts.of(gains, self.minimum_rows, enough=_enough)
        yield self._doubt(parts) or self._regression(found[0].metric, parts)
        if self.no_regression:
            yield self._strict(found[0].metric, gains)

    def _regression(self, metric: str, parts: Parts[SliceGain]) -> Judgement:
        """All slices together: an equally good model is refused in at most 5 % of all cases, however many slices there are."""
        margin, share = self.margin or 0.0, CHANCE / len(parts.judged)
        margins = {name: max(margin, _tells(gain, share)) for name, gain in parts.judged.items()}
        worse = {name: _told(gain, margins[name]) for name, gain in parts.judged.items() if _regressed(gain, margins[name])}
        said = f"{metric} beside the live model in {_count(parts)}, margin {margin:g} or what their rows can tell"
        if worse:
            return no(self.type, "sliceRegressed", f"{said}: worse in {_listed(worse)}", remedy=_MEND)
        return yes(self.type, "slicesKept", f"{said}: worse in 0")

    def _strict(self, metric: str, gains: Mapping[str, Known[SliceGain]]) -> Judgement:
        """The listed slices each by itself, with the margin as it is written: here it must be proved."""
        names = [f"{column}={value}" for column, values in self.no_regression.items() for value in values]
        absent = Missing(code="notMeasured", why="no such slice was measured")
        parts = Parts.of({name: gains.get(name, absent) for name in names}, self.minimum_rows, enough=_enough)
        if parts.small or parts.broken:
            few = [f"{name}: fewer than {self.minimum_rows} rows, or 10 of each class" for name in parts.small]
            return unknown(self.type, "insufficientData", "noRegression of " + "; ".join([*parts.broken, *few]), remedy=MORE_ROWS)
        margin = self.margin or 0.0
        told = _listed({name: _told(gain, margin) for name, gain in parts.judged.items()}, shown=len(names))
        said = f"{metric} of noRegression: {told}"
        if any(_regressed(gain, margin) for gain in parts.judged.values()):
            return no(self.type, "sliceRegressed", said, remedy=_MEND)
        return yes(self.type, "slicesKept", said)

    def _doubt(self, parts: Parts[SliceValue] | Parts[SliceGain]) -> Judgement | None:
        """Why these slices cannot be judged; None when they can."""
        if parts.broken:
            return unknown(self.type, "inconclusive", "; ".join(parts.broken[:_SHOWN]), remedy=TRAIN_AGAIN)
        if parts.judged:
            return None
        message = f"0 slices can be judged: {len(parts.small)} have fewer than {self.minimum_rows} rows, or 10 of each class"
        return unknown(self.type, "insufficientData", message, remedy=MORE_ROWS)


def _labelled(one: Sliced, values: Mapping[str, V]) -> dict[str, V]:
    """The values by the slice's whole name."""
    return {f"{'+'.join(one.columns)}={name}": value for name, value in values.items()}


def _enough(value: SliceValue | SliceGain) -> bool:
    return value.rarest >= _FEWEST


def _deviations(value: SliceValue | SliceGain, share: float) -> float:
    """As `deviations`, of a bootstrap of so many rows: how large its error is, few rows only guess.

    A degree of freedom for every four rows is what simulations ask for (docs/decisions).
    """
    return deviations(share, value.rows / 4)


def _tells(gain: SliceGain, share: float) -> float:
    """The margin that the lower bound of an equally good model keeps but for that share of all cases.

    The bound lies `deviations(CHANCE)` standard errors below the gain, which chance takes down by the rest.
    """
    return gain.error * (deviations(CHANCE) + _deviations(gain, share))


def _regressed(gain: SliceGain, margin: float) -> bool:
    """A lower bound of zero, such as of two models that answer alike, is none."""
    return not (gain.lower > -margin or gain.lower >= 0)


def _told(gain: SliceGain, margin: float) -> str:
    return f"{gain.gain:+.4g} on {gain.rows} rows, lower bound {gain.lower:+.4g}, above {-margin:+.4g} wanted"


def _count(parts: Parts[SliceValue] | Parts[SliceGain]) -> str:
    more = f" ({len(parts.small)} more have too few rows)" if parts.small else ""
    return f"{len(parts.judged)} slices{more}"


def _listed(said: Mapping[str, str], shown: int = _SHOWN) -> str:
    named = [f"{name} {text}" for name, text in list(said.items())[:shown]]
    return "; ".join([*named, *([f"and {len(said) - shown} more"] if len(said) > shown else [])])
