"""Counts add up exactly, and what cannot be added is missing with the reason."""

from fractions import Fraction

from reconciler.domain.known import Missing
from reconciler.domain.tallies import NO_ROWS, Buckets, Share, Sums, merged
from tests.cases import each

GONE = Missing(code="gone", why="the monitoring is gone")


@each(
    ("tallies", "expected"),
    [
        ([Share(rows=3, hits=1), Share(rows=4, hits=2)], Share(rows=7, hits=3)),
        ([Sums.of([0.1, 0.2]), Sums.of([0.3])], Sums.of([0.3, 0.1, 0.2])),
        ([Buckets(counts=(1, 2), edges=(5.0,)), Buckets(counts=(3, 4), edges=(5.0,))], Buckets(counts=(4, 6), edges=(5.0,))),
        ([Share(rows=3, hits=1)], Share(rows=3, hits=1)),
        ([], NO_ROWS),
        ([Share(rows=3, hits=1), GONE], GONE),
        ([GONE, Share(rows=3, hits=1)], GONE),
    ],
)
def test_what_is_merged(tallies, expected):
    assert merged(tallies) == expected


@each(
    "other",
    [Sums.of([1.0]), Buckets(counts=(1, 2), edges=(6.0,)), Buckets(counts=(1, 2)), Buckets(counts=(1, 2, 3), edges=(5, 6))],
)
def test_what_was_counted_otherwise_is_missing(other):
    found = merged([Buckets(counts=(1, 2), edges=(5.0,)), other])
    assert isinstance(found, Missing)
    assert found.code == "otherCounts"
    assert "3 rows" in found.why


def test_sums_of_floats_are_exact():
    numbers = [0.1, 1e16, -1e16, 0.3]
    assert Sums.of(numbers).total == Fraction(0.1) + Fraction(0.3)
    assert Sums.of(numbers) == Sums.of(numbers[::-1])


@each(
    ("tally", "possible"),
    [
        (Share(rows=3, hits=3), True),
        (Share(rows=3, hits=4), False),
        (Share(rows=3, hits=-1), False),
        (Sums.of([1.0, 2.0]), True),
        (Sums(rows=2, total=Fraction(3), squares=Fraction(4)), False),
        (Sums(rows=0, total=Fraction(1), squares=Fraction(1)), False),
        (Buckets(counts=(1, 2), edges=(5.0,)), True),
        (Buckets(counts=(1, 2)), True),
        (Buckets(counts=(1, -2)), False),
        (Buckets(counts=(1, 2), edges=(5.0, 6.0)), False),
        (Buckets(counts=(1, 2, 3), edges=(6.0, 5.0)), False),
    ],
)
def test_impossible_counts_are_told(tally, possible):
    assert tally.possible is possible
