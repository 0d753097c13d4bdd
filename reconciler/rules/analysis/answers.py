"""Check `answers`: asked the same, the candidate seldom answers something else than the live release."""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.judgements import Judgement
from reconciler.domain.known import Missing
from reconciler.domain.tallies import Share
from reconciler.rules.analysis.check import CheckRule
from reconciler.rules.beside import Beside, Claim, known_rule
from reconciler.statistics.sequential import rows_needed, share_over


class Answers(CheckRule):
    """Of mirrored requests, the share whose two answers differ by more than `tolerance` is surely below `atMost`."""

    type: Literal["answers"]
    tolerance: Annotated[float, Field(ge=0)] = 0.1
    """How far two scores, or numbers, may lie apart and still be one answer; 0: they must be equal, as classes are."""
    at_most: Annotated[float, Field(gt=0, lt=1)] = 0.1
    """The share of requests that may be answered otherwise."""

    @property
    def key(self) -> str:
        """One count per tolerance."""
        return f"{self.type}/{self.tolerance:g}"

    def judge(self, beside: Beside) -> Judgement:
        """YES `notWorse`, NO `worse`, UNKNOWN when the rows do not tell. Both releases have the one count."""
        match beside.newest(self.key, Share):
            case Missing() as missing:
                return known_rule(self.type, missing)
            case mine, live:
                return beside.too_few(self.type, [(mine, live)]) or self._compare(beside, mine)

    def _compare(self, beside: Beside, mine: Share) -> Judgement:
        needed = rows_needed(self.at_most * (1 - self.at_most), self.at_most)
        said = f"{mine.hits / mine.rows:.4g} of {mine.rows} requests are answered otherwise, above {self.at_most:g} by"
        claim = Claim(said=said, needed=needed, words="less than")
        gap = share_over(mine, self.at_most, beside.trust)
        return beside.judge(self.type, gap, mine.rows, 0.0, claim)
