"""What a model leans on: how much worse its answers become when one feature at a time tells nothing any more."""

from collections.abc import Mapping
from dataclasses import dataclass

from reconciler.domain.known import Known
from reconciler.domain.measured.comparison import NoBaseline
from reconciler.domain.names import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranged:
    """A number with the two-sided 95 % of its bootstrap over rows."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """One feature's share of all importance, of the live model and of the candidate on identical rows, and the difference."""

    live: Ranged
    candidate: Ranged
    shift: Ranged


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The candidate beside the champion: the features that both have, whose shares add up to one for each model."""

    champion: Digest
    features: Mapping[str, Leaning]


@dataclass(frozen=True, slots=True, kw_only=True)
class Importance:
    """The shares of the candidate's features add up to one, or are all 0 when it leans on none."""

    rows: int
    shares: Mapping[str, Ranged]
    beside: Known[Beside | NoBaseline]
