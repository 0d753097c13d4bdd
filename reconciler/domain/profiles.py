"""A profile: a few kilobytes that stand for the distribution of many rows."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Knots:
    """The distribution function at some 1,024 quantiles of the reference, exactly.

    `values` are K ascending numbers; `counts` has K + 1, and cell i holds values[i-1] < x <= values[i], the outer cells being
    open-ended. Where one value has mass the float just below it is a knot too, so that the left limit is known.
    `below` sums values[0] - x over the first cell and `above` x - values[-1] over the last. `origin` and `exponent` name the
    grid on which the knots stand and rows are counted (statistics.grid).
    """

    values: tuple[float, ...]
    counts: tuple[int, ...]
    below: float
    above: float
    origin: float
    exponent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NumericProfile:
    """Counts on the reference's quantile bins; the outer bins are open-ended.

    `edges` are the B - 1 inner edges, ascending; bin i holds edges[i-1] < x <= edges[i]. `counts` has B numbers.
    `minimum`, `maximum`, `mean` and `variance` are None when no value is present, the latter two also when no float holds them.
    `knots` is None in profiles that were made before there were any: then `ks` and `wassersteinIqr` cannot be told.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    missing: int
    minimum: float | None
    maximum: float | None
    mean: float | None
    variance: float | None
    knots: Knots | None = None

    @property
    def rows(self) -> int:
        """Rows seen, missing ones included."""
        return sum(self.counts) + self.missing

    @property
    def present(self) -> int:
        """Rows that hold a finite number."""
        return sum(self.counts)


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

    @property
    def present(self) -> int:
        """Rows that hold a category, known or not."""
        return sum(self.counts.values()) + self.unseen


FeatureProfile = NumericProfile | CategoricalProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The profiles of all features over the same rows."""

    rows: int
    features: Mapping[str, FeatureProfile]
