"""Check `businessMetric`: a number that the business looks at is no worse with the candidate than with the live release."""

from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.judgements import Judgement
from reconciler.domain.known import Missing
from reconciler.domain.tallies import Sums
from reconciler.rules.analysis.check import CheckRule
from reconciler.rules.analysis.gaps import judge_means
from reconciler.rules.beside import Beside, known_rule


class BusinessCheck(CheckRule):
    """The mean per request, or per customer, is surely less than `margin` worse than the live release's."""

    type: Literal["businessMetric"]
    metric: Annotated[str, Field(min_length=1)]
    """One of the model's `business` metrics."""
    better: Literal["higher", "lower"] = "higher"
    margin: Annotated[float, Field(gt=0)]
    """How much worse it may be, in the metric's own unit."""

    @property
    def key(self) -> str:
        """One count per metric."""
        return f"{self.type}/{self.metric}"

    def judge(self, beside: Beside) -> Judgement:
        """YES `notWorse`, NO `worse`, UNKNOWN when the rows do not tell."""
        match beside.pairs(self.key, Sums):
            case Missing() as missing:
                return known_rule(self.type, missing)
            case pairs:
                fresh = beside.fresh_rows(self.key, Sums)
                return judge_means(self.metric, beside, pairs, self.margin, fresh=fresh, better=self.better)
