"""What was measured of the data that a candidate was made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reconciler.domain.known import Known
from reconciler.domain.measured.comparison import NoBaseline
from reconciler.domain.names import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The result of the dataset contract's expectations on a snapshot: sentences on what failed, by severity.

    `failures` are the critical ones, as every expectation is that does not say otherwise.
    """

    evaluated: int
    failures: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    infos: tuple[str, ...] = ()


class SchemaChange(StrEnum):
    """What may be otherwise: columns than the dataset's contract says, features and label than the live model was made with."""

    MISSING_COLUMN = "missingColumn"
    RETYPED_COLUMN = "retypedColumn"
    NEW_FEATURE = "newFeature"
    REMOVED_FEATURE = "removedFeature"
    RETYPED_FEATURE = "retypedFeature"
    EMPTIED_FEATURE = "emptiedFeature"
    CHANGED_LABEL = "changedLabel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One change; `said` tells what was wanted or was before, and what is now."""

    kind: SchemaChange
    column: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownCategories:
    """`unknown` newer rows have a category that the live model has not learnt.

    `before` is the share of such rows among those that it was trained on itself: of a feature with very many categories it
    knows the frequent ones only.
    """

    unknown: int
    before: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSchema:
    """How the candidate differs from the champion in what goes in, and in what is predicted.

    `rows` are the candidate's that are newer than the champion's; values are compared on them, by feature.
    """

    champion: Digest
    rows: int
    changes: tuple[Changed, ...]
    categories: Mapping[str, UnknownCategories]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The columns of the snapshot against the dataset's contract (`breaches`) and against the live model."""

    columns: int
    breaches: tuple[Changed, ...]
    live: Known[LiveSchema | NoBaseline]


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyRows:
    """Rows on the whole UTC days of a range.

    `poorest` is the least of one day; `empty` are dates of days without rows whose weekday usually has some.
    """

    days: int
    poorest: int
    empty: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """How the rows of the snapshot are spread over time."""

    train: DailyRows
    holdout: DailyRows


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedRows:
    """`shared` of `rows` rows of the hold-out are in the training rows too, told by `by`.

    `chance` is the share that would be there anyway, because rows repeat each other: seen in `chance_rows` training rows.
    """

    by: str
    shared: int
    rows: int
    chance: float
    chance_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alone:
    """How much each feature alone tells of the target of `rows` rows of the hold-out, and how much the whole model.

    `measure` is `rocAuc` (of several classes the mean of each against the rest, by their rows) or `r2`.
    """

    measure: str
    rows: int
    model: float
    features: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leakage:
    """What of the hold-out, or of the future, the training could have seen.

    `known_after` are features that are known only after the event; `early_labels` counts training rows whose labels were not
    known when the hold-out began at `holdout_from`.
    """

    known_after: tuple[str, ...]
    early_labels: int
    holdout_from: datetime
    rows: SharedRows
    contents: SharedRows
    alone: Known[Alone]


SEGMENT_ROWS = 50
"""Days and categories of fewer rows are not looked at: their labels tell too little."""


class LabelTest(StrEnum):
    """In what way the labels of a segment are odd.

    `contradicted`: they contradict sure answers more often than elsewhere, whatever those say. `rate`: a class is more or less
    frequent, or a quantity larger or smaller, than expected. `constant`: all are the same though others were expected.
    `inverted`: they fall where they should rise. `burst`: many rows of one day are identical.
    """

    CONTRADICTED = "contradicted"
    RATE = "rate"
    CONSTANT = "constant"
    INVERTED = "inverted"
    BURST = "burst"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """One segment with odd labels, by the opinion of `by`: `champion`, or `crossFit` of the rows themselves.

    `excess` is by how much it is odd; `p_value` the chance of it, corrected for all that was tested (Holm); `distance` how many
    usual spreads it lies from its siblings.
    """

    test: LabelTest
    by: str
    segment: str
    rows: int
    observed: float
    expected: float
    excess: float
    p_value: float
    distance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NewerRows:
    """How many rows the champion gave its opinion of: those newer than its training."""

    champion: Digest
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelCheck:
    """The labels of `rows` rows, in `segments` segments that were large enough to be looked at; the oddest ones.

    `quantity`: the labels are numbers, and rates are means in usual errors.
    """

    rows: int
    quantity: bool
    segments: int
    live: Known[NewerRows | NoBaseline]
    suspects: tuple[Suspect, ...]
