"""Check `errors`: requests that fail are no more frequent than those of the live release."""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.judgements import Judgement
from reconciler.domain.known import Missing
from reconciler.domain.tallies import Share
from reconciler.rules.analysis.check import CheckRule
from reconciler.rules.analysis.gaps import judge_shares
from reconciler.rules.beside import Beside, known_rule

Margin = Annotated[float, Field(gt=0, le=0.5)]


class Errors(CheckRule):
    """The share of requests that fail is surely less than `margin` above the live release's."""

    type: Literal["errors"]
    margin: Margin = 0.01
    """How much larger the share may be: 0.01 is one request in a hundred."""

    def judge(self, beside: Beside) -> Judgement:
        """YES `notWorse`, NO `worse`, UNKNOWN when the rows do not tell."""
        match beside.pairs(self.key, Share):
            case Missing() as missing:
                return known_rule(self.type, missing)
            case pairs:
                return judge_shares(self.type, beside, pairs, self.margin, fresh=beside.fresh_rows(self.key, Share))
