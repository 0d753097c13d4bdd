"""A profile: a few kilobytes that stand for the distribution of many rows."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericProfile:
    """Counts on the reference's quantile bins; the outer bins are open-ended.

    `edges` are the B - 1 inner edges, ascending; bin i holds edges[i-1] < x <= edges[i]. `counts` has B numbers.
    `minimum`, `maximum`, `mean` and `variance` are None when no value is present.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    missing: int
    minimum: float | None
    maximum: float | None
    mean: float | None
    variance: float | None

    @property
    def rows(self) -> int:
        """Rows seen, missing ones included."""
        return sum(self.counts) + self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoricalProfile:
    """Counts per category known to the reference, and one count for all values that it has not seen."""

    counts: Mapping[str, int]
    unseen: int
    missing: int

    @property
    def rows(self) -> int:
        """Rows seen, missing and unseen ones included."""
        return sum(self.counts.values()) + self.unseen + self.missing


FeatureProfile = NumericProfile | CategoricalProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The profiles of all features over the same rows."""

    rows: int
    features: Mapping[str, FeatureProfile]
