"""Check `latency`: a quantile of the answering time is no longer than the live release's, at the load of the running stage."""

import math
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.tallies import Buckets
from reconciler.rules.analysis.check import CheckRule
from reconciler.rules.beside import MORE_ROWS, Beside, known_rule
from reconciler.statistics.bucketed import Quantile, quantile_ever


class LatencyCheck(CheckRule):
    """The quantile is surely less than `atMostTimes` the live release's, both counted in the same buckets."""

    type: Literal["latency"]
    quantile: Annotated[float, Field(ge=0.5, le=0.999)] = 0.95
    at_most_times: Annotated[float, Field(gt=1, le=100)] = 1.25
    """How many times the live release's it may be. Buckets that grow by more prove nothing."""

    def judge(self, beside: Beside) -> Judgement:
        """YES `notWorse`, NO `worse`, UNKNOWN `bucketsTooCoarse`, or when the rows do not tell.

        What is worse is told by the edges of buckets, which are sure; what is not worse by straight lines within them.
        """
        match beside.newest(self.key, Buckets):
            case Missing() as missing:
                return known_rule(self.type, missing)
            case mine, live if mine.edges != live.edges or not mine.edges:
                message = f"latency was counted in {len(mine.edges)} and {len(live.edges)} buckets, the same are needed"
                return unknown(self.type, "otherCounts", message, remedy="give both releases the same buckets")
            case mine, live:
                return beside.too_few(self.type, [(mine, live)]) or self._compare(beside, mine, live)

    def _compare(self, beside: Beside, mine: Buckets, live: Buckets) -> Judgement:
        trust = beside.stage_trust
        harm = [quantile_ever(one, self.quantile, trust.planned, trust.harm / 2) for one in (mine, live)]
        proof = [quantile_ever(one, self.quantile, trust.planned, trust.proof / 2) for one in (mine, live)]
        said = (
            f"p{100 * self.quantile:g} {_said(proof[0])} of {mine.rows} rows beside {_said(proof[1])} of {live.rows} rows, "
            f"at most {self.at_most_times:g} times as long"
        )
        growth = max(proof[0].growth, proof[1].growth)
        within = proof[0].upper < self.at_most_times * proof[1].lower and growth <= self.at_most_times
        if not all(map(math.isfinite, (proof[0].value, proof[0].lower, proof[1].value, proof[1].lower))) and not _worse(*harm):
            return unknown(
                self.type, "notANumber", f"{said}; beyond the last bucket, a number needed", remedy="add longer buckets"
            )
        if _worse(*harm) and not within:
            return no(self.type, "worse", said, remedy="a release that answers sooner: this one is not proposed again")
        if growth > self.at_most_times:
            told = f"{said}; the bucket grows {growth:.3g} times, at most {self.at_most_times:g} proves"
            return unknown(self.type, "bucketsTooCoarse", told, remedy="take narrower buckets around the quantile")
        return yes(self.type, "notWorse", said) if within else unknown(self.type, "undecided", said, remedy=MORE_ROWS)


def _worse(mine: Quantile, live: Quantile) -> bool:
    """Surely longer: even the least that its bucket can hold is more than the most that the live release's can."""
    return mine.low >= live.high and mine.low > 0


def _said(one: Quantile) -> str:
    return f"{one.value:.4g} s ({one.lower:.4g} to {one.upper:.4g})"
