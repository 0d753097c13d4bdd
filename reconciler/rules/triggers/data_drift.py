"""Trigger `dataDrift`: the features no longer look like what the released model was trained on."""

from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema, model_validator

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement
from reconciler.domain.known import Known, Missing
from reconciler.domain.needs import DomainNeed, Lookback, Need, ProfileNeed, Slice
from reconciler.domain.profiles import Profile
from reconciler.rules.choices import Names, one_of
from reconciler.rules.combine import over_windows
from reconciler.rules.drift import DriftRule, Weighing
from reconciler.rules.fields import Share, Written
from reconciler.rules.separation import SeparationCut
from reconciler.statistics.drift import DRIFT_STATISTICS
from reconciler.statistics.drift.measure import SEPARATED

BEFORE = 4
"""With how many earlier windows of itself a slice is compared."""
TOGETHER = "domainClassifier"
"""The statistic that looks at all features together, at rows instead of profiles."""
_ONE_BY_ONE = {
    "share_of_features": "shareOfFeatures",
    "features": "features",
    "weighted_by_importance": "weightedByImportance",
    "slice": "slice",
}
"""What says how single features are chosen and counted, and how people write it."""
_NONE_OF_THEM: dict[str, Any] = {
    "if": {"required": ["statistic"], "properties": {"statistic": {"const": TOGETHER}}},
    "then": {"not": {"anyOf": [{"required": [key]} for key in _ONE_BY_ONE.values()]}},
}
_STATISTICS = (*DRIFT_STATISTICS, TOGETHER)
AnyStatistic = Annotated[
    str,
    AfterValidator(one_of(_STATISTICS)),
    WithJsonSchema({"type": "string", "enum": list(_STATISTICS)}),
]


class SliceRows(Written):
    """The rows whose `column` holds `value`."""

    column: Annotated[str, Field(min_length=1)]
    """A categorical column of the dataset."""
    value: str
    """What it holds, as text."""


class DataDrift(DriftRule):
    """At least `shareOfFeatures` of the features drifted in each of the newest `consecutive` windows.

    With `domainClassifier`: a small model of all features together tells the rows of each window from training rows.
    """

    model_config = ConfigDict(json_schema_extra=_NONE_OF_THEM)

    type: Literal["dataDrift"]
    statistic: AnyStatistic = "psi"
    share_of_features: Annotated[Share, Field(gt=0)] = 0.3
    features: Names = ()
    """Look only at these; left out: at all."""
    weighted_by_importance: bool = False
    """A feature counts as much as it matters to the released model, not one each."""
    slice: SliceRows | None = None
    """Look only at these rows. The reference knows no slices, so they are compared with the same rows of four windows before."""

    @model_validator(mode="after")
    def _counts_features(self) -> Self:
        for attribute, key in _ONE_BY_ONE.items():
            if self.statistic == TOGETHER and attribute in self.model_fields_set:
                raise ValueError(f"{key} means nothing with statistic {TOGETHER}, which looks at all features together")
        return self

    def needs(self) -> frozenset[Need]:
        """The profile of each window, and of a slice those of the windows before, which it is compared with."""
        if self.statistic == TOGETHER:
            return frozenset(self._domain_needs)
        before = range(self.consecutive, self.consecutive + BEFORE) if self.slice else range(0)
        return super().needs() | {self._need(index) for index in before}

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:
        """YES when enough features drifted, or all together did, in every window; UNKNOWN when a window says too little."""
        if self.statistic != TOGETHER:
            return super().judge(facts, now)
        cut = SeparationCut(rule=self.type, at=self.cut, minimum_rows=self.minimum_rows)
        return over_windows(self.type, [cut.judge(need, facts.live.domain.get(need)) for need in self._domain_needs])

    @property
    def cut(self) -> float:
        """What the statistic must reach."""
        return SEPARATED if self.statistic == TOGETHER and self.above is None else super().cut

    @property
    def _domain_needs(self) -> list[DomainNeed]:
        return [DomainNeed(window=Lookback(length=self.window, index=index)) for index in range(self.consecutive)]

    def _need(self, index: int) -> ProfileNeed:
        chosen = None if self.slice is None else Slice(column=self.slice.column, value=self.slice.value)
        return replace(super()._need(index), slice=chosen)

    def _reference(self, facts: ModelFacts) -> Known[Profile]:
        return self._chosen(facts.reference if self.slice is None else self._before(facts))

    def _current(self, facts: ModelFacts, index: int) -> Known[Profile] | None:
        need = self._need(index)
        return facts.profiles.get(need.window) if need.slice is None else facts.live.populations.get(need)

    def _before(self, facts: ModelFacts) -> Known[Profile]:
        """The slice's rows in the windows before those that are judged, as one profile."""
        # The profiles' arithmetic needs NumPy, which most rules can do without.
        from reconciler.statistics.profile import merge

        windows = [self._current(facts, self.consecutive + index) for index in range(BEFORE)]
        known = [window for window in windows if window is not None and not isinstance(window, Missing)]
        if known:
            return reduce(merge, known)
        return windows[0] or Missing(code="notProfiled", why=f"0 of the {BEFORE} windows before were profiled")

    def _chosen(self, reference: Known[Profile]) -> Known[Profile]:
        """The reference of the features that are looked at. One that is not there is no drift and no calm either."""
        if isinstance(reference, Missing):
            return reference
        sliced = self.slice.column if self.slice else None
        names = self.features or tuple(name for name in reference.features if name != sliced)
        if absent := [name for name in names if name not in reference.features]:
            why = f"{len(absent)} of {len(names)} features are not in the reference: {', '.join(absent)}"
            return Missing(code="noSuchFeature", why=why)
        return replace(reference, features={name: reference.features[name] for name in names})

    def _weighing(self, facts: ModelFacts, features: frozenset[str]) -> Known[Weighing]:
        fires = f"{self.share_of_features:.0%}"
        if not self.weighted_by_importance:
            return Weighing(weights=dict.fromkeys(features, 1.0), least=self.share_of_features, unit="", fires=fires)
        weights = {name: facts.live.importance.get(name, 0.0) for name in features}
        if not sum(weights.values()) > 0:
            known = len(features & facts.live.importance.keys())
            why = f"the importance of {known} of {len(features)} features is known, and adds up to nothing"
            return Missing(code="noImportance", why=why)
        return Weighing(weights=weights, least=self.share_of_features, unit=" of the importance", fires=fires)
