"""Check `metric`: on rows whose label is known by now, the candidate does no worse than the live release."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from reconciler.domain.judgements import Judgement
from reconciler.domain.known import Missing
from reconciler.domain.metrics import METRICS
from reconciler.domain.tallies import Share, Sums
from reconciler.rules.analysis.check import CheckRule
from reconciler.rules.analysis.gaps import judge_means, judge_shares
from reconciler.rules.beside import Beside, known_rule
from reconciler.rules.choices import one_of

BY_ROW = ("accuracy", "brier", "logLoss", "mae")
"""The metrics that are a mean of one number per row: only these can be counted release by release and window by window."""

RowMetric = Annotated[str, AfterValidator(one_of(BY_ROW)), WithJsonSchema({"type": "string", "enum": list(BY_ROW)})]


class MetricCheck(CheckRule):
    """The metric of rows with mature labels is surely less than `margin` worse than the live release's."""

    type: Literal["metric"]
    metric: RowMetric
    margin: Annotated[float, Field(gt=0)]
    """How much worse it may be, in the metric's own unit."""

    @property
    def key(self) -> str:
        """One count per metric."""
        return f"{self.type}/{self.metric}"

    def judge(self, beside: Beside) -> Judgement:
        """YES `notWorse`, NO `worse`, UNKNOWN when the rows do not tell, such as while labels are immature."""
        if self.metric == "accuracy":
            return self._accuracy(beside)
        better = "higher" if METRICS[self.metric].higher_is_better else "lower"
        match beside.pairs(self.key, Sums):
            case Missing() as missing:
                return known_rule(self.type, missing)
            case pairs:
                fresh = beside.fresh_rows(self.key, Sums)
                return judge_means(self.metric, beside, pairs, self.margin, fresh=fresh, better=better)

    def _accuracy(self, beside: Beside) -> Judgement:
        """Hits are rows that were answered rightly, so the others are the harm."""
        match beside.pairs(self.key, Share):
            case Missing() as missing:
                return known_rule(self.type, missing)
            case pairs:
                wrong = [(mine.others, live.others) for mine, live in pairs]
                fresh = beside.fresh_rows(self.key, Share)
                return judge_shares(self.metric, beside, wrong, self.margin, fresh=fresh)
