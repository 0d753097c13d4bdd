"""What the rules of drift share: windows compared with a reference, feature by feature, and the verdict over all windows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Known, Missing
from reconciler.domain.needs import Lookback, Need, ProfileNeed
from reconciler.domain.profiles import Profile
from reconciler.rules.base import Rule
from reconciler.rules.choices import OptionalCut, Windows, one_of
from reconciler.rules.combine import over_windows
from reconciler.rules.fields import Count, Duration, duration_text
from reconciler.statistics.drift import DRIFT_STATISTICS
from reconciler.statistics.drift.measure import Drift, compare, drifted

Statistic = Annotated[
    str,
    AfterValidator(one_of(tuple(DRIFT_STATISTICS))),
    WithJsonSchema({"type": "string", "enum": list(DRIFT_STATISTICS)}),
]
NAMED = 5
"""How many drifted features a message names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """What each feature counts, the share that fires, and both in words."""

    weights: Mapping[str, float]
    least: float
    unit: str
    fires: str


class DriftRule(Rule):
    """Enough features drifted in each of the newest `consecutive` windows; which features and how many, subclasses say."""

    type: str
    statistic: Statistic = "psi"
    above: OptionalCut = None
    """A feature drifted when its statistic is at least this AND the difference is significant (alpha 0.01 after Holm).

    Left out: 0.2 for psi, 0.15 for klDivergence, 0.05 for missingRate, else 0.1.
    """
    window: Duration = timedelta(days=7)
    consecutive: Windows = 1
    """Adjacent windows that must all agree, so that one odd week is not enough."""
    minimum_rows: Count = 200
    """Fewer rows in a window, or in the reference, are no answer."""

    def needs(self) -> frozenset[Need]:
        """The profile of each window."""
        return frozenset(self._need(index) for index in range(self.consecutive))

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when enough features drifted in every window; UNKNOWN when a window says too little."""
        match self._reference(facts):
            case Missing(why=why):
                return self._too_little(why)
            case reference if reference.rows < self.minimum_rows:
                return self._too_little(f"{reference.rows} rows in the reference, {self.minimum_rows} needed")
            case reference:
                windows = [self._judge_window(reference, facts, index) for index in range(self.consecutive)]
                return over_windows(self.type, windows)

    @property
    def cut(self) -> float:
        """What the statistic must reach."""
        return DRIFT_STATISTICS[self.statistic].cut if self.above is None else self.above

    def _need(self, index: int) -> ProfileNeed:
        """The profile of the window."""
        return ProfileNeed(window=Lookback(length=self.window, index=index))

    def _reference(self, facts: ModelFacts) -> Known[Profile]:  # noqa: ARG002
        """What the features were like in training."""
        raise TypeError(f"{type(self).__name__} has no reference")

    def _current(self, facts: ModelFacts, index: int) -> Known[Profile] | None:
        """What they are like in the window; None when nobody looked."""
        return facts.live.populations.get(self._need(index))

    def _weighing(self, facts: ModelFacts, features: frozenset[str]) -> Known[Weighing]:  # noqa: ARG002
        """How the drifted features are counted."""
        raise TypeError(f"{type(self).__name__} does not count features")

    def _judge_window(self, reference: Profile, facts: ModelFacts, index: int) -> Judgement:
        match self._current(facts, index):
            case None:
                return self._too_little(f"window {index} was not profiled")
            case Missing(why=why):
                return self._too_little(why)
            case current if current.rows < self.minimum_rows:
                return self._too_little(f"{current.rows} rows in window {index}, {self.minimum_rows} needed")
            case current if not reference.features or reference.features.keys() - current.features.keys():
                profiled = len(reference.features.keys() & current.features.keys())
                return self._too_little(f"{profiled} of {len(reference.features)} features profiled in window {index}")
            case current:
                return self._compare(reference, current, facts)

    def _compare(self, reference: Profile, current: Profile, facts: ModelFacts) -> Judgement:
        weighing = self._weighing(facts, frozenset(reference.features))
        if isinstance(weighing, Missing):
            return self._too_little(weighing.why)
        found = compare(DRIFT_STATISTICS[self.statistic], reference, current, self.minimum_rows)
        drifts = {name: drift for name, drift in found.items() if not isinstance(drift, Missing)}
        silent = {name: drift.why for name, drift in found.items() if isinstance(drift, Missing)}
        names, weights = drifted(drifts, self.cut), weighing.weights
        share = _share(weights, names)
        said = (
            f"{len(names)} of {len(found)} features ({share:.0%}{weighing.unit}) drifted over {duration_text(self.window)} "
            f"({current.rows} rows), {weighing.fires} fires; {self.statistic} {_worst(names, drifts)}, cut {self.cut:g}"
        )
        if silent:
            said += f"; {len(silent)} not measured, the first because of {next(iter(silent.values()))}"
        if share >= weighing.least:
            return yes(self.type, "drifted", said)
        if _share(weights, (*names, *silent)) >= weighing.least:
            return self._too_little(said)
        return no(self.type, "noDrift", said, remedy=f"{weighing.fires} of the features past the cut")

    def _too_little(self, why: str) -> Judgement:
        return unknown(self.type, "insufficientData", why, remedy="wait for more rows, or take a longer window")


def _share(weights: Mapping[str, float], names: tuple[str, ...]) -> float:
    """What the names weigh of all."""
    return sum(weights[name] for name in names) / sum(weights.values())


def _worst(names: tuple[str, ...], drifts: Mapping[str, Drift]) -> str:
    if not names:
        return f"at most {max((drift.value for drift in drifts.values()), default=0.0):.3g}"
    listed = ", ".join(f"{name} {drifts[name].value:.3g}" for name in names[:NAMED])
    return f"{listed} and {len(names) - NAMED} more" if len(names) > NAMED else listed
