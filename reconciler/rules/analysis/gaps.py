"""What checks of shares and of means have in common: enough rows, the gap with its limits, both numbers in the message."""

from collections.abc import Sequence

from reconciler.domain.judgements import Judgement, unknown
from reconciler.domain.tallies import Share, Sums
from reconciler.rules.beside import MORE_ROWS, Beside, Claim
from reconciler.statistics.sequential import mean_gap, rows_needed, share_gap, smoothed, summed, variance

SharePairs = Sequence[tuple[Share, Share]]
SumsPairs = Sequence[tuple[Sums, Sums]]


def judge_shares(rule: str, beside: Beside, pairs: SharePairs, margin: float, *, fresh: int) -> Judgement:
    """Shares of hits that are bad; the rows that prove come from the live release's rate and the margin."""
    if (doubt := beside.too_few(rule, pairs)) is not None:
        return doubt
    mine, live = (_together([pair[side] for pair in pairs]) for side in (0, 1))
    rate = smoothed(live)
    claim = Claim(said=f"{_share(mine)} beside {_share(live)}", needed=rows_needed(rate * (1 - rate), margin))
    return beside.judge(rule, share_gap(pairs, margin, beside.trust), fresh, margin, claim)


def judge_means(rule: str, beside: Beside, pairs: SumsPairs, margin: float, *, fresh: int, better: str) -> Judgement:
    """Means of numbers of which more is worse, or, `better` being `higher`, less is; rows as for shares, from the variance."""
    if (doubt := beside.too_few(rule, pairs)) is not None:
        return doubt
    mine, live = (summed([pair[side] for pair in pairs]) for side in (0, 1))
    spread = min(variance(mine), variance(live))
    if not spread > 0:
        message = f"all numbers of a release are one (variance {spread:g}, above 0 needed), which tells nothing of the rest"
        return unknown(rule, "noSpread", message, remedy=MORE_ROWS)
    said = f"{_mean(mine)} beside {_mean(live)}, {better} is better, worse by"
    turned = [(one.others, other.others) for one, other in pairs] if better == "higher" else pairs
    claim = Claim(said=said, needed=rows_needed(variance(live), margin))
    return beside.judge(rule, mean_gap(turned, beside.trust), fresh, margin, claim)


def _together(shares: Sequence[Share]) -> Share:
    return Share(rows=sum(one.rows for one in shares), hits=sum(one.hits for one in shares))


def _share(share: Share) -> str:
    return f"{share.hits / share.rows:.4g} of {share.rows} rows"


def _mean(sums: Sums) -> str:
    return f"{float(sums.total / sums.rows):.6g} of {sums.rows} rows"
