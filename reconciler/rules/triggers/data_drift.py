"""Trigger `dataDrift`: the features no longer look like what the released model was trained on."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from reconciler.domain.facts import Missing, ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.needs import Lookback, Need, ProfileNeed
from reconciler.domain.profiles import Profile
from reconciler.rules.base import Rule
from reconciler.rules.choices import OptionalCut, one_of
from reconciler.rules.combine import over_windows
from reconciler.rules.fields import Count, Duration, Share, duration_text
from reconciler.statistics.drift import DRIFT_STATISTICS
from reconciler.statistics.drift.measure import Drift, compare, drifted

Statistic = Annotated[
    str,
    AfterValidator(one_of(tuple(DRIFT_STATISTICS))),
    WithJsonSchema({"type": "string", "enum": list(DRIFT_STATISTICS)}),
]
NAMED = 5
"""How many drifted features a message names."""


class DataDrift(Rule):
    """At least `shareOfFeatures` of the features drifted in each of the newest `consecutive` windows."""

    type: Literal["dataDrift"]
    statistic: Statistic = "psi"
    above: OptionalCut = None
    """A feature drifted when its statistic is at least this AND the difference is significant (alpha 0.01 after Holm).

    Left out: 0.2 for psi, 0.15 for klDivergence, 0.05 for missingRate, else 0.1.
    """
    share_of_features: Annotated[Share, Field(gt=0)] = 0.3
    window: Duration = timedelta(days=7)
    consecutive: Annotated[int, Field(ge=1, le=100)] = 1
    """Adjacent windows that must all agree, so that one odd week is not enough."""
    minimum_rows: Count = 200
    """Fewer rows in a window, or in the reference, are no answer."""

    def needs(self) -> frozenset[Need]:
        """The profile of each window."""
        return frozenset(ProfileNeed(window=self._window(index)) for index in range(self.consecutive))

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when enough features drifted in every window; UNKNOWN when a window says too little."""
        match facts.reference:
            case Missing(why=why):
                return self._too_little(why)
            case reference if reference.rows < self.minimum_rows:
                return self._too_little(f"{reference.rows} rows in the reference, {self.minimum_rows} needed")
            case reference:
                windows = [self._judge_window(reference, facts, index) for index in range(self.consecutive)]
                return over_windows(self.type, windows)

    def _window(self, index: int) -> Lookback:
        return Lookback(length=self.window, index=index)

    def _judge_window(self, reference: Profile, facts: ModelFacts, index: int) -> Judgement:
        match facts.profiles.get(self._window(index)):
            case None:
                return self._too_little(f"window {index} was not profiled")
            case Missing(why=why):
                return self._too_little(why)
            case current if current.rows < self.minimum_rows:
                return self._too_little(f"{current.rows} rows in window {index}, {self.minimum_rows} needed")
            case current if not reference.features or reference.features.keys() - current.features.keys():
                return self._too_little(
                    f"{len(current.features)} of {len(reference.features)} features profiled in window {index}"
                )
            case current:
                return self._compare(reference, current)

    @property
    def cut(self) -> float:
        """What the statistic must reach."""
        return DRIFT_STATISTICS[self.statistic].cut if self.above is None else self.above

    def _compare(self, reference: Profile, current: Profile) -> Judgement:
        found = compare(DRIFT_STATISTICS[self.statistic], reference, current, self.minimum_rows)
        drifts = {name: drift for name, drift in found.items() if not isinstance(drift, Missing)}
        silent = [drift.why for drift in found.values() if isinstance(drift, Missing)]
        names = drifted(drifts, self.cut)
        share, possible = len(names) / len(found), (len(names) + len(silent)) / len(found)
        said = (
            f"{len(names)} of {len(found)} features ({share:.0%}) drifted over {duration_text(self.window)} "
            f"({current.rows} rows), {self.share_of_features:.0%} fires; "
            f"{self.statistic} {_worst(names, drifts)}, cut {self.cut:g}"
        )
        if silent:
            said += f"; {len(silent)} not measured, the first because of {silent[0]}"
        if share >= self.share_of_features:
            return yes(self.type, "drifted", said)
        if possible >= self.share_of_features:
            return self._too_little(said)
        return no(self.type, "noDrift", said, remedy=f"{self.share_of_features:.0%} of the features past the cut")

    def _too_little(self, why: str) -> Judgement:
        return unknown(self.type, "insufficientData", why, remedy="wait for more rows, or take a longer window")


def _worst(names: tuple[str, ...], drifts: Mapping[str, Drift]) -> str:
    if not names:
        return f"at most {max((drift.value for drift in drifts.values()), default=0.0):.3g}"
    listed = ", ".join(f"{name} {drifts[name].value:.3g}" for name in names[:NAMED])
    return f"{listed} and {len(names) - NAMED} more" if len(names) > NAMED else listed
