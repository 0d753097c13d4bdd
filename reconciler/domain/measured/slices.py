"""How the candidate does on parts of the hold-out, and beside the champion on each."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.known import Known
from reconciler.domain.measured.comparison import NoBaseline
from reconciler.domain.names import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceValue:
    """The metric in one slice with its two-sided 95 % bootstrap interval.

    `rarest` are the rows that decide how far this can be believed: of the rarest class where the metric hangs on it, else all.
    """

    value: float
    low: float
    high: float
    rows: int
    rarest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceGain:
    """How much better the candidate is than the champion in one slice; positive is better, whatever the metric.

    `lower` is the one-sided 95 % bound of the paired bootstrap, `error` its standard error; `rarest` as above.
    """

    champion: float
    challenger: float
    gain: float
    lower: float
    error: float
    rows: int
    rarest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceGains:
    """The gains of all slices over one champion, on rows that neither model was trained on."""

    champion: Digest
    gains: Mapping[str, Known[SliceGain]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sliced:
    """The hold-out cut by one column, or by several crossed: slice to what the metric is there.

    `rows` counts the hold-out's rows of each slice, `left_out` the smallest slices where there are too many to measure them all.
    """

    columns: tuple[str, ...]
    metric: str
    rows: Mapping[str, int]
    measured: Mapping[str, Known[SliceValue]]
    gains: Known[SliceGains | NoBaseline]
    left_out: int = 0
