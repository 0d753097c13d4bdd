"""Check `predictions`: the candidate answers are spread as those of the live release, up to a margin."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.judgements import Judgement, unknown
from reconciler.domain.known import Missing
from reconciler.domain.tallies import Buckets, Share
from reconciler.rules.analysis.check import CheckRule
from reconciler.rules.beside import MEASURE, Beside, Claim, known_rule
from reconciler.rules.combine import conjunction
from reconciler.statistics.sequential import rows_needed, share_gap, smoothed

BucketPairs = tuple[tuple[Buckets, Buckets], ...]


class Predictions(CheckRule):
    """In no bin, or class, is the share of answers more than `margin` larger or smaller than with the live release."""

    type: Literal["predictions"]
    margin: Annotated[float, Field(gt=0, le=0.5)] = 0.05
    """How much the share of one bin may differ: a new model may answer otherwise, but not by more."""

    def judge(self, beside: Beside) -> Judgement:
        """YES `notWorse`, NO `worse`, UNKNOWN when the rows do not tell."""
        match beside.pairs(self.key, Buckets):
            case Missing() as missing:
                return known_rule(self.type, missing)
            case pairs if len({(one.edges, len(one.counts)) for pair in pairs for one in pair}) > 1:
                message = "2 kinds of bins were counted, the same are needed"
                return unknown(self.type, "otherCounts", message, remedy=MEASURE)
            case pairs:
                return beside.too_few(self.type, pairs) or self._compare(beside, pairs)

    def _compare(self, beside: Beside, pairs: BucketPairs) -> Judgement:
        """Each bin both ways round. All must be proven, which needs no correction; the chance of harm is divided among them."""
        bins = len(pairs[0][0].counts)
        shared = replace(beside, trust=replace(beside.trust, harm=beside.trust.harm / (2 * bins)))
        judged = [self._bin(shared, pairs, index, turned=turned) for index in range(bins) for turned in (False, True)]
        answer = conjunction([one.answer for one in judged])
        worst = next(one for one in judged if one.answer is answer)
        agreeing = sum(one.answer is answer for one in judged)
        return replace(worst, message=f"{agreeing} of {len(judged)} say {answer}, the first: {worst.message}")

    def _bin(self, beside: Beside, pairs: BucketPairs, index: int, *, turned: bool) -> Judgement:
        shares = [(_in(mine, index), _in(live, index)) for mine, live in pairs]
        if turned:
            shares = [(mine.others, live.others) for mine, live in shares]
        rate = smoothed(_in(_whole([live for _, live in pairs]), index))
        way = "smaller" if turned else "larger"
        said = f"share of answers in bin {index}, {rate:.3g} live, {way}"
        claim = Claim(said=said, needed=rows_needed(rate * (1 - rate), self.margin), harm=self.margin)
        gap = share_gap(shares, self.margin, beside.trust, harmful_from=self.margin)
        return beside.judge(self.type, gap, beside.fresh_rows(self.key, Buckets), self.margin, claim)


def _in(buckets: Buckets, index: int) -> Share:
    return Share(rows=buckets.rows, hits=buckets.counts[index])


def _whole(buckets: list[Buckets]) -> Buckets:
    return Buckets(counts=tuple(map(sum, zip(*(one.counts for one in buckets), strict=True))))
