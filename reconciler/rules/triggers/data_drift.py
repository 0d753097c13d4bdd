"""Trigger `dataDrift`: the features no longer look like what the released model was trained on."""

from dataclasses import replace
from functools import reduce
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.facts import Known, Missing, ModelFacts
from reconciler.domain.needs import Need, ProfileNeed, Slice
from reconciler.domain.profiles import Profile
from reconciler.rules.choices import Names
from reconciler.rules.drift import DriftRule, Weighing
from reconciler.rules.fields import Share, Written

BEFORE = 4
"""With how many earlier windows of itself a slice is compared."""


class SliceRows(Written):
    """The rows whose `column` holds `value`."""

    column: Annotated[str, Field(min_length=1)]
    """A categorical column of the dataset."""
    value: str
    """What it holds, as text."""


class DataDrift(DriftRule):
    """At least `shareOfFeatures` of the features drifted in each of the newest `consecutive` windows."""

    type: Literal["dataDrift"]
    share_of_features: Annotated[Share, Field(gt=0)] = 0.3
    features: Names = ()
    """Look only at these; left out: at all."""
    weighted_by_importance: bool = False
    """A feature counts as much as it matters to the released model, not one each."""
    slice: SliceRows | None = None
    """Look only at these rows. The reference knows no slices, so they are compared with the same rows of four windows before."""

    def needs(self) -> frozenset[Need]:
        """The profile of each window, and of a slice those of the windows before, which it is compared with."""
        before = range(self.consecutive, self.consecutive + BEFORE) if self.slice else range(0)
        return super().needs() | {self._need(index) for index in before}

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
