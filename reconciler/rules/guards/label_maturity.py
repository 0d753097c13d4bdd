"""Guard `labelMaturity`: rows that are old enough to have their label must have it, or only the quick ones are learnt."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from reconciler.domain.facts import ModelFacts
from reconciler.domain.judgements import Judgement, no, unknown, yes
from reconciler.domain.known import Missing
from reconciler.domain.live import Maturity
from reconciler.domain.needs import Lookback, MaturityNeed, Need
from reconciler.rules.base import Exemptible
from reconciler.rules.fields import Count, Duration, Share, duration_text


class LabelMaturity(Exemptible):
    """At least `share` of the rows in the window that ends a label delay ago have their label by now."""

    type: Literal["labelMaturity"]
    share: Annotated[Share, Field(gt=0)] = 0.9
    window: Duration = timedelta(days=14)
    minimum_rows: Count = 200
    """Fewer rows in the window are no answer."""

    def needs(self) -> frozenset[Need]:
        """The labels of the window."""
        return frozenset({self._need})

    @property
    def _need(self) -> MaturityNeed:
        return MaturityNeed(window=Lookback(length=self.window))

    def judge(self, facts: ModelFacts, now: datetime) -> Judgement:  # noqa: ARG002
        """YES when enough rows have their label; UNKNOWN when there are too few rows to tell."""
        match facts.live.maturity.get(self._need):
            case None:
                return self._too_little("notMeasured", "the labels of the window were not counted")
            case Missing(code=code, why=why):
                return self._too_little(code, why)
            case seen if seen.rows < self.minimum_rows:
                said = f"{seen.rows} rows in {duration_text(self.window)} of mature rows, {self.minimum_rows} needed"
                return self._too_little("insufficientData", said)
            case seen:
                return self._judge_share(seen)

    def _judge_share(self, seen: Maturity) -> Judgement:
        share = seen.labelled / seen.rows
        said = f"{seen.labelled} of {seen.rows} mature rows in {duration_text(self.window)} have their label ({share:.1%})"
        said += f", {self.share:.1%} needed"
        if share >= self.share:
            return yes(self.type, "labelsMature", said)
        return no(self.type, "labelsMissing", said, remedy="wait for the labels, or lengthen the dataset's label delay")

    def _too_little(self, code: str, why: str) -> Judgement:
        return unknown(self.type, code, why, remedy="make rows and labels readable, or take a longer window")
