"""What is counted of one release over one stretch of time: counts and sums only, so that stretches add up exactly."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from reconciler.domain.known import Known, Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Of `rows` rows, `hits` are what is counted, such as requests that failed."""

    rows: int
    hits: int

    @property
    def possible(self) -> bool:
        """No more hits than rows, and neither below zero."""
        return 0 <= self.hits <= self.rows

    @property
    def others(self) -> "Share":
        """The rows that are not what is counted."""
        return Share(rows=self.rows, hits=self.rows - self.hits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The sum and the sum of squares of one number per row. Fractions, which add up the same in every order."""

    rows: int
    total: Fraction
    squares: Fraction

    @classmethod
    def of(cls, numbers: Iterable[float]) -> "Known[Sums]":
        """Count the numbers; Missing when one of them is none."""
        listed = list(numbers)
        broken = sum(not math.isfinite(number) for number in listed)
        if broken:
            return Missing(code="notANumber", why=f"{broken} of {len(listed)} numbers are not finite")
        exact = [Fraction(number) for number in listed]
        return cls(rows=len(exact), total=sum(exact, Fraction()), squares=sum((one * one for one in exact), Fraction()))

    @property
    def possible(self) -> bool:
        """Some numbers have this sum and these squares. Source: Cauchy's inequality."""
        return self.rows >= 0 and self.total * self.total <= self.rows * self.squares

    @property
    def others(self) -> "Sums":
        """The numbers with their signs turned."""
        return Sums(rows=self.rows, total=-self.total, squares=self.squares)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buckets:
    """Rows per bucket. With `edges`, ascending, bucket i holds edges[i-1] < x <= edges[i], and the last has no upper edge.

    Without edges the buckets are categories, in an order that all releases share. `counts` of edges is one longer than they are.
    """

    counts: tuple[int, ...]
    edges: tuple[float, ...] = ()

    @property
    def rows(self) -> int:
        """Rows in all buckets."""
        return sum(self.counts)

    @property
    def possible(self) -> bool:
        """No count is below zero, and edges ascend and fit."""
        fits = not self.edges or len(self.counts) == len(self.edges) + 1
        ascending = all(low < high for low, high in zip(self.edges, self.edges[1:], strict=False))
        return fits and ascending and min(self.counts, default=0) >= 0


Tally = Share | Sums | Buckets
NO_ROWS = Missing(code="notMeasured", why="it was measured in 0 windows, 1 needed")


def merged(tallies: Sequence[Known[Tally]]) -> Known[Tally]:
    """All of them together; Missing when one is, or when they do not count the same."""
    if not tallies:
        return NO_ROWS
    whole, *rest = tallies
    for one in rest:
        if isinstance(whole, Missing):
            return whole
        whole = one if isinstance(one, Missing) else _sum(whole, one)
    return whole


def _sum(first: Tally, second: Tally) -> Known[Tally]:
    match first, second:
        case Share(), Share():
            return Share(rows=first.rows + second.rows, hits=first.hits + second.hits)
        case Sums(), Sums():
            total, squares = first.total + second.total, first.squares + second.squares
            return Sums(rows=first.rows + second.rows, total=total, squares=squares)
        case Buckets(), Buckets() if first.edges == second.edges and len(first.counts) == len(second.counts):
            counts = tuple(a + b for a, b in zip(first.counts, second.counts, strict=True))
            return Buckets(counts=counts, edges=first.edges)
        case _:
            kinds = f"{type(first).__name__.lower()} of {first.rows} rows and {type(second).__name__.lower()} of {second.rows}"
            return Missing(code="otherCounts", why=f"windows were not counted alike: {kinds}")
