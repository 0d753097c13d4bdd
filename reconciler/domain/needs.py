"""Needs: what a rule asks to be measured. A need is a value, so equal questions of several rules are answered once."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookback:
    """The `index`-th window of `length` back from now: index 0 ends now, index 1 ends where 0 begins, and so on."""

    length: timedelta
    index: int = 0


class Population(StrEnum):
    """Whose distribution is profiled: what goes into the model, what it answers, or what then happened."""

    FEATURES = "features"
    PREDICTIONS = "predictions"
    LABELS = "labels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The rows whose `column` holds `value` (as text)."""

    column: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileNeed:
    """A rule wants this window profiled on the reference's bins. Windows of labels end where labels are mature."""

    window: Lookback
    population: Population = Population.FEATURES
    slice: Slice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreNeed:
    """A rule wants the released model's metric on the mature rows of this window; with its interval when it asks for one.

    `estimated` asks for an estimate from the predictions alone, over all rows of the window that ends now, mature or not.
    """

    metric: str
    window: Lookback
    interval: bool = False
    estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityNeed:
    """A rule wants the rows of this window held against the dataset's contract."""

    window: Lookback


@dataclass(frozen=True, slots=True, kw_only=True)
class SkewNeed:
    """A rule wants the features that serving logged in this window compared with those of the source, row by row."""

    window: Lookback


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainNeed:
    """A rule wants to know how well a small model tells the rows of this window from those the champion was trained on."""

    window: Lookback


class Detector(StrEnum):
    """A detector of change in a stream of losses, all of them river's."""

    ADWIN = "adwin"
    PAGE_HINKLEY = "pageHinkley"
    DDM = "ddm"
    KSWIN = "kswin"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptNeed:
    """A rule wants this detector run over the per-row loss of mature rows that the champion has not learnt from.

    `sensitivity` is delta of ADWIN, alpha of KSWIN, and unused by the others; None: the detector's usual one. Within each
    `season` back from where labels are mature the order of rows is mixed, so that what comes back every day is no drift.
    """

    detector: Detector = Detector.ADWIN
    sensitivity: float | None = None
    season: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessNeed:
    """A rule wants the value of one of the model's business metrics over this window."""

    metric: str
    window: Lookback


@dataclass(frozen=True, slots=True, kw_only=True)
class PromqlNeed:
    """A rule wants the value of a PromQL query: at now, or with `over` its values over that range, one each `step`."""

    query: str
    over: timedelta | None = None
    step: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertNeed:
    """A rule wants the alerts of an Alertmanager webhook payload in a file; a glob reads all that match."""

    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MaturityNeed:
    """A rule wants to know how many rows of the window that ends at `now - label delay` have their label by now."""

    window: Lookback


Need = (
    ProfileNeed
    | ScoreNeed
    | QualityNeed
    | SkewNeed
    | DomainNeed
    | ConceptNeed
    | BusinessNeed
    | PromqlNeed
    | AlertNeed
    | MaturityNeed
)
