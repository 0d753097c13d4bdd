"""Verdicts: what people are told of drift. What moved, of which kind it is, and what would mend it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from reconciler.domain.known import Known
from reconciler.domain.live import Separation
from reconciler.domain.needs import Slice


class Kind(StrEnum):
    """What kind of change was seen. The words are stable."""

    DATA_QUALITY = "dataQuality"
    TRAIN_SERVE_SKEW = "trainServeSkew"
    CONCEPT_DRIFT = "conceptDrift"
    DATA_DRIFT = "dataDrift"
    PREDICTION_DRIFT = "predictionDrift"
    LABEL_DRIFT = "labelDrift"
    NONE = "none"


class Remedy(StrEnum):
    """What a verdict points to. It is advice for people; policies decide by their own rules."""

    FIX_THE_SOURCE = "fixTheSource"
    ROLL_BACK = "rollBack"
    RETRAIN = "retrain"
    WATCH = "watch"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One statistic of one feature. `drifted`: at least the cut, and significant among the features judged with it."""

    value: float
    p_value: float
    cut: float
    drifted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """One bin or category: its share of the reference's rows and of the window's, from 0 to 1."""

    label: str
    reference: float
    current: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnVerdict:
    """One feature (or prediction, or label): every statistic by its key, and whether the one that decides says drifted.

    `effect` is the Jensen-Shannon distance to base 2, from 0 to 1; `importance` the feature's share of the model's attention,
    None where nobody measured it; `deltas` the change of mean, std, minimum, maximum, missing share and quantiles.
    """

    name: str
    drifted: bool
    effect: float
    importance: float | None
    readings: Mapping[str, Known[Reading]]
    deltas: Mapping[str, float]
    bins: tuple[Bin, ...]

    @property
    def weight(self) -> float:
        """By what features are ranked: effect times importance, or the effect alone."""
        return self.effect * (1.0 if self.importance is None else self.importance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One kind of change that was seen, and a sentence with both numbers."""

    kind: Kind
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftVerdict:
    """What is said of one model and window. `statistic` decides which features drifted; `share` is that of all features.

    Features are ranked by weight. `unknown` are sentences on all that could not be seen: it may hide any kind.
    `separation` is what all features together say; None where nobody asked, or nothing could be said.
    """

    model: str
    window: timedelta
    slice: Slice | None
    statistic: str
    reference_rows: int
    rows: int
    share: float | None
    seen: tuple[Seen, ...]
    remedy: Remedy
    why: str
    features: tuple[ColumnVerdict, ...]
    predictions: tuple[ColumnVerdict, ...]
    labels: tuple[ColumnVerdict, ...]
    unknown: tuple[str, ...]
    separation: Separation | None = None

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """All kinds seen, or that there is none."""
        return tuple(dict.fromkeys(one.kind for one in self.seen)) or (Kind.NONE,)
