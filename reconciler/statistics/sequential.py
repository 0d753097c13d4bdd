"""How much worse one release is than another, with limits that hold at every look, however often and whenever one looks.

The limits are a confidence sequence by a one-sided normal mixture: they are broken ever, not at each look, in at most the chance
that is asked for. Sources: Robbins 1970, "Statistical methods related to the law of the iterated logarithm"; Howard, Ramdas,
McAuliffe and Sekhon 2021, "Time-uniform, nonparametric, nonasymptotic confidence sequences", section 3.3 (the mixture);
Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, "Time-uniform central limit theory and asymptotic confidence sequences"
(estimated variances).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reconciler.domain.tallies import Share, Sums

SharePair = tuple[Share, Share]
"""The candidate's and the live release's, over the same time."""
SumsPair = tuple[Sums, Sums]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """How often limits may be wrong: `harm` is the chance of the lower one, `proof` of the upper one, each over all looks.

    The limits are tightest when the candidate has `planned` rows.
    """

    harm: float
    proof: float
    planned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """How much worse the candidate is, and between what it lies; `rows` are of the one with fewer. Below 0 it is better."""

    value: float
    lower: float
    upper: float
    rows: int

    @property
    def is_number(self) -> bool:
        """Neither the gap nor a limit of it is NaN or infinite."""
        return all(map(math.isfinite, (self.value, self.lower, self.upper)))


def deviations_ever(rows: float, planned: float, chance: float) -> float:
    """How many standard errors a mean of `rows` rows strays to one side, at this look or any other, but for the chance.

    The mixing half-normal has variance 1/rho; with Phi(x) >= 1 - exp(-x^2 / 2) / 2 its boundary has the closed form below, a
    little outside the exact one. `rho` is where it is tightest at the planned rows (Howard et al., section 3.5).
    """
    sure = -2 * math.log(min(2 * chance, 1.0))
    rho = planned / (sure + math.log1p(sure))
    return math.sqrt((rows + rho) / rows * 2 * math.log(math.sqrt((rows + rho) / rho) / (2 * chance) + 0.5))


def rows_needed(variance: float, difference: float) -> int:
    """Rows of each release that tell a difference: 16 p (1 - p) / delta^2 of a share, whose variance is p (1 - p).

    Source: Lehr 1992, "Sixteen s-squared over d-squared: a relation for crude sample size estimates".
    """
    return math.ceil(16 * variance / difference**2)


def share_gap(pairs: Sequence[SharePair], margin: float, trust: Trust, *, harmful_from: float = 0.0) -> Gap:
    """The candidate's share less the live release's, of hits that are bad.

    `pairs` are stretches of time with constant weights each: they are compared one by one and then added up, weighted as by
    Mantel and Haenszel 1959, so that an hour with more traffic on one release and more errors on both tells nothing. The
    variances are those of the hypothesis that a limit refutes: `harmful_from` worse at most for the lower one, `margin` worse for
    the upper one. So a release with no error yet is not sure to have none. Rare hits are skewed: both limits have Bernstein's
    correction.
    """
    rests = _Weighing.of(pairs)
    value = rests.mean([_rate(mine) - _rate(live) for mine, live in pairs])
    low = rests.error([_harm_variances(mine, live, harmful_from) for mine, live in pairs])
    high = rests.error([_proof_variances(mine, live, margin) for mine, live in pairs])
    harm, proof = (deviations_ever(rests.total, trust.planned, chance) for chance in (trust.harm, trust.proof))
    lower = value - harm * low - harm**2 / 6 * rests.jump_of_candidate
    upper = value + proof * high + proof**2 / 6 * rests.jump_of_live
    return Gap(value=value, lower=lower, upper=upper, rows=rests.rows)


def mean_gap(pairs: Sequence[SumsPair], trust: Trust) -> Gap:
    """The candidate's mean less the live release's, of numbers of which more is worse; stretches are weighted as by `share_gap`.

    The variance of a row is that over all stretches, so what changes from one to the next makes the limits wider. It is never
    less than that of both releases together: where few customers order anything, a release that happened to have few orders has
    a small variance as well, and would look surely worse. They are asymptotic: of heavy tails they hold only for many rows.
    """
    rests = _Weighing.of(pairs)
    value = rests.mean([float(mine.total / mine.rows - live.total / live.rows) for mine, live in pairs])
    error = rests.error([_variances(pairs)] * len(pairs))
    harm, proof = (deviations_ever(rests.total, trust.planned, chance) for chance in (trust.harm, trust.proof))
    return Gap(value=value, lower=value - harm * error, upper=value + proof * error, rows=rests.rows)


def share_over(share: Share, bound: float, trust: Trust) -> Gap:
    """A share less a bound between 0 and 1 that is known; the limits are those of `share_gap`, of one release alone."""
    error = math.sqrt(bound * (1 - bound) / share.rows)
    value = share.hits / share.rows - bound
    harm, proof = (deviations_ever(share.rows, trust.planned, chance) for chance in (trust.harm, trust.proof))
    lower, upper = value - harm * error - harm**2 / 6 / share.rows, value + proof * error
    return Gap(value=value, lower=lower, upper=upper, rows=share.rows)


def variance(sums: Sums) -> float:
    """The unbiased variance of the numbers; NaN of fewer than two."""
    if sums.rows < 2:
        return math.nan
    return float((sums.squares - sums.total * sums.total / sums.rows) / (sums.rows - 1))


def summed(sums: Sequence[Sums]) -> Sums:
    """All of them as one."""
    return Sums(
        rows=sum(one.rows for one in sums),
        total=sum((one.total for one in sums), Fraction()),
        squares=sum((one.squares for one in sums), Fraction()),
    )


def smoothed(share: Share) -> float:
    """The rate of hits, never 0 or 1: (c + 0.5) / (n + 1)."""
    return (share.hits + 0.5) / (share.rows + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighing:
    """Stretches of time, weighted by what they tell: n m / (n + m) of n and m rows, the candidate's and the live release's."""

    sizes: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, pairs: Sequence[SharePair] | Sequence[SumsPair]) -> "_Weighing":
        """Each release must have a row in each pair. Raises ZeroDivisionError."""
        return cls(sizes=tuple((mine.rows, live.rows) for mine, live in pairs))

    @property
    def rows(self) -> int:
        return min(sum(n for n, _ in self.sizes), sum(m for _, m in self.sizes))

    @property
    def weights(self) -> tuple[float, ...]:
        return tuple(n * m / (n + m) for n, m in self.sizes)

    @property
    def total(self) -> float:
        return math.fsum(self.weights)

    @property
    def jump_of_candidate(self) -> float:
        """How far one row of the candidate can move the mean of shares."""
        return max(m / (n + m) for n, m in self.sizes) / self.total

    @property
    def jump_of_live(self) -> float:
        return max(n / (n + m) for n, m in self.sizes) / self.total

    def mean(self, values: Sequence[float]) -> float:
        return math.fsum(weight * value for weight, value in zip(self.weights, values, strict=True)) / self.total

    def error(self, variances: Sequence[tuple[float, float]]) -> float:
        """The standard error of that mean, from the variance of a row of each release in each stretch."""
        parts = zip(self.weights, self.sizes, variances, strict=True)
        return math.sqrt(math.fsum(w * w * (v / n + u / m) for w, (n, m), (v, u) in parts)) / self.total


def _variances(pairs: Sequence[SumsPair]) -> tuple[float, float]:
    mine, live = summed([mine for mine, _ in pairs]), summed([live for _, live in pairs])
    own, other = variance(mine), variance(live)
    both = (own * (mine.rows - 1) + other * (live.rows - 1)) / (mine.rows + live.rows - 2)
    return max(own, both), max(other, both)


def _rate(share: Share) -> float:
    return share.hits / share.rows


def _harm_variances(mine: Share, live: Share, harmful_from: float) -> tuple[float, float]:
    if harmful_from:
        return _proof_variances(mine, live, harmful_from)
    both = smoothed(Share(rows=mine.rows + live.rows, hits=mine.hits + live.hits))
    return both * (1 - both), both * (1 - both)


def _proof_variances(mine: Share, live: Share, margin: float) -> tuple[float, float]:
    """A rate above one half counts as one half: so more harm never makes the upper limit of harm smaller."""
    rate = smoothed(live)
    worse = min(max(smoothed(mine), rate + margin), 0.5)
    return worse * (1 - worse), rate * (1 - rate)
