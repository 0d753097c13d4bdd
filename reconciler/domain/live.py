"""What is seen of the live stream beside profiles and scores: its quality, lag, losses, alerts, and the fleet's trainings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from reconciler.domain.names import Digest


class QualityCheck(StrEnum):
    """What the live stream is held to. The words are stable: policies may name them."""

    MISSING_COLUMN = "missingColumn"
    NEW_COLUMN = "newColumn"
    RENAMED_COLUMN = "renamedColumn"
    RETYPED_COLUMN = "retypedColumn"
    NULL_SPIKE = "nullSpike"
    OUT_OF_RANGE = "outOfRange"
    UNSEEN_CATEGORY = "unseenCategory"
    FRESHNESS = "freshness"
    VOLUME = "volume"
    DUPLICATES = "duplicates"
    LABEL_PATTERN = "labelPattern"


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityFinding:
    """One thing wrong with the stream: which check, of which column (empty: the rows as a whole), and a sentence."""

    check: QualityCheck
    column: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveQuality:
    """A window held against the contract. `evaluated` are the checks that could be made; `findings` what they found."""

    rows: int
    evaluated: tuple[QualityCheck, ...]
    findings: tuple[QualityFinding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelLag:
    """How long after their events labels came, of the `rows` newest labelled rows."""

    median: timedelta
    p95: timedelta
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Maturity:
    """Of a window's `rows`, how many have their label."""

    rows: int
    labelled: int


class DriftKind(StrEnum):
    """How the loss changed, where the evidence allows to tell. Source: Gama et al. 2014, section 2.2."""

    SUDDEN = "sudden"
    GRADUAL = "gradual"
    INCREMENTAL = "incremental"
    RECURRING = "recurring"
    UNCLASSIFIED = "unclassified"


@dataclass(frozen=True, slots=True, kw_only=True)
class LossChange:
    """The mean loss changed at an event time: `before` of `rows_before` rows, `after` of `rows_after`."""

    at: datetime
    before: float
    after: float
    rows_before: int
    rows_after: int

    @property
    def worse(self) -> bool:
        """The loss grew."""
        return self.after > self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptDrift:
    """What a detector found in the losses of `rows` mature rows: all changes, oldest first, and the kind of the newest.

    `baseline` is the mean loss on the release's hold-out; None when none of its rows is among them.
    """

    rows: int
    loss: str
    changes: tuple[LossChange, ...]
    kind: DriftKind | None
    baseline: float | None = None

    @property
    def worse(self) -> bool:
        """The loss grew last, and to more than it was on the release's hold-out: a bad week that is over is no drift."""
        newest = self.changes[-1] if self.changes else None
        return newest is not None and newest.worse and (self.baseline is None or newest.after > self.baseline)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureSkew:
    """One feature as serving logged it and as the source has it: rows of both, and how many differ."""

    rows: int
    different: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Skew:
    """Logged features against the source's, joined row by row; `unmatched` logged rows are not in the source."""

    matched: int
    unmatched: int
    features: Mapping[str, FeatureSkew]


@dataclass(frozen=True, slots=True, kw_only=True)
class Separation:
    """How well a small model of all features together tells `rows` rows of a window from `reference_rows` of the training.

    `auc` is its cross-validated ROC AUC, 0.5 when it cannot; `p_value` that of ranks which are alike on both sides.
    """

    auc: float
    p_value: float
    reference_rows: int
    rows: int

    def reaches(self, cut: float, alpha: float) -> bool:
        """The AUC is at least the cut, and significant; NaN is neither."""
        return self.auc >= cut and self.p_value < alpha


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert of an Alertmanager payload."""

    name: str
    labels: Mapping[str, str]
    firing: bool
    starts_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One value of a range query."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The newest value of one series, and the labels that tell it from others."""

    labels: Mapping[str, str]
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRecord:
    """One training of a model as the ledger has it. `seconds` and `cost` are None where no price was declared.

    `digest` is of what it made; empty where it made nothing.
    """

    model: str
    at: datetime
    digest: str = ""
    seconds: float | None = None
    cost: float | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPull:
    """An open pull request of any model, and when the newest commit of its branch was made (None: the branch is gone)."""

    model: str
    environment: str
    digest: Digest
    number: int
    written: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A pull request was opened, as the ledger says."""

    model: str
    environment: str
    digest: Digest
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """All models' trainings, oldest first, and the models that have a change in flight (an open pull request).

    Of the `untold` models the ledger is broken, so they may have had more trainings than are known. `open` are the pull
    requests by number, `proposals` when they and others were opened, by time.
    """

    trainings: tuple[TrainingRecord, ...] = ()
    in_flight: frozenset[str] = frozenset()
    untold: frozenset[str] = frozenset()
    open: tuple[OpenPull, ...] = ()
    proposals: tuple[Proposed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A person asked for a retrain."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A person set a guard aside until a time, on the record."""

    guard: str
    at: datetime
    until: datetime
    by: str
    reason: str
