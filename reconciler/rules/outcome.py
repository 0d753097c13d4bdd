"""The number that an experiment is about, of two releases: a share of rows or a mean over them, turned so that more is worse."""

from dataclasses import dataclass

from reconciler.domain.known import Known, Missing
from reconciler.domain.tallies import Share, Sums
from reconciler.rules.beside import Beside
from reconciler.statistics.sequential import Gap, mean_gap, share_gap, summed, variance


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How much worse the candidate does, between its limits, and what was counted of both releases in all."""

    gap: Gap
    candidate: Share | Sums
    live: Share | Sums

    def __str__(self) -> str:
        """Both numbers with their rows, and what of them is sure."""
        sides = " beside ".join(f"{mean(one):.6g} of {one.rows} rows" for one in (self.candidate, self.live))
        return f"{sides}, worse by {self.gap.value:+.4g} ({self.gap.lower:+.4g} to {self.gap.upper:+.4g})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Which count it is, which way is better, and the differences that the two limits are to refute."""

    key: str
    better: str
    margin: float = 0.0
    harmful_from: float = 0.0


def outcome(beside: Beside, aim: Aim) -> Known[Outcome]:
    """The outcome of both; Missing when it was not counted, on too few rows, or without any spread."""
    shares = beside.pairs(aim.key, Share)
    if isinstance(shares, Missing):
        return _of_means(beside, aim) if shares.code == "impossible" else shares
    mine, live = (Share(rows=sum(pair[i].rows for pair in shares), hits=sum(pair[i].hits for pair in shares)) for i in (0, 1))
    if (doubt := _too_few(beside, mine, live)) is not None:
        return doubt
    turned = [(one.others, other.others) for one, other in shares] if aim.better == "higher" else shares
    gap = share_gap(turned, aim.margin, beside.trust, harmful_from=aim.harmful_from)
    return Outcome(gap=gap, candidate=mine, live=live)


def mean(counted: Share | Sums) -> float:
    """The rate or the mean; there must be a row."""
    match counted:
        case Share():
            return counted.hits / counted.rows
        case Sums():
            return float(counted.total / counted.rows)


def _of_means(beside: Beside, aim: Aim) -> Known[Outcome]:
    pairs = beside.pairs(aim.key, Sums)
    if isinstance(pairs, Missing):
        return pairs
    mine, live = (summed([pair[i] for pair in pairs]) for i in (0, 1))
    if (doubt := _too_few(beside, mine, live)) is not None:
        return doubt
    if not (least := min(variance(mine), variance(live))) > 0:
        return Missing(code="noSpread", why=f"all numbers of a release are one: variance {least:g}, above 0 needed")
    turned = [(one.others, other.others) for one, other in pairs] if aim.better == "higher" else pairs
    return Outcome(gap=mean_gap(turned, beside.trust), candidate=mine, live=live)


def _too_few(beside: Beside, mine: Share | Sums, live: Share | Sums) -> Missing | None:
    if min(mine.rows, live.rows) >= beside.minimum:
        return None
    why = f"{mine.rows} rows of the candidate, {live.rows} of the live release, {beside.minimum} of each needed"
    return Missing(code="tooFewRows", why=why)
