"""Quantiles of a histogram as PromQL, with the edges of the buckets that hold them, which Prometheus does not tell. Pure.

A quantile in the last bucket, which has no end, or beyond all rows is none at all; Prometheus takes the last edge for the former.
So who asks for one asks `within`, too.
"""

from dataclasses import dataclass

_LAST = 'le!="+Inf"'
_LEAST = 1e-6
"""So little of a bucket that its quantile is the bucket's lower edge, to six digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """`every` is PromQL for the growth of all buckets, `finite` for that of those with an end, each by `le`; both counted up."""

    every: str
    finite: str

    @classmethod
    def of(cls, series: str, labels: str, window: str) -> "Histogram":
        """The buckets of the series with these labels, over the window."""
        every, finite = (f"sum by (le) (increase({series}{{{each}}}[{window}]))" for each in (labels, f"{labels},{_LAST}"))
        return cls(every=every, finite=finite)

    def limit(self, share: float, score: float) -> str:
        """So many standard errors above the share (below, if negative), and never below 0: its quantile is a quantile's limit."""
        return f"clamp_min({share} + {score} * sqrt({share * (1 - share):.6f} / max({self.every})), 0)"

    def quantile(self, share: str) -> str:
        """The quantile of a share (PromQL), on a straight line within its bucket."""
        return f"histogram_quantile(scalar({share}), {self.every})"

    def low(self, share: str) -> str:
        """The lower edge of the bucket that holds the quantile: with all rows in it, its very first."""
        return f"histogram_quantile({_LEAST}, {self._only(share)})"

    def high(self, share: str) -> str:
        """The upper edge of that bucket."""
        return f"histogram_quantile(1, {self._only(share)})"

    def within(self, share: str) -> str:
        """1 where the quantile is in a bucket that has an end, 0 where not."""
        return f"(max({self.finite}) >= bool {share} * max({self.every}))"

    def _only(self, share: str) -> str:
        """The histogram of a single row, in the bucket of the quantile."""
        return f"{self.every} >= bool scalar({share} * max({self.every}))"
